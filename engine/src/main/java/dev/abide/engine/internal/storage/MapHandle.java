package dev.abide.engine.internal.storage;

import dev.abide.engine.LimitException;
import dev.abide.engine.Slice;
import dev.abide.engine.StoredMap;
import dev.abide.engine.StoredType;
import dev.abide.engine.internal.observe.Limit;
import dev.abide.engine.internal.schema.SchemaRecords;
import dev.abide.engine.internal.store.Entry;
import dev.abide.engine.internal.store.KeyRange;
import dev.abide.engine.internal.stored.KeyCodec;
import dev.abide.engine.internal.stored.StorageKeys;
import dev.abide.engine.spi.Form;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A map of one instance; as a slice, the whole of it. */
final class MapHandle<K, V> implements StoredMap<K, V> {
  final StorageView view;
  final TurnGuard guard;
  final String name;
  private final SchemaRecords.OfType schemas;
  private final KeyCodec<K> keyCodec;
  private final byte[] head;
  private final Values<V> values;

  /** Whether the schema records have the form of this map. */
  private boolean described;

  MapHandle(
      StorageView view,
      TurnGuard guard,
      SchemaRecords.OfType schemas,
      String name,
      KeyCodec<K> keys,
      StoredType<V> type) {
    this.view = view;
    this.guard = guard;
    this.schemas = schemas;
    this.name = name;
    this.keyCodec = keys;
    this.head = view.named(() -> StorageKeys.map(name));
    this.values = new Values<>(type, view);
  }

  @Override
  public Optional<V> find(K key) {
    return Optional.ofNullable(read(key));
  }

  @Override
  public V get(K key, V otherwise) {
    V value = read(key);
    return value == null ? otherwise : value;
  }

  @Override
  public void put(K key, V value) {
    byte[] whole = key(key);
    Objects.requireNonNull(value, "null is never stored; use remove(key)");
    guard.writing();
    byte[] encoded = values.encode(value);
    if (!described) {
      schemas.used(head, new Form.MapOf(keyCodec.form(), values.form()));
      described = true;
    }
    view.put(whole, encoded);
  }

  @Override
  public boolean remove(K key) {
    byte[] whole = key(key);
    guard.writing();
    Slot slot = view.slot(whole);
    boolean there = slot.value() != null;
    if (there) {
      view.write(slot, null);
    }
    return there;
  }

  @Override
  public boolean contains(K key) {
    guard.reading();
    return view.find(key(key)) != null;
  }

  @Override
  public V merge(K key, V value, BinaryOperator<V> combine) {
    V old = read(key);
    V merged = old == null ? value : combine.apply(old, value);
    put(key, merged);
    return merged;
  }

  private @Nullable V read(K key) {
    guard.reading();
    byte[] whole = key(key);
    byte[] bytes = view.find(whole);
    return bytes == null ? null : values.decode(bytes, () -> describe(whole));
  }

  /** The whole storage key. */
  byte[] key(K key) {
    Objects.requireNonNull(key, "null is no key");
    try {
      return StorageKeys.mapKey(head, name, keyCodec.encode(key));
    } catch (LimitException tooLong) {
      view.met(Limit.KEY);
      throw tooLong;
    }
  }

  /** The map's own key of a storage key. */
  K ownKey(byte[] whole) {
    return StorageKeys.ownKey(keyCodec, head, whole, () -> describe(whole));
  }

  V value(Entry entry) {
    return values.decode(entry.value(), () -> describe(entry.key()));
  }

  /** All keys of the map. */
  KeyRange range() {
    return StorageKeys.all(head);
  }

  /** All keys that begin so. */
  KeyRange beginning(String text) {
    return StorageKeys.prefix(head, keyCodec, text);
  }

  private String describe(byte[] whole) {
    return "key "
        + HexFormat.of().formatHex(whole, head.length, whole.length)
        + " (hex) of map \""
        + name
        + "\" of "
        + view.name();
  }

  private Slice<K, V> all() {
    return new SliceHandle<>(this, range(), false, Long.MAX_VALUE, guard.turn());
  }

  @Override
  public Slice<K, V> from(K key) {
    return all().from(key);
  }

  @Override
  public Slice<K, V> after(K key) {
    return all().after(key);
  }

  @Override
  public Slice<K, V> before(K key) {
    return all().before(key);
  }

  @Override
  public Slice<K, V> prefix(String text) {
    return all().prefix(text);
  }

  @Override
  public Slice<K, V> reversed() {
    return all().reversed();
  }

  @Override
  public Slice<K, V> limit(long n) {
    return all().limit(n);
  }

  @Override
  public List<K> keys() {
    return all().keys();
  }

  @Override
  public List<V> values() {
    return all().values();
  }

  @Override
  public List<Map.Entry<K, V>> entries() {
    return all().entries();
  }

  @Override
  public Stream<Map.Entry<K, V>> stream() {
    return all().stream();
  }

  @Override
  public boolean isEmpty() {
    return all().isEmpty();
  }

  @Override
  public void clear() {
    all().clear();
  }
}
