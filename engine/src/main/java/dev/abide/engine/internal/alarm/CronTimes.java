package dev.abide.engine.internal.alarm;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.ZonedDateTime;
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
      ExecutionTime times;
      try {
        times = ExecutionTime.forCron(PARSER.parse(expression));
      } catch (IllegalArgumentException wrong) {
        throw new IllegalArgumentException(
            "the cron expression \""
                + expression
                + "\" cannot be read: "
                + wrong.getMessage()
                + ". It has five fields: minute, hour, day of month, month, day of week",
            wrong);
      }
      return times.nextExecution(after).orElse(null);
    }
  }
}
