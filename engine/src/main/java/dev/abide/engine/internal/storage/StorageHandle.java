package dev.abide.engine.internal.storage;

import dev.abide.engine.Cell;
import dev.abide.engine.Storage;
import dev.abide.engine.StoredMap;
import dev.abide.engine.StoredType;
import dev.abide.engine.internal.schema.SchemaRecords;
import dev.abide.engine.internal.store.KeyRange;
import dev.abide.engine.internal.stored.KeyCodec;
import dev.abide.engine.internal.stored.StorageKeys;

/** An instance's way to its object's storage. */
public final class StorageHandle implements Storage {
  private final StorageView view;
  private final TurnGuard guard;
  private final SchemaRecords schemas;

  /** A way that is open while the guard says so. */
  public StorageHandle(StorageView view, TurnGuard guard, SchemaRecords schemas) {
    this.view = view;
    this.guard = guard;
    this.schemas = schemas;
  }

  @Override
  public <T> Cell<T> cell(String name, Class<T> type) {
    return cell(name, StoredType.of(type));
  }

  @Override
  public <T> Cell<T> cell(String name, Class<T> type, T initial) {
    return cell(name, StoredType.of(type), initial);
  }

  @Override
  public <T> Cell<T> cell(String name, StoredType<T> type) {
    guard.reading();
    return new CellHandle<>(view, guard, described(), name, type, null);
  }

  @Override
  public <T> Cell<T> cell(String name, StoredType<T> type, T initial) {
    guard.reading();
    if (initial == null) {
      throw new NullPointerException(
          "the initial value of cell \"" + name + "\" is null; use cell(name, type) and find()");
    }
    return new CellHandle<>(view, guard, described(), name, type, initial);
  }

  @Override
  public <K, V> StoredMap<K, V> map(String name, Class<K> key, Class<V> value) {
    return map(name, key, StoredType.of(value));
  }

  @Override
  public <K, V> StoredMap<K, V> map(String name, Class<K> key, StoredType<V> value) {
    guard.reading();
    return new MapHandle<>(view, guard, described(), name, KeyCodec.forClass(key), value);
  }

  private SchemaRecords.OfType described() {
    return schemas.of(view.name().type());
  }

  @Override
  public void clear() {
    guard.writing();
    for (KeyRange range : StorageKeys.cellsAndMaps()) {
      view.clear(range);
    }
  }
}
