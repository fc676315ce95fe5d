package dev.abide.jmh;

import org.openjdk.jmh.runner.options.TimeValue;

/**
 * How long is measured.
 *
 * @param forks JVMs for each figure
 * @param timedForks JVMs more for the percentiles of each figure; 0 measures none
 * @param iterations iterations that count
 * @param time of each iteration that counts
 * @param brief whether it is the short mode: methods and parameters are cut to what {@link
 *     Question} names, and so is the warm-up
 */
record Pace(int forks, int timedForks, int iterations, TimeValue time, boolean brief) {
  /** Iterations that are thrown away. */
  static final int WARMUPS = 4;

  /** Five minutes for everything. */
  static final Pace SHORT = new Pace(1, 0, 10, TimeValue.milliseconds(100), true);

  /** What results that are kept are made with. */
  static final Pace LONG = new Pace(2, 1, 3, TimeValue.seconds(1), false);

  /**
   * How long each of the {@link #WARMUPS} iterations is that are thrown away. They are few and
   * long: an iteration lasts for one operation at least, and a crowd's operation may take longer
   * than an iteration that counts.
   */
  TimeValue warmUp(Question question) {
    int millis = brief ? question.briefWarmMillis() : question.warmMillis();
    return TimeValue.milliseconds(Math.ceilDiv(millis, WARMUPS));
  }

  /** The name of the mode. */
  String mode() {
    return brief ? "short" : "long";
  }
}
