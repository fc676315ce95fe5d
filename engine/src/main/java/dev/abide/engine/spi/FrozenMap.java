package dev.abide.engine.spi;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A map that nobody can change, in insertion order; {@code Map.copyOf} would shuffle it. It is the
 * only holder of what is behind it, which is why a copier need not copy it again.
 */
final class FrozenMap<K, V> extends AbstractMap<K, V> {
  private final Map<K, V> entries;

  /** Takes the map over: the caller forgets it. */
  FrozenMap(SequencedMap<K, V> entries) {
    this.entries = Collections.unmodifiableMap(entries);
  }

  @Override
  public Set<Map.Entry<K, V>> entrySet() {
    return entries.entrySet();
  }

  @Override
  public @Nullable V get(@Nullable Object key) {
    return entries.get(key);
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return entries.containsKey(key);
  }
}
