package dev.abide.engine.internal.compaction;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cleared ranges that hold the key at which a reader stands. A range hides lower numbers only.
 * One that ends no later than another and is older says nothing, so what is kept is few: each that
 * ends later than another is older.
 */
final class OpenRanges {
  @SuppressWarnings("ArrayRecordComponent")
  private record Open(byte @Nullable [] to, long number) {
    boolean covers(byte @Nullable [] otherTo, long otherNumber) {
      return number >= otherNumber
          && (to == null || (otherTo != null && Arrays.compareUnsigned(otherTo, to) <= 0));
    }

    boolean endsBy(byte[] key) {
      return to != null && Arrays.compareUnsigned(to, key) <= 0;
    }
  }

  private final List<Open> open = new ArrayList<>();

  /** Forgets all: another object begins. */
  void clear() {
    open.clear();
  }

  /**
   * Adds a range that begins at the reader's key.
   *
   * @return false if a newer one that is open covers it
   */
  boolean add(byte @Nullable [] to, long number) {
    for (Open other : open) {
      if (other.covers(to, number)) {
        return false;
      }
    }
    Open added = new Open(to, number);
    open.removeIf(other -> added.covers(other.to, other.number));
    open.add(added);
    return true;
  }

  /** The reader goes on to this key of the same object. */
  void at(byte[] key) {
    if (!open.isEmpty()) {
      open.removeIf(range -> range.endsBy(key));
    }
  }

  /** Whether what a commit wrote at the reader's key was cleared by a later one. */
  boolean hides(long number) {
    for (Open range : open) {
      if (range.number > number) {
        return true;
      }
    }
    return false;
  }
}
