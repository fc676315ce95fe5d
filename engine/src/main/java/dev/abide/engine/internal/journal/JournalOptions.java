package dev.abide.engine.internal.journal;

import java.time.Duration;
import java.time.InstantSource;

/**
 * Bounds of a journal.
 *
 * @param unappliedBytesMax bytes of heap that commits hold which are queued or not yet in the
 *     store, see {@link NumberedCommit#heapBytes()}; a single larger commit passes alone
 * @param appendWaitMax how long an append waits for room
 * @param segmentBytesFirst the length of a directory's first segment
 * @param segmentBytesMax the length that segments grow to; only those of this length are recycled
 * @param clock the calendar by which commits get their times
 */
public record JournalOptions(
    long unappliedBytesMax,
    Duration appendWaitMax,
    long segmentBytesFirst,
    long segmentBytesMax,
    InstantSource clock) {
  /** As many sealed segments wait for the sort before commits do. */
  static final int UNSORTED_MAX = 8;

  private static final long SEGMENT_BYTES_FIRST = 1 << 20;
  private static final long SEGMENT_BYTES_MAX = 64 << 20;

  /** By the machine's calendar. */
  public JournalOptions(
      long unappliedBytesMax,
      Duration appendWaitMax,
      long segmentBytesFirst,
      long segmentBytesMax) {
    this(
        unappliedBytesMax,
        appendWaitMax,
        segmentBytesFirst,
        segmentBytesMax,
        InstantSource.system());
  }

  /** With segments of 1 to 64 MiB. */
  public JournalOptions(long unappliedBytesMax, Duration appendWaitMax) {
    this(unappliedBytesMax, appendWaitMax, SEGMENT_BYTES_FIRST, SEGMENT_BYTES_MAX);
  }

  /** An eighth of the heap, and a minute. */
  public static JournalOptions standard() {
    return waiting(Duration.ofSeconds(60));
  }

  /** An eighth of the heap, and this wait. */
  public static JournalOptions waiting(Duration appendWaitMax) {
    return new JournalOptions(Runtime.getRuntime().maxMemory() / 8, appendWaitMax);
  }
}
