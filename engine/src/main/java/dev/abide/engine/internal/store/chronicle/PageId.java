package dev.abide.engine.internal.store.chronicle;

import dev.abide.engine.internal.store.ObjectName;
import java.nio.ByteBuffer;

/**
 * The key of a page or a piece in the maps: the hash of the object and a number within the shard.
 * Number 0 is the object's root; all others come from a counter that never goes back, so that a
 * page that waits to be freed is never taken for a newer one.
 */
record PageId(long high, long low, long number) {
  static final int BYTES = 24;

  static PageId of(ObjectName name, long number) {
    return new PageId(name.hashHigh(), name.hashLow(), number);
  }

  static PageId of(byte[] key) {
    ByteBuffer buffer = ByteBuffer.wrap(key);
    return new PageId(buffer.getLong(), buffer.getLong(), buffer.getLong());
  }

  PageId sibling(long otherNumber) {
    return new PageId(high, low, otherNumber);
  }

  byte[] key() {
    return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).putLong(number).array();
  }

  @Override
  public String toString() {
    return "%016x%016x.%d".formatted(high, low, number);
  }
}
