package dev.abide.engine;

/**
 * An object's private, ordered key-value disk: named cells and named maps.
 *
 * <p>What a turn writes commits when the turn returns, all of it, or none if the turn throws. Reads
 * see the turn's own writes. Values are encoded when they are written and decoded when they are
 * read, so nothing that is changed afterwards changes storage.
 *
 * <p>Threading: in the object's own turns and in its constructor; elsewhere {@link
 * IllegalStateException}. Handles are made once, in the constructor.
 *
 * <p>Errors: {@link LimitException} for a name over 2,048 bytes, a key over 2,048 bytes, a value or
 * a turn over its bound; {@link IllegalArgumentException} for a type without a codec; {@link
 * StorageException} if stored bytes cannot be read as the type.
 */
public interface Storage {
  /** One value under this name. Cells and maps may share a name: they never meet. */
  <T> Cell<T> cell(String name, Class<T> type);

  /** One value; {@code initial} is the answer while nothing is set, and is never written. */
  <T> Cell<T> cell(String name, Class<T> type, T initial);

  /** One value of a composed type. */
  <T> Cell<T> cell(String name, StoredType<T> type);

  /** One value of a composed type; {@code initial} is the answer while nothing is set. */
  <T> Cell<T> cell(String name, StoredType<T> type, T initial);

  /** An ordered map under this name. */
  <K, V> StoredMap<K, V> map(String name, Class<K> key, Class<V> value);

  /** An ordered map with values of a composed type. */
  <K, V> StoredMap<K, V> map(String name, Class<K> key, StoredType<V> value);

  /** Removes all cells and maps. */
  void clear();
}
