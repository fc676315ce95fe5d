package dev.abide.engine.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class CommitTimesTest {
  private static final long MS = 1_000_000;

  private long calendar = 1_000;
  private final CommitTimes times = new CommitTimes(() -> Instant.ofEpochMilli(calendar), 1_000, 0);

  private long at(long calendarMs, long ownMs) {
    calendar = calendarMs;
    return times.next(ownMs * MS);
  }

  @Test
  void theyAreTheCalendars_whileItDoesNotGoBack() {
    assertThat(at(1_000, 7)).isEqualTo(1_000);
    assertThat(at(1_001, 8)).isEqualTo(1_001);
    assertThat(at(9_000_000, 9)).isEqualTo(9_000_000);
    assertThat(times.last()).isEqualTo(9_000_000);
  }

  @Test
  void whenItGoesBack_theyGoOnAtHalfTheSpeed_untilItHasCaughtUp() {
    assertThat(at(10_000, 0)).isEqualTo(10_000);
    assertThat(at(5_000, 0)).isEqualTo(10_000);
    // A millisecond at a time: halves are not lost.
    long time = 0;
    for (int passed = 1; passed <= 4_000; passed++) {
      time = at(5_000 + passed, passed);
    }
    assertThat(time).isEqualTo(12_000);
    assertThat(at(11_000, 6_000)).isEqualTo(13_000);
    assertThat(at(13_000, 8_000)).isEqualTo(13_000);
    assertThat(at(13_001, 8_001)).isEqualTo(13_001);
  }
}
