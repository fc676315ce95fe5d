package dev.abide.engine.internal.compaction;

import java.util.function.ToDoubleFunction;

/**
 * Which neighbouring runs become one: half of {@code mergeRuns} to all of them, on one side of the
 * horizon.
 *
 * <p>A merge writes its largest run again for the sake of the others. Were the windows with the
 * fewest bytes taken, one run would grow by a few small neighbours at a time as soon as all others
 * had grown up, and be written again for each of them: in a directory with thousands of segments
 * each byte a dozen times. So runs of one size meet.
 *
 * @param from the first of them
 * @param to the one behind the last
 * @param bytes of all of them
 * @param largest the bytes of the largest
 */
record MergeChoice(int from, int to, long bytes, long largest) {
  /**
   * Of the windows whose largest run is at most twice an equal share, the one with the fewest bytes
   * for each run less; where there is none, the one whose largest run is the smallest part of it.
   *
   * @param bytes of each run, oldest first
   * @param old how many of them are at or below the horizon
   * @param mergeRuns so many become one at most; on one side of the horizon there are as many
   */
  static MergeChoice of(long[] bytes, int old, int mergeRuns) {
    // Costs of the first kind are below any of the second.
    return cheapest(
        bytes,
        old,
        mergeRuns,
        window ->
            2 * window.bytes >= (double) mergeRuns * window.largest
                ? -(window.to - window.from - 1) / (double) window.bytes
                : window.largest / (double) window.bytes);
  }

  /** The window with the fewest bytes: for an open that waits, or a disk that has no more room. */
  static MergeChoice smallest(long[] bytes, int old, int mergeRuns) {
    return cheapest(bytes, old, mergeRuns, MergeChoice::bytes);
  }

  private static MergeChoice cheapest(
      long[] bytes, int old, int mergeRuns, ToDoubleFunction<MergeChoice> cost) {
    int shortest = Math.max(2, (mergeRuns + 1) / 2);
    MergeChoice best = null;
    for (int from = 0; from + shortest <= bytes.length; from++) {
      int end = Math.min(from + mergeRuns, from < old ? old : bytes.length);
      long all = 0;
      long largest = 0;
      for (int to = from + 1; to <= end; to++) {
        all += bytes[to - 1];
        largest = Math.max(largest, bytes[to - 1]);
        MergeChoice window = new MergeChoice(from, to, all, largest);
        if (to - from >= shortest
            && (best == null || cost.applyAsDouble(window) < cost.applyAsDouble(best))) {
          best = window;
        }
      }
    }
    if (best == null) {
      throw new IllegalStateException(
          bytes.length + " runs, " + old + " of them old: too few to merge " + mergeRuns);
    }
    return best;
  }
}
