package dev.abide.engine.internal.stored;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import dev.abide.engine.StoredType;
import dev.abide.engine.spi.CborException;
import dev.abide.engine.spi.CborReader;
import java.util.function.Supplier;

/** Reads stored values; what cannot be read is named in full. */
public final class StoredValues {
  private StoredValues() {}

  /**
   * The value of the bytes.
   *
   * @param where the object and its cell or key
   * @throws StorageException if the bytes are not a value of the type
   */
  public static <T> T decode(StoredType<T> type, byte[] bytes, Supplier<String> where) {
    CborReader in = new CborReader(bytes);
    try {
      T value = type.codec().read(in);
      in.end();
      return value;
    } catch (CborException e) {
      throw new StorageException(
          where.get()
              + " cannot be read as "
              + type
              + ": "
              + e.getMessage()
              + ". It was written as another type, or is damaged",
          e,
          false,
          Applied.NO);
    }
  }
}
