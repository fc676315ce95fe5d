package dev.abide.processor;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the text of a {@code @Deadline}. */
final class DeadlineText {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,18})(ms|s|m|h)");
  private static final Map<String, ChronoUnit> UNITS =
      Map.of(
          "ms", ChronoUnit.MILLIS,
          "s", ChronoUnit.SECONDS,
          "m", ChronoUnit.MINUTES,
          "h", ChronoUnit.HOURS);

  private DeadlineText() {}

  /**
   * The time, or null if the text is none: not positive, or more nanoseconds than a long counts.
   */
  static @Nullable Duration parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    long amount = Long.parseLong(matcher.group(1));
    ChronoUnit unit = UNITS.getOrDefault(matcher.group(2), ChronoUnit.HOURS);
    long amountMax = Long.MAX_VALUE / unit.getDuration().toNanos();
    return amount == 0 || amount > amountMax ? null : Duration.of(amount, unit);
  }
}
