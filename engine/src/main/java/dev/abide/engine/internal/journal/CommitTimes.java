package dev.abide.engine.internal.journal;

import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The times that commits get: the calendar's, and never less than the one before.
 *
 * <p>A calendar that was ahead and has been set right is behind the newest commit. Times go on at
 * half the speed then, by the machine's own clock, until the calendar has caught up: were they to
 * stand still, nothing would grow old any more, and nothing be dropped by its age.
 *
 * <p>One thread.
 */
final class CommitTimes {
  private static final Logger LOG = LoggerFactory.getLogger("dev.abide");

  /** So far ahead it is no clock that was merely adjusted. */
  private static final long TOLD_MS = 60_000;

  private static final long NANOS_FOR_A_MILLISECOND = 2_000_000;

  private final InstantSource clock;
  private long last;
  private long countedTo;
  private boolean told;

  /**
   * @param last the time of the newest commit
   * @param nanos the machine's own clock
   */
  CommitTimes(InstantSource clock, long last, long nanos) {
    this.clock = clock;
    this.last = last;
    this.countedTo = nanos;
  }

  /** The time of the newest commit. */
  long last() {
    return last;
  }

  /** The time of what is written now. */
  long next(long nanos) {
    long calendar = clock.millis();
    if (calendar >= last) {
      last = calendar;
      countedTo = nanos;
      told = false;
      return last;
    }
    if (!told && last - calendar > TOLD_MS) {
      told = true;
      tell(calendar, last);
    }
    long passed = Math.max(0, nanos - countedTo) / NANOS_FOR_A_MILLISECOND;
    last += passed;
    countedTo += passed * NANOS_FOR_A_MILLISECOND;
    return last;
  }

  /** On a thread of its own: the journal waits for no log. */
  private static void tell(long calendar, long newest) {
    var _ =
        Thread.startVirtualThread(() ->
            LOG.warn(
                "the machine's clock says {}, and the newest commit has the time {}: one of them is"
                    + " wrong. Times of commits go on from there at half the speed until the clock"
                    + " has caught up; until then what was stored since can be had by commit number"
                    + " only",
                Instant.ofEpochMilli(calendar),
                Instant.ofEpochMilli(newest)));
  }
}
