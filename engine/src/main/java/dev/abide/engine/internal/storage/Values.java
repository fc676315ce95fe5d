package dev.abide.engine.internal.storage;

import dev.abide.engine.LimitException;
import dev.abide.engine.StoredType;
import dev.abide.engine.internal.observe.Limit;
import dev.abide.engine.internal.stored.StoredValues;
import dev.abide.engine.spi.CborWriter;
import dev.abide.engine.spi.Form;
import java.util.function.Supplier;

/** Encodes and decodes the values of one handle. */
final class Values<T> {
  private final StoredType<T> type;
  private final StorageView view;

  Values(StoredType<T> type, StorageView view) {
    this.type = type;
    this.view = view;
  }

  /** What the values are made of. */
  Form form() {
    return type.codec().form();
  }

  /** The value's bytes. By a writer of its own: one that is kept costs each object a buffer. */
  byte[] encode(T value) {
    CborWriter out = new CborWriter();
    try {
      type.codec().write(out, value);
    } catch (LimitException tooDeep) {
      view.met(Limit.VALUE_DEPTH);
      throw tooDeep;
    }
    return out.toBytes();
  }

  /**
   * The value of the bytes.
   *
   * @param where names the object and the cell or key, for the error
   */
  T decode(byte[] bytes, Supplier<String> where) {
    return StoredValues.decode(type, bytes, where);
  }
}
