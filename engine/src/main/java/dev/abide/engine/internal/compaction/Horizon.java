package dev.abide.engine.internal.compaction;

import java.util.List;

/**
 * The commit from which on every state can be restored: the last one of the newest run that is
 * older than the retention as a whole. What the runs and segments above hold more than the space
 * bound moves it up.
 *
 * @param number the commit; 0 if nothing is old enough
 * @param forSpace whether the space bound moved it
 */
record Horizon(long number, boolean forSpace) {
  static Horizon of(
      List<SortedFile> runs, long segmentBytes, CompactionOptions options, long nowMs) {
    long oldestMs = nowMs - options.retention().toMillis();
    long above = segmentBytes;
    for (SortedFile run : runs) {
      above += run.bytes();
    }
    long number = 0;
    boolean forSpace = false;
    for (SortedFile run : runs) {
      boolean old = run.tail().time() <= oldestMs;
      if (!old && above <= options.retentionBytes()) {
        break;
      }
      forSpace |= !old;
      number = run.last();
      above -= run.bytes();
    }
    return new Horizon(number, forSpace);
  }
}
