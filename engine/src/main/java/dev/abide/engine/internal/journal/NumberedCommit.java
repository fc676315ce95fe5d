package dev.abide.engine.internal.journal;

import dev.abide.engine.internal.store.Commit;

/**
 * A durable commit on its way to the store.
 *
 * @param number its place in the order of all commits
 * @param time its milliseconds of the calendar, never going back
 * @param commit what it does
 * @param bytes the length of its record
 */
public record NumberedCommit(long number, long time, Commit commit, long bytes) {
  /**
   * What a commit keeps on the heap until it is in the store, beside its bytes: its own objects and
   * its object's activation, view and slots. Measured with objects of one small cell that go to
   * sleep at once: 1,010 B.
   */
  private static final long KEPT_BYTES = 1_024;

  /** What a commit with a record of that length counts against the bound on unapplied bytes. */
  public static long heapBytes(long record) {
    return record + KEPT_BYTES;
  }

  /** What it counts against that bound; to be given back by {@link Journal#applied}. */
  public long heapBytes() {
    return heapBytes(bytes);
  }
}
