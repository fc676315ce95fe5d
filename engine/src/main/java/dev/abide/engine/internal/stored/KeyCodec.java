package dev.abide.engine.internal.stored;

import dev.abide.engine.spi.Codec;
import dev.abide.engine.spi.EnumCodec;
import dev.abide.engine.spi.Form;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * Keys of maps as bytes whose unsigned order is the keys' order. The forms are final.
 *
 * <ul>
 *   <li>{@code String}: its UTF-8 bytes
 *   <li>{@code Integer}, {@code Long}: big-endian, the sign bit flipped, so that negative ones come
 *       first
 *   <li>{@code UUID}: its 16 bytes, so the order is that of its text
 *   <li>{@code Instant}: seconds as a {@code Long}, nanoseconds in four bytes
 *   <li>{@code LocalDate}: the epoch day as a {@code Long}
 *   <li>{@code @Stored} enums: the constant's number in four bytes
 * </ul>
 */
public final class KeyCodec<K> {
  private static final Map<Class<?>, KeyCodec<?>> ALL =
      Map.of(
          String.class, new KeyCodec<>("String", KeyCodec::utf8, KeyCodec::text),
          Integer.class,
              new KeyCodec<Integer>(
                  "Integer",
                  key -> ByteBuffer.allocate(4).putInt(key ^ Integer.MIN_VALUE).array(),
                  bytes -> exactly(4, bytes).getInt() ^ Integer.MIN_VALUE),
          Long.class,
              new KeyCodec<Long>("Long", KeyCodec::ordered, bytes -> unordered(exactly(8, bytes))),
          UUID.class,
              new KeyCodec<UUID>(
                  "UUID",
                  key ->
                      ByteBuffer.allocate(16)
                          .putLong(key.getMostSignificantBits())
                          .putLong(key.getLeastSignificantBits())
                          .array(),
                  bytes -> {
                    ByteBuffer in = exactly(16, bytes);
                    return new UUID(in.getLong(), in.getLong());
                  }),
          Instant.class,
              new KeyCodec<Instant>(
                  "Instant",
                  key ->
                      ByteBuffer.allocate(12)
                          .putLong(key.getEpochSecond() ^ Long.MIN_VALUE)
                          .putInt(key.getNano())
                          .array(),
                  bytes -> {
                    ByteBuffer in = exactly(12, bytes);
                    return Instant.ofEpochSecond(unordered(in), in.getInt());
                  }),
          LocalDate.class,
              new KeyCodec<LocalDate>(
                  "LocalDate",
                  key -> ordered(key.toEpochDay()),
                  bytes -> LocalDate.ofEpochDay(unordered(exactly(8, bytes)))));

  private final Form form;
  private final Function<K, byte[]> encode;
  private final Function<byte[], K> decode;

  private KeyCodec(String name, Function<K, byte[]> encode, Function<byte[], K> decode) {
    this(new Form.Scalar(name), encode, decode);
  }

  private KeyCodec(Form form, Function<K, byte[]> encode, Function<byte[], K> decode) {
    this.form = form;
    this.encode = encode;
    this.decode = decode;
  }

  /**
   * The codec of a type of keys.
   *
   * @throws IllegalArgumentException if maps cannot have such keys
   */
  public static <K> KeyCodec<K> forClass(Class<K> type) {
    @SuppressWarnings("unchecked") // entered above under its own class
    KeyCodec<K> codec = (KeyCodec<K>) ALL.get(type);
    if (codec != null) {
      return codec;
    }
    if (type.isEnum()) {
      Codec<K> generated = GeneratedCodecs.find(type);
      if (generated instanceof EnumCodec<?> constants) {
        return ofConstants(constants);
      }
      throw new IllegalArgumentException(
          type.getName()
              + " cannot be the key of a stored map: it has no codec. "
              + GeneratedCodecs.remedy(type));
    }
    throw new IllegalArgumentException(
        type.getName()
            + " cannot be the key of a stored map; use String, Integer, Long, UUID, Instant, LocalDate"
            + " or a @Stored enum");
  }

  @SuppressWarnings("unchecked") // K is the enum that the codec is of
  private static <K, E extends Enum<E>> KeyCodec<K> ofConstants(EnumCodec<E> constants) {
    return (KeyCodec<K>)
        new KeyCodec<E>(
            constants.form(),
            key -> ByteBuffer.allocate(4).putInt(constants.number(key)).array(),
            bytes -> constants.constant(exactly(4, bytes).getInt()));
  }

  /** What the keys are. */
  public Form form() {
    return form;
  }

  /** The key's bytes. */
  public byte[] encode(K key) {
    return encode.apply(key);
  }

  /**
   * The key of the bytes.
   *
   * @throws IllegalArgumentException if they are none
   */
  public K decode(byte[] bytes) {
    try {
      return decode.apply(bytes);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Whether the keys are texts. */
  boolean isText() {
    return this == ALL.get(String.class);
  }

  /** The bytes of a text that has a UTF-8 form. */
  static byte[] utf8(String text) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "a key or name has an unpaired surrogate, so it has no UTF-8 form", e);
    }
  }

  private static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("it is not well-formed UTF-8", e);
    }
  }

  private static byte[] ordered(long number) {
    return ByteBuffer.allocate(8).putLong(number ^ Long.MIN_VALUE).array();
  }

  private static long unordered(ByteBuffer in) {
    return in.getLong() ^ Long.MIN_VALUE;
  }

  private static ByteBuffer exactly(int count, byte[] bytes) {
    if (bytes.length != count) {
      throw new IllegalArgumentException("it has " + bytes.length + " bytes instead of " + count);
    }
    return ByteBuffer.wrap(bytes);
  }
}
