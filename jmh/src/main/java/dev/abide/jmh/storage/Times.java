package dev.abide.jmh.storage;

import java.util.Arrays;

/** Durations and their percentiles. Any thread. */
final class Times {
  private long[] nanos = new long[1024];
  private int count;

  synchronized void add(long duration) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = duration;
  }

  synchronized int count() {
    return count;
  }

  /** Milliseconds, 0 if there are none; 1.0 for the longest. */
  synchronized double millis(double part) {
    if (count == 0) {
      return 0;
    }
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return sorted[(int) Math.min(count - 1L, (long) (part * count))] / 1e6;
  }
}
