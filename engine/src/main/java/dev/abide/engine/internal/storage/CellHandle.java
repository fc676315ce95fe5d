package dev.abide.engine.internal.storage;

import dev.abide.engine.Cell;
import dev.abide.engine.StoredType;
import dev.abide.engine.internal.schema.SchemaRecords;
import dev.abide.engine.internal.stored.StorageKeys;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A cell of one instance. Keeps no value, only the way to its slot. */
final class CellHandle<T> implements Cell<T> {
  private final StorageView view;
  private final TurnGuard guard;
  private final SchemaRecords.OfType schemas;
  private final String name;
  private final byte[] key;
  private final Values<T> values;

  /** The initial value's bytes: what a turn does to what it was given changes nothing here. */
  private final byte @Nullable [] initial;

  private @Nullable Slot slot;

  /** Whether the schema records have the form of this cell. */
  private boolean described;

  CellHandle(
      StorageView view,
      TurnGuard guard,
      SchemaRecords.OfType schemas,
      String name,
      StoredType<T> type,
      @Nullable T initial) {
    this.view = view;
    this.guard = guard;
    this.schemas = schemas;
    this.name = name;
    this.key = view.named(() -> StorageKeys.cell(name));
    this.values = new Values<>(type, view);
    this.initial = initial == null ? null : values.encode(initial);
  }

  @Override
  public T get() {
    T value = read();
    if (value == null) {
      throw new IllegalStateException(
          describe()
              + " is not set and has no initial value; use find(), or give it an initial value");
    }
    return value;
  }

  @Override
  public Optional<T> find() {
    return Optional.ofNullable(read());
  }

  @Override
  public void set(T value) {
    Objects.requireNonNull(value, "null is never stored; use clear()");
    guard.writing();
    byte[] encoded = values.encode(value);
    if (!described) {
      schemas.used(key, values.form());
      described = true;
    }
    write(encoded);
  }

  @Override
  public T update(UnaryOperator<T> change) {
    T changed = change.apply(get());
    set(changed);
    return changed;
  }

  @Override
  public void clear() {
    guard.writing();
    write(null);
  }

  private @Nullable T read() {
    guard.reading();
    byte[] bytes = slot().value();
    byte[] known = bytes == null ? initial : bytes;
    return known == null ? null : values.decode(known, this::describe);
  }

  private void write(byte @Nullable [] value) {
    Slot known = slot;
    if (known == null || known.forgotten) {
      slot = view.set(key, value);
    } else {
      view.write(known, value);
    }
  }

  private Slot slot() {
    Slot known = slot;
    if (known == null || known.forgotten) {
      known = view.slot(key);
      slot = known;
    }
    return known;
  }

  private String describe() {
    return "cell \"" + name + "\" of " + view.name();
  }
}
