package dev.abide.engine;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A part of a stored map, in order. Reads nothing until its last method, sees the turn's own
 * writes, and is valid in its turn only.
 *
 * <p>Bounds and prefix speak of key order wherever {@link #reversed()} stands, and intersect;
 * {@link #limit} applies last, and the smallest counts.
 */
public interface Slice<K, V> {
  /** Keys from this one on, itself included. */
  Slice<K, V> from(K key);

  /** Keys behind this one. */
  Slice<K, V> after(K key);

  /** Keys before this one. */
  Slice<K, V> before(K key);

  /**
   * Keys that begin with the text.
   *
   * @throws IllegalArgumentException if the keys are not strings
   */
  Slice<K, V> prefix(String text);

  /** The other way round. */
  Slice<K, V> reversed();

  /**
   * At most so many.
   *
   * @throws IllegalArgumentException if {@code n} is below 1
   */
  Slice<K, V> limit(long n);

  /** The keys, as a list that does not change. */
  List<K> keys();

  /** The values, as a list that does not change. */
  List<V> values();

  /** Keys and values, as a list that does not change. */
  List<Map.Entry<K, V>> entries();

  /** Keys and values, read as they are taken. */
  Stream<Map.Entry<K, V>> stream();

  /** Whether there is nothing. */
  boolean isEmpty();

  /**
   * Removes what the bounds include.
   *
   * @throws IllegalStateException on a slice with a limit
   */
  void clear();
}
