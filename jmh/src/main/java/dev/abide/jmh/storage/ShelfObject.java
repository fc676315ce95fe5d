package dev.abide.jmh.storage;

import dev.abide.engine.ObjectContext;
import dev.abide.engine.StoredMap;
import java.util.concurrent.ThreadLocalRandom;

/** The implementation. */
public final class ShelfObject implements Shelf {
  private final ObjectContext context;
  private final StoredMap<Long, byte[]> values;

  /** For {@code host}. */
  public ShelfObject(ObjectContext context) {
    this.context = context;
    values = context.storage().map("values", Long.class, byte[].class);
  }

  @Override
  public void put(long key, int bytes) {
    values.put(key, random(bytes));
  }

  @Override
  public void fill(long from, int count, int bytes) {
    for (int n = 0; n < count; n++) {
      values.put(from + n, random(bytes));
    }
  }

  @Override
  public void clear() {
    values.clear();
  }

  @Override
  public void delete() {
    context.delete();
  }

  @Override
  public int length(long key) {
    return values.find(key).map(value -> value.length).orElse(-1);
  }

  /** Nothing that a file system could make smaller. */
  private static byte[] random(int bytes) {
    byte[] value = new byte[bytes];
    ThreadLocalRandom.current().nextBytes(value);
    return value;
  }
}
