package dev.abide.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * The alarms of one object: durable timers with names of 0 to 1,024 bytes. Setting one again
 * replaces it. They wake the object, also when the engine was down at their time, and go to its
 * {@link OnAlarm}.
 *
 * <p>Threading: as {@link Storage}: the object's own turns and its constructor. Not in read-only
 * turns, but for {@link #find} and {@link #all}.
 *
 * <p>Errors: {@link IllegalStateException} if the implementation class has no {@link OnAlarm};
 * {@link LimitException} for a name that is too long.
 *
 * <p>Durability: part of the turn's commit; what a turn that throws set never goes off.
 */
public interface Alarms {
  /** Goes off once, at this instant; at once if it has passed. */
  void set(String name, Instant due);

  /**
   * Goes off once, after this time.
   *
   * @throws IllegalArgumentException if it is negative
   */
  void set(String name, Duration after);

  /**
   * Goes off again and again, the first time after one period. Times that were missed collapse into
   * one. If the alarm has this schedule already it goes on undisturbed, so that a constructor may
   * say it at every wake.
   *
   * @throws IllegalArgumentException if the period is shorter than 10 ms
   */
  void every(String name, Duration period);

  /**
   * Goes off at the times of a cron expression of five fields: minute, hour, day of month, month,
   * day of week. Else as {@link #every(String, Duration)}.
   *
   * <p>Where the clocks of the zone change, a time that is left out goes off right after the gap,
   * and one that comes twice the first time only. An expression whose hour begins with {@code *}
   * goes by the time that passes: what is left out is, and what comes twice goes off twice.
   *
   * @param zone whose clocks the expression speaks of
   * @throws IllegalArgumentException if it cannot be read, or has no time to come
   * @throws IllegalStateException if the library that reads it is not on the class path
   */
  void every(String name, String cron, ZoneId zone);

  /** The alarm of this name, if it is set. */
  Optional<Alarm> find(String name);

  /** Removes the alarm of this name; whether there was one. */
  boolean cancel(String name);

  /** All alarms of this object, by name in UTF-8 order. */
  List<Alarm> all();
}
