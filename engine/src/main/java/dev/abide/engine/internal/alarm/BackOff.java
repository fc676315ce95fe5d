package dev.abide.engine.internal.alarm;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long a failed alarm waits before it is tried again. */
final class BackOff {
  private static final long LONGEST_MILLIS = 600_000;

  private BackOff() {}

  /**
   * After 2, 4, 8 ... s, at most 10 minutes; up to a tenth less, so that what failed together is
   * not tried again together.
   *
   * @param failures so far, 1 or more
   */
  static Duration after(int failures) {
    long whole = Math.min(LONGEST_MILLIS, 2_000L << Math.min(failures - 1, 20));
    return Duration.ofMillis(whole - ThreadLocalRandom.current().nextLong(whole / 10));
  }
}
