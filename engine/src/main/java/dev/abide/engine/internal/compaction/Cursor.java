package dev.abide.engine.internal.compaction;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Reads sorted records one after the other: by object, key, newest first. What one commit does at
 * one key comes as the change and then the range, for the commit's ranges were cleared before its
 * changes were made. One thread.
 */
interface Cursor extends AutoCloseable {
  /** The order of all sorted files. */
  Comparator<Cursor> ORDER =
      (a, b) -> {
        int order = a.object().compareTo(b.object());
        if (order == 0) {
          order = Arrays.compareUnsigned(a.key(), b.key());
        }
        if (order == 0) {
          order = Long.compare(b.number(), a.number());
        }
        return order != 0 ? order : Boolean.compare(a.isRange(), b.isRange());
      };

  /** Goes to the next record, the first one to begin with; false if there is none. */
  boolean next() throws IOException;

  ObjectKey object();

  /** The key that is changed, or the first one of a cleared range. */
  byte[] key();

  /** The commit. */
  long number();

  /** Whether a range is cleared here; else one key is changed. */
  boolean isRange();

  /**
   * The value, null where the key is deleted; of a range the first key behind it, null where it has
   * no end. Read when it is asked for, once.
   */
  byte @Nullable [] content() throws IOException;

  @Override
  void close() throws IOException;
}
