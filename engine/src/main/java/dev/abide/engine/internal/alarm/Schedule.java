package dev.abide.engine.internal.alarm;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/** Whether and when an alarm goes off again. */
sealed interface Schedule {
  /**
   * The first time of the schedule after both; null if there is none.
   *
   * @param before the time before, of this schedule or the moment when it was set
   * @param now times up to now have been missed, and collapse into the one that was not
   */
  @Nullable Instant next(Instant before, Instant now);

  /** Goes off once. */
  record Once() implements Schedule {
    static final Once ONCE = new Once();

    @Override
    public @Nullable Instant next(Instant before, Instant now) {
      return null;
    }
  }

  /** Goes off each period, and keeps its beat. */
  record Every(Duration period) implements Schedule {
    @Override
    public Instant next(Instant before, Instant now) {
      Instant next = before.plus(period);
      if (next.isAfter(now)) {
        return next;
      }
      // So many whole periods have passed since.
      long missed = Duration.between(before, now).dividedBy(period);
      return before.plus(period.multipliedBy(missed + 1));
    }
  }

  /** Goes off at the times of a cron expression. */
  record Cron(String expression, ZoneId zone) implements Schedule {
    @Override
    public @Nullable Instant next(Instant before, Instant now) {
      Instant after = before.isAfter(now) ? before : now;
      ZonedDateTime next = CronTimes.next(expression, after.atZone(zone));
      return next == null ? null : next.toInstant();
    }
  }
}
