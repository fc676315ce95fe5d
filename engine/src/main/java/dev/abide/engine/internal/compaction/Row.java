package dev.abide.engine.internal.compaction;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.journal.JournalSegment;
import java.util.List;

/**
 * Whether files that are read one behind the other have all numbers. An open has seen that those of
 * the directory do; this is asked of the lists that an engine keeps, each time that something is
 * made of the files in them: what is made claims the numbers of a file that is missing there, and
 * the next open would delete that file for being covered.
 */
final class Row {
  private long reached;

  private Row(long covered) {
    reached = covered;
  }

  /** Refuses runs that are merged. */
  static void check(List<SortedFile> runs) {
    check(runs.getFirst().first() - 1, runs, List.of(), Long.MAX_VALUE);
  }

  /**
   * Refuses what a shard is read from.
   *
   * @param covered what a base has, or what is not asked for
   * @param number the last commit that is read
   */
  static void check(
      long covered, List<SortedFile> runs, List<JournalSegment> segments, long number) {
    Row row = new Row(covered);
    for (SortedFile run : runs) {
      row.goOn(run.name(), run.first(), run.last(), number);
    }
    for (JournalSegment segment : segments) {
      row.goOn(segment.fileName(), segment.first(), segment.last(), number);
    }
  }

  private void goOn(String name, long first, long last, long number) {
    if (first <= number && first - 1 > reached) {
      throw new StorageException(
          "%s begins with commit %,d, and the files before it that the engine knows of end with commit %,d. Nothing is made of them: close the engine and open it again, which looks for all files anew"
              .formatted(name, first, reached),
          null,
          false,
          Applied.NO);
    }
    reached = Math.max(reached, last);
  }
}
