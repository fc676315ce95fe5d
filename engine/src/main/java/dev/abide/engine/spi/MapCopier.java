package dev.abide.engine.spi;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** Freezes maps, keeping the order in which they iterate. */
final class MapCopier<K, V> implements Copier<Map<K, V>> {
  private static final Class<?> SHORT = Map.of(1, 1).getClass();
  private static final Class<?> LONG = Map.of(1, 1, 2, 2).getClass();

  private final Copier<K> key;
  private final Copier<V> value;
  private final boolean deep;

  @SuppressWarnings("ReferenceEquality") // the same instance is the question here
  MapCopier(Copier<K> key, Copier<V> value) {
    this.key = key;
    this.value = value;
    this.deep = key != Copies.<K>asIs() || value != Copies.<V>asIs();
  }

  @Override
  public Map<K, V> copy(Map<K, V> map, StubCheck stubs, String what) {
    Class<?> type = map.getClass();
    boolean immutable = type == FrozenMap.class || type == SHORT || type == LONG;
    return immutable && (!deep || same(map, stubs, what)) ? map : frozen(map, stubs, what);
  }

  @SuppressWarnings("ReferenceEquality") // the same instance is the question here
  private boolean same(Map<K, V> map, StubCheck stubs, String what) {
    for (Map.Entry<K, V> entry : map.entrySet()) {
      K oldKey = entry.getKey();
      V oldValue = entry.getValue();
      if (copyPart(key, oldKey, "[key]", stubs, what) != oldKey
          || copyPart(value, oldValue, "[value]", stubs, what) != oldValue) {
        return false;
      }
    }
    return true;
  }

  private Map<K, V> frozen(Map<K, V> map, StubCheck stubs, String what) {
    SequencedMap<K, V> copy = new LinkedHashMap<>();
    for (Map.Entry<K, V> entry : map.entrySet()) {
      copy.put(
          copyPart(key, entry.getKey(), "[key]", stubs, what),
          copyPart(value, entry.getValue(), "[value]", stubs, what));
    }
    return new FrozenMap<>(copy);
  }

  private static <P> P copyPart(
      Copier<P> copier, P part, String place, StubCheck stubs, String what) {
    if (part == null) {
      throw new NullPart(what, place);
    }
    try {
      return copier.copy(part, stubs, what);
    } catch (NullPart failure) {
      throw failure.inside(place);
    }
  }
}
