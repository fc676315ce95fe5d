package dev.abide.engine.internal.compaction;

import java.util.List;

/**
 * The commit from which on every state can be restored: the last one of the newest run that is
 * older than the retention as a whole. What the runs and segments above hold more than the space
 * bound moves it up.
 *
 * <p>A clock that is wrong for a minute must not make all there is old. So a run's age is not the
 * difference of two times alone. It is the sum of the times that passed from its end to the end of
 * the next run, and so on until now; each counts for half the retention at most, but for the last
 * one as far as this process has seen it pass. So one jump of the calendar, wherever it lies, takes
 * away half of what is kept at most; and what nobody wrote to for long is kept longer than it must.
 *
 * @param number the commit; 0 if nothing is old enough
 * @param forSpace whether the space bound moved it
 */
record Horizon(long number, boolean forSpace) {
  /**
   * @param seenMs so long this process has known that the last run is the last one
   */
  static Horizon of(
      List<SortedFile> runs,
      long segmentBytes,
      CompactionOptions options,
      long nowMs,
      long seenMs) {
    long retentionMs = options.retention().toMillis();
    long oldestMs = nowMs - retentionMs;
    long above = segmentBytes;
    for (SortedFile run : runs) {
      above += run.bytes();
    }
    int aged = aged(runs, retentionMs, nowMs, seenMs);
    long number = 0;
    boolean forSpace = false;
    for (int i = 0; i < runs.size(); i++) {
      SortedFile run = runs.get(i);
      boolean old = i < aged && run.tail().time() <= oldestMs;
      if (!old && above <= options.retentionBytes()) {
        break;
      }
      forSpace |= !old;
      number = run.last();
      above -= run.bytes();
    }
    return new Horizon(number, forSpace);
  }

  /** How many runs, from the first one, have an age that reaches the retention. */
  private static int aged(List<SortedFile> runs, long retentionMs, long nowMs, long seenMs) {
    long most = retentionMs / 2;
    long age = 0;
    long until = nowMs;
    long counts = Math.max(most, seenMs);
    for (int i = runs.size() - 1; i >= 0; i--) {
      long end = runs.get(i).tail().time();
      age += Math.clamp(until - end, 0, counts);
      if (age >= retentionMs) {
        return i + 1;
      }
      until = end;
      counts = most;
    }
    return 0;
  }
}
