package dev.abide.examples.reminder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.testing.TestAbide;
import dev.abide.examples.reminder.Reminder.Said;
import dev.abide.examples.reminder.Reminder.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReminderTest {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  private final TestAbide test =
      TestAbide.open(options -> options.host(Reminder.class, ReminderObject::new));

  @AfterEach
  void close() {
    test.close();
  }

  private Reminder ann() {
    return test.abide().get(Reminder.class, "ann");
  }

  @Test
  void reminder_isSaidAtItsTime_once_thoughTheProcessDied() {
    ann().remind("tea", 60);
    ann().remind("cake", 90);
    ann().remind("tea", 30);
    assertThat(ann().waiting())
        .containsExactly(
            new Waiting("cake", BEGIN.plusSeconds(90)), new Waiting("tea", BEGIN.plusSeconds(30)));
    test.crash();
    test.clock().advance(Duration.ofSeconds(30));
    test.clock().advance(Duration.ofDays(1));

    assertThat(ann().said())
        .containsExactly(
            new Said("cake", BEGIN.plusSeconds(30).plus(Duration.ofDays(1))),
            new Said("tea", BEGIN.plusSeconds(30)));
    assertThat(ann().waiting()).isEmpty();
  }

  @Test
  void dailyReminder_goesOn_untilItIsForgotten() {
    assertThat(ann().remindDaily("stand up", 9)).isEqualTo(BEGIN.plus(Duration.ofHours(9)));
    test.clock().advance(Duration.ofHours(9));
    for (int day = 0; day < 2; day++) {
      test.clock().advance(Duration.ofDays(1));
    }
    assertThat(ann().said()).hasSize(3);

    assertThat(ann().forget("stand up")).isTrue();
    assertThat(ann().forget("stand up")).isFalse();
    test.clock().advance(Duration.ofDays(2));
    assertThat(ann().said()).hasSize(3);
  }

  @Test
  void onlyTheNewest_areRemembered() {
    for (int n = 0; n < Reminder.SAID_MAX + 5; n++) {
      ann().remind("n" + n, 1);
      test.clock().advance(Duration.ofSeconds(1));
    }
    List<Said> said = ann().said();
    assertThat(said).hasSize(Reminder.SAID_MAX);
    assertThat(said.getFirst().text()).isEqualTo("n24");
    assertThat(said.getLast().text()).isEqualTo("n5");
  }

  @Test
  void wrongOnes_areRefusedWithTheBound() {
    assertThatThrownBy(() -> ann().remind("x", -1)).hasMessageContaining("0 to ");
    assertThatThrownBy(() -> ann().remind(" ", 1)).hasMessageContaining("blank");
    assertThatThrownBy(() -> ann().remindDaily("x", 24)).hasMessageContaining("0 to 23");
    for (int n = 0; n < Reminder.WAITING_MAX; n++) {
      ann().remind("n" + n, 10);
    }
    assertThatThrownBy(() -> ann().remind("one more", 10)).hasMessageContaining("100");
    assertThat(ann().remind("n5", 20)).isEqualTo(BEGIN.plusSeconds(20));
  }
}
