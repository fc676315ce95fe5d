package dev.abide.data;

import dev.abide.engine.internal.schema.Schema;
import dev.abide.engine.internal.schema.Schema.Part;
import dev.abide.engine.internal.store.AlarmIndex;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a value lies in an object: a cell, a key of a map, an alarm.
 *
 * @param kind {@code cell}, {@code map} or {@code alarm}
 * @param head what schema records find it by
 * @param key of a map the key's bytes
 */
@SuppressWarnings("ArrayRecordComponent")
record Place(String kind, String name, byte[] head, byte[] key) {
  private static final int HEAD_BYTES = 3;

  static Place of(byte[] storageKey) {
    if (storageKey.length < HEAD_BYTES) {
      return new Place("key", HexFormat.of().formatHex(storageKey), storageKey, new byte[0]);
    }
    int behind =
        Math.min(
            storageKey.length,
            HEAD_BYTES + Short.toUnsignedInt(ByteBuffer.wrap(storageKey).getShort(1)));
    String kind =
        switch (storageKey[0]) {
          case 1 -> "cell";
          case 2 -> "map";
          case AlarmIndex.TAG -> "alarm";
          default -> "key";
        };
    return new Place(
        kind,
        new String(storageKey, HEAD_BYTES, behind - HEAD_BYTES, StandardCharsets.UTF_8),
        Arrays.copyOf(storageKey, behind),
        Arrays.copyOfRange(storageKey, behind, storageKey.length));
  }

  boolean isMap() {
    return kind.equals("map");
  }

  /** The key of a map as text, by the first schema that fits; else its bytes. */
  String keyText(List<Schema> schemas) {
    String text = text(schemas);
    return text == null ? "0x" + HexFormat.of().formatHex(key) : text;
  }

  /** The same; null if no schema fits. */
  @Nullable String text(List<Schema> schemas) {
    for (Schema schema : schemas) {
      if (schema.root() instanceof Part.MapOf(Part part, Part _)) {
        String text = MapKeys.text(schema, part, key);
        if (text != null) {
          return text;
        }
      }
    }
    return null;
  }
}
