package dev.abide.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * How long is measured.
 *
 * @param forks JVMs for each figure
 * @param warmups iterations that are thrown away
 * @param iterations iterations that count
 * @param time of each iteration
 * @param brief whether parameters are cut to what {@link Question#brief} names
 * @param timed whether percentiles are measured as well
 */
record Pace(int forks, int warmups, int iterations, TimeValue time, boolean brief, boolean timed) {
  /** Five minutes for everything. */
  static final Pace SHORT = new Pace(1, 3, 5, TimeValue.milliseconds(200), true, false);

  /** What results that are kept are made with. */
  static final Pace LONG = new Pace(2, 3, 5, TimeValue.seconds(2), false, true);

  /** How many iterations are thrown away where the warm-up takes so many seconds at least. */
  int warmups(int seconds) {
    long iteration = time.convertTo(TimeUnit.MILLISECONDS);
    return Math.max(warmups, Math.ceilDivExact(seconds * 1_000, Math.toIntExact(iteration)));
  }

  /** The name of the mode. */
  String mode() {
    return brief ? "short" : "long";
  }
}
