package dev.abide.engine.internal.compaction;

import java.time.Duration;

/**
 * How much is kept, and when files are rewritten.
 *
 * @param retention so far back every state can be restored
 * @param retentionBytes no more bytes of runs and segments are kept for that
 * @param runsMax more runs than this are merged
 * @param mergeRuns so many become one, or half as many at least
 * @param foldBytes bases are written anew when the runs to be folded have more bytes than they do
 *     and this
 * @param bytesPerSecond what is written at most, unless four times as much comes in
 */
public record CompactionOptions(
    Duration retention,
    long retentionBytes,
    int runsMax,
    int mergeRuns,
    long foldBytes,
    long bytesPerSecond) {
  /** Longer than anybody's commits go back; so is "for ever", whose milliseconds no long holds. */
  private static final Duration RETENTION_MAX = Duration.ofDays(365_000);

  private static final int RUNS_MAX = 64;
  private static final int MERGE_RUNS = 32;
  private static final long FOLD_BYTES = 256L << 20;
  private static final long BYTES_PER_SECOND = 32L << 20;

  /** As many runs as the two sides of the horizon hold, one of them has enough to merge. */
  public CompactionOptions {
    retention = retention.compareTo(RETENTION_MAX) > 0 ? RETENTION_MAX : retention;
    if (mergeRuns < 2 || runsMax < 2 * mergeRuns - 2) {
      throw new IllegalArgumentException(
          "mergeRuns is "
              + mergeRuns
              + " and runsMax "
              + runsMax
              + "; there must be 2 or more of the first, and nearly twice as many of the second");
    }
  }

  /** A day, and a gigabyte of it. */
  public static CompactionOptions standard() {
    return keeping(Duration.ofHours(24), 1L << 30);
  }

  /** With this retention; all that is older is folded, however little it is, and at full speed. */
  public static CompactionOptions foldingAll(Duration retention, long bytes) {
    return new CompactionOptions(
        retention, bytes, RUNS_MAX, MERGE_RUNS, Long.MIN_VALUE / 2, Long.MAX_VALUE);
  }

  /** With this retention. */
  public static CompactionOptions keeping(Duration retention, long bytes) {
    return new CompactionOptions(
        retention, bytes, RUNS_MAX, MERGE_RUNS, FOLD_BYTES, BYTES_PER_SECOND);
  }
}
