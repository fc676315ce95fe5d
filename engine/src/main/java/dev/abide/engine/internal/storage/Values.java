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
  private final CborWriter out = new CborWriter();

  Values(StoredType<T> type, StorageView view) {
    this.type = type;
    this.view = view;
  }

  /** What the values are made of. */
  Form form() {
    return type.codec().form();
  }

  /** The value's bytes. For the object's turns: the writer is used again and again. */
  byte[] encode(T value) {
    out.reset();
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
