package dev.abide.data;

import dev.abide.engine.internal.schema.Schema;
import dev.abide.engine.internal.schema.Schema.Part;
import dev.abide.engine.internal.stored.StorageKeys;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One entry of an object as a line of an export. Keys and values stand there as JSON if the import
 * makes the same bytes of it again, else as bytes in base 64, so nothing is lost on the way.
 *
 * @param key the whole storage key
 */
@SuppressWarnings("ArrayRecordComponent")
record EntryLine(String type, String id, byte[] key, byte[] value) {
  private static final Set<String> FIELDS =
      Set.of("type", "id", "cell", "map", "alarm", "raw", "key", "keyBytes", "value", "bytes");

  /** What the type's cells and maps hold, by the beginnings of their keys. */
  interface Schemas extends Function<String, Map<byte[], List<Schema>>> {}

  /** The line. */
  String text(Schemas schemas) {
    Place place = Place.of(key);
    List<Schema> known = schemas.apply(type).getOrDefault(place.head(), List.of());
    String keyText = place.isMap() ? place.text(known) : null;
    Object read =
        place.kind().equals("cell") || place.isMap()
            ? Values.find(known, place.isMap(), value)
            : null;
    for (boolean plainKey : keyText == null ? List.of(false) : List.of(true, false)) {
      if (read != null) {
        String line = Verb.text(fields(place, plainKey ? keyText : null, read));
        if (isExact(line, schemas)) {
          return line;
        }
      }
      String line = Verb.text(fields(place, plainKey ? keyText : null, null));
      if (isExact(line, schemas)) {
        return line;
      }
    }
    // A key that no handle makes: bytes as they are, whatever they mean.
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", type);
    fields.put("id", id);
    fields.put("raw", base64(key));
    fields.put("bytes", base64(value));
    return Verb.text(fields);
  }

  private Map<String, Object> fields(
      Place place, @Nullable String keyText, @Nullable Object valueRead) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", type);
    fields.put("id", id);
    if (place.kind().equals("key")) {
      fields.put("raw", base64(key));
    } else {
      fields.put(place.kind(), place.name());
    }
    if (place.isMap()) {
      fields.put(
          keyText == null ? "keyBytes" : "key", keyText == null ? base64(place.key()) : keyText);
    }
    fields.put(
        valueRead == null ? "bytes" : "value", valueRead == null ? base64(value) : valueRead);
    return fields;
  }

  private boolean isExact(String line, Schemas schemas) {
    try {
      EntryLine again = parse(Verb.json(line), schemas);
      return Arrays.equals(key, again.key) && Arrays.equals(value, again.value);
    } catch (IllegalArgumentException e) {
      // This form is not for this entry; there is one left that always is.
      return false;
    }
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException if it is none, with the reason
   */
  static EntryLine parse(JsonNode line, Schemas schemas) {
    for (String field : line.propertyNames()) {
      if (!FIELDS.contains(field)) {
        throw new IllegalArgumentException(
            "there is a field \"" + field + "\", which means nothing");
      }
    }
    refuseBoth(line, List.of("raw", "cell", "map", "alarm"));
    refuseBoth(line, List.of("key", "keyBytes"));
    refuseBoth(line, List.of("value", "bytes"));
    String type = text(line, "type");
    String id = text(line, "id");
    if (line.has("raw")) {
      return new EntryLine(type, id, bytes(line, "raw"), bytes(line, "bytes"));
    }
    if (line.has("alarm")) {
      return new EntryLine(type, id, StorageKeys.alarm(text(line, "alarm")), bytes(line, "bytes"));
    }
    boolean isMap = line.has("map");
    byte[] head = isMap ? StorageKeys.map(text(line, "map")) : StorageKeys.cell(text(line, "cell"));
    List<Schema> known = schemas.apply(type).getOrDefault(head, List.of());
    return new EntryLine(
        type, id, isMap ? mapKey(line, head, known) : head, value(line, isMap, known));
  }

  private static void refuseBoth(JsonNode line, List<String> fields) {
    List<String> there = fields.stream().filter(line::has).toList();
    if (there.size() > 1) {
      throw new IllegalArgumentException(
          "it has both \""
              + there.get(0)
              + "\" and \""
              + there.get(1)
              + "\"; one of them means nothing");
    }
  }

  private static byte[] mapKey(JsonNode line, byte[] head, List<Schema> known) {
    byte[] own;
    if (line.has("keyBytes")) {
      own = bytes(line, "keyBytes");
    } else {
      String text = text(line, "key");
      own =
          first(
              known,
              "the key \"" + text + "\"",
              schema ->
                  schema.root() instanceof Part.MapOf(Part part, Part _)
                      ? MapKeys.bytes(schema, part, text)
                      : null);
    }
    return ByteBuffer.allocate(head.length + own.length).put(head).put(own).array();
  }

  private static byte[] value(JsonNode line, boolean isMap, List<Schema> known) {
    JsonNode value = line.get("value");
    return value == null
        ? bytes(line, "bytes")
        : first(
            known,
            "the value",
            schema -> Encoding.encode(schema, Values.valuePart(schema, isMap), value));
  }

  /** What the first schema that knows such a thing makes of it. */
  private static byte[] first(
      List<Schema> known, String what, Function<Schema, byte @Nullable []> encoded) {
    String why = "no schema line before it says what it is";
    for (Schema schema : known) {
      try {
        byte[] bytes = encoded.apply(schema);
        if (bytes != null) {
          return bytes;
        }
      } catch (RuntimeException e) {
        // An older schema may know it; the reason of the newest one is told.
        why = known.getFirst().equals(schema) ? String.valueOf(e.getMessage()) : why;
      }
    }
    throw new IllegalArgumentException(what + " cannot be stored: " + why);
  }

  static String text(JsonNode line, String field) {
    JsonNode value = line.get(field);
    if (value == null || !value.isString()) {
      throw new IllegalArgumentException("it has no text in \"" + field + "\"");
    }
    return Objects.requireNonNull(value.stringValue());
  }

  static byte[] bytes(JsonNode line, String field) {
    try {
      return Base64.getDecoder().decode(text(line, field));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "what \"" + field + "\" has is not base 64: " + e.getMessage(), e);
    }
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
