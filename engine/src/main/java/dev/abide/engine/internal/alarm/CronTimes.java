package dev.abide.engine.internal.alarm;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import org.jspecify.annotations.Nullable;

/**
 * The times of cron expressions, by cron-utils. The library is asked for at the first expression,
 * so that an engine without one runs where it is missing.
 */
final class CronTimes {
  private CronTimes() {}

  /**
   * The next time after this one, or null if there is none.
   *
   * @throws IllegalArgumentException if the expression cannot be read
   * @throws IllegalStateException if the library is missing
   */
  static @Nullable ZonedDateTime next(String expression, ZonedDateTime after) {
    try {
      return Library.next(expression, after);
    } catch (NoClassDefFoundError missing) {
      throw new IllegalStateException(
          "the cron expression \""
              + expression
              + "\" needs com.cronutils:cron-utils on the class path; add it, or use every(name, Duration)",
          missing);
    }
  }

  /** All that touches the library's classes. */
  private static final class Library {
    private static final CronParser PARSER =
        new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

    static @Nullable ZonedDateTime next(String expression, ZonedDateTime after) {
      if (expression.contains("|")) {
        // The library would take it for several expressions in one.
        throw new IllegalArgumentException(
            "the cron expression \""
                + expression
                + "\" has a |; set an alarm for each expression, by names of their own");
      }
      Cron cron;
      try {
        cron = PARSER.parse(expression);
      } catch (IllegalArgumentException wrong) {
        throw new IllegalArgumentException(
            "the cron expression \""
                + expression
                + "\" cannot be read: "
                + wrong.getMessage()
                + ". It has five fields: minute, hour, day of month, month, day of week",
            wrong);
      }
      ExecutionTime times = ExecutionTime.forCron(cron);
      // The library's own form: fields with one blank between them.
      boolean everyHour = cron.asString().split(" ", -1)[1].startsWith("*");
      return everyHour ? times.nextExecution(after).orElse(null) : byTheDay(times, after);
    }

    /**
     * The next time of an expression that names hours: in its days each comes once, also where the
     * clocks change. The library is asked in a zone where they do not; in the one that was meant, a
     * time that is left out goes to the end of the gap, and one that comes twice is the first.
     */
    private static @Nullable ZonedDateTime byTheDay(ExecutionTime times, ZonedDateTime after) {
      ZonedDateTime shown = after.toLocalDateTime().atZone(ZoneOffset.UTC);
      while (true) {
        shown = times.nextExecution(shown).orElse(null);
        if (shown == null) {
          return null;
        }
        ZonedDateTime next = real(shown.toLocalDateTime(), after.getZone());
        // Not so in the second of two hours that the clocks show alike: its times have been.
        if (next.isAfter(after)) {
          return next;
        }
      }
    }

    private static ZonedDateTime real(LocalDateTime shown, ZoneId zone) {
      ZoneOffsetTransition change = zone.getRules().getTransition(shown);
      return change != null && change.isGap()
          ? change.getInstant().atZone(zone)
          // Of two offsets, the earlier in time.
          : shown.atZone(zone);
    }
  }
}
