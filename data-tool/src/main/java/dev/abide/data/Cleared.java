package dev.abide.data;

import dev.abide.engine.internal.schema.Schema;
import dev.abide.engine.internal.store.AlarmIndex;
import dev.abide.engine.internal.store.KeyRange;
import dev.abide.engine.internal.stored.StorageKeys;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a commit took away by a range of keys, by the names that the application knows it under. */
final class Cleared {
  private Cleared() {}

  /**
   * Says it.
   *
   * @param to the first key behind the range, null if it has no end
   */
  static Map<String, Object> fact(
      Map<byte[], List<Schema>> schemas, byte[] from, byte @Nullable [] to) {
    if (from.length == 0 && to == null) {
      return Map.of("cleared", "object");
    }
    if (is(StorageKeys.cellsAndMaps().getFirst(), from, to)) {
      return Map.of("cleared", "cells and maps");
    }
    if (is(AlarmIndex.ALARMS, from, to)) {
      return Map.of("cleared", "alarms");
    }
    Place first = Place.of(from);
    KeyRange map = StorageKeys.all(first.head());
    boolean toItsEnd = Arrays.equals(map.to(), to);
    Map<String, Object> fact = new LinkedHashMap<>();
    if (first.isMap() && (toItsEnd || beginsWith(to, first.head()))) {
      fact.put("map", first.name());
      fact.put("cleared", is(map, from, to) ? "all" : "part");
      List<Schema> known = schemas.getOrDefault(first.head(), List.of());
      if (first.key().length > 0) {
        addFrom(fact, first, known);
      }
      if (!toItsEnd && to != null) {
        fact.put("before", Place.of(to).keyText(known));
      }
      return fact;
    }
    fact.put("cleared", "keys");
    fact.put("from", hex(from));
    if (to != null) {
      fact.put("before", hex(to));
    }
    return fact;
  }

  /** The least key behind another one is that one and a zero. */
  private static void addFrom(Map<String, Object> fact, Place first, List<Schema> known) {
    byte[] key = first.key();
    if (key[key.length - 1] == 0) {
      byte[] shorter = Arrays.copyOf(key, key.length - 1);
      String text = new Place(first.kind(), first.name(), first.head(), shorter).text(known);
      if (text != null) {
        fact.put("after", text);
        return;
      }
    }
    fact.put("from", first.keyText(known));
  }

  private static boolean is(KeyRange range, byte[] from, byte @Nullable [] to) {
    return Arrays.equals(range.from(), from) && Arrays.equals(range.to(), to);
  }

  private static boolean beginsWith(byte @Nullable [] key, byte[] beginning) {
    return key != null
        && key.length >= beginning.length
        && Arrays.equals(key, 0, beginning.length, beginning, 0, beginning.length);
  }

  private static String hex(byte[] key) {
    return "0x" + HexFormat.of().formatHex(key);
  }
}
