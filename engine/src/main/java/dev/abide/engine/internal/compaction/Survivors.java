package dev.abide.engine.internal.compaction;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Of sorted records those that still say something: of each key the newest change, unless a later
 * commit cleared it; and ranges that no later one covers. Deletions and ranges are among them.
 */
final class Survivors implements AutoCloseable {
  private final Cursor records;
  private final OpenRanges ranges = new OpenRanges();
  private @Nullable ObjectKey object;
  private byte @Nullable [] key;
  private boolean decided;
  private byte @Nullable [] content;

  /** Takes the cursor, which is closed with this. */
  Survivors(Cursor records) {
    this.records = records;
  }

  boolean next() throws IOException {
    while (records.next()) {
      if (!records.object().equals(object)) {
        object = records.object();
        ranges.clear();
        key = null;
      }
      if (!Arrays.equals(key, records.key())) {
        key = records.key();
        ranges.at(key);
        decided = false;
      }
      if (records.isRange()) {
        content = records.content();
        if (!endsAtOnce(records.key(), content) && ranges.add(content, records.number())) {
          return true;
        }
      } else if (!decided) {
        decided = true;
        if (!ranges.hides(records.number())) {
          content = records.content();
          return true;
        }
      }
    }
    return false;
  }

  /** Whether a range has no key, not even the one that it begins at. */
  private static boolean endsAtOnce(byte[] from, byte @Nullable [] to) {
    return to != null && Arrays.compareUnsigned(to, from) <= 0;
  }

  ObjectKey object() {
    return records.object();
  }

  byte[] key() {
    return records.key();
  }

  long number() {
    return records.number();
  }

  boolean isRange() {
    return records.isRange();
  }

  /** The value, or the end of the range; may be asked for again. */
  byte @Nullable [] content() {
    return content;
  }

  @Override
  public void close() throws IOException {
    records.close();
  }
}
