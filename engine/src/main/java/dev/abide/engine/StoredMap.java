package dev.abide.engine;

import java.util.Optional;
import java.util.function.BinaryOperator;

/**
 * A stored map in the order of its keys: strings by their UTF-8 bytes, numbers by value, UUIDs by
 * their text, instants and dates by time, enums by their stored number. As a slice it is the whole
 * of itself.
 */
public interface StoredMap<K, V> extends Slice<K, V> {
  /** The value of the key. */
  Optional<V> find(K key);

  /** The value of the key, or {@code otherwise}. */
  V get(K key, V otherwise);

  /** Sets the value of the key. */
  void put(K key, V value);

  /** Removes the key; true if it was there. */
  boolean remove(K key);

  /** Whether the key is there. */
  boolean contains(K key);

  /**
   * Sets the value to {@code value} if the key is new, else to what the function makes of old and
   * new; returns what is set.
   */
  V merge(K key, V value, BinaryOperator<V> combine);
}
