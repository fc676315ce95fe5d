package dev.abide.data;

import dev.abide.engine.internal.schema.Schema;
import dev.abide.engine.internal.schema.Schema.Part;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Keys of maps of storage as text and back, by one schema; their order is that of the bytes. */
final class MapKeys {
  private MapKeys() {}

  /** The text of a key; null if the schema does not fit. */
  static @Nullable String text(Schema schema, Part part, byte[] key) {
    ByteBuffer in = ByteBuffer.wrap(key);
    if (part instanceof Part.Of of) {
      return key.length == Integer.BYTES ? constant(schema, of, in.getInt()) : null;
    }
    if (!(part instanceof Part.Scalar(String type))) {
      return null;
    }
    return switch (type + key.length) {
      case "Integer4" -> "" + (in.getInt() ^ Integer.MIN_VALUE);
      case "Long8" -> "" + (in.getLong() ^ Long.MIN_VALUE);
      case "UUID16" -> new UUID(in.getLong(), in.getLong()).toString();
      case "Instant12" -> instant(in.getLong() ^ Long.MIN_VALUE, in.getInt());
      case "LocalDate8" -> date(in.getLong() ^ Long.MIN_VALUE);
      default -> type.equals("String") ? utf8(key) : null;
    };
  }

  /**
   * The bytes of a key.
   *
   * @throws RuntimeException of some kind, with a message, if the text is no such key
   */
  static byte[] bytes(Schema schema, Part part, String text) {
    if (part instanceof Part.Of of
        && schema.type(of) instanceof Schema.Type.OfEnum(String name, var constants)) {
      for (Schema.Constant constant : constants) {
        if (constant.name().equals(text)) {
          return ByteBuffer.allocate(4).putInt(constant.number()).array();
        }
      }
      throw new IllegalArgumentException(name + " has no constant " + text);
    }
    return switch (part) {
      case Part.Scalar(String type) when type.equals("Integer") ->
          ByteBuffer.allocate(4).putInt(Integer.parseInt(text) ^ Integer.MIN_VALUE).array();
      case Part.Scalar(String type) when type.equals("Long") ->
          ByteBuffer.allocate(8).putLong(Long.parseLong(text) ^ Long.MIN_VALUE).array();
      case Part.Scalar(String type) when type.equals("UUID") -> {
        UUID uuid = UUID.fromString(text);
        yield ByteBuffer.allocate(16)
            .putLong(uuid.getMostSignificantBits())
            .putLong(uuid.getLeastSignificantBits())
            .array();
      }
      case Part.Scalar(String type) when type.equals("Instant") -> {
        Instant instant = Instant.parse(text);
        yield ByteBuffer.allocate(12)
            .putLong(instant.getEpochSecond() ^ Long.MIN_VALUE)
            .putInt(instant.getNano())
            .array();
      }
      case Part.Scalar(String type) when type.equals("LocalDate") ->
          ByteBuffer.allocate(8)
              .putLong(LocalDate.parse(text).toEpochDay() ^ Long.MIN_VALUE)
              .array();
      case Part.Scalar(String type) when type.equals("String") ->
          text.getBytes(StandardCharsets.UTF_8);
      default -> throw new IllegalArgumentException("this release knows no keys of such a type");
    };
  }

  private static @Nullable String constant(Schema schema, Part.Of of, int number) {
    if (schema.type(of) instanceof Schema.Type.OfEnum(String _, var constants)) {
      for (Schema.Constant constant : constants) {
        if (constant.number() == number) {
          return constant.name();
        }
      }
    }
    return null;
  }

  private static @Nullable String instant(long seconds, int nanos) {
    boolean possible =
        Instant.MIN.getEpochSecond() <= seconds && seconds <= Instant.MAX.getEpochSecond();
    return possible ? Instant.ofEpochSecond(seconds, nanos).toString() : null;
  }

  private static @Nullable String date(long day) {
    boolean possible = LocalDate.MIN.toEpochDay() <= day && day <= LocalDate.MAX.toEpochDay();
    return possible ? LocalDate.ofEpochDay(day).toString() : null;
  }

  private static @Nullable String utf8(byte[] key) {
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key));
      return text.toString();
    } catch (CharacterCodingException e) {
      // Another type's key, or another tool's: it is shown as bytes.
      return null;
    }
  }
}
