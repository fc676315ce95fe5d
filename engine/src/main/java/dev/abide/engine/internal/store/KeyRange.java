package dev.abide.engine.internal.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A range of keys, in unsigned byte order.
 *
 * @param from the first key inside
 * @param to the first key behind, or null where the range has no end
 */
@SuppressWarnings("ArrayRecordComponent")
public record KeyRange(byte[] from, byte @Nullable [] to) {
  /** Whether the key lies in the range. */
  public boolean contains(byte[] key) {
    return Arrays.compareUnsigned(from, key) <= 0
        && (to == null || Arrays.compareUnsigned(key, to) < 0);
  }
}
