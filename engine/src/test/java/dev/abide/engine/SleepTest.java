package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.ScriptObject;
import dev.abide.engine.spi.Metrics;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** G9: sleep is invisible. */
final class SleepTest extends ShapedTest {
  @Test
  void stub_heldAcrossSleep_callsTheNextInstance() {
    Counter counter = counter();
    counter.increment(1);
    int before = counter.instance();
    abide.sleep(Counter.class, id);

    assertThat(counter.increment(1)).isEqualTo(2);
    assertThat(counter.instance()).isGreaterThan(before);
  }

  @Test
  void idleObject_afterTheTimeout_sleeps() {
    counter().increment(1);
    int before = counter().instance();
    clock.advance(Duration.ofSeconds(11));

    assertThat(counter().instance()).isGreaterThan(before);
    assertThat(counter().value()).isEqualTo(1);
  }

  @Test
  void idleTimeout_isTenSecondsSinceTheLastCall_orWhatTheTypeSays() {
    try (Abide own =
        // With what is so by default, whatever the run is given.
        Abide.inMemory(options ->
            options
                .clock(clock)
                .host(Counter.class, CounterObject::new)
                .host(
                    Script.class,
                    ScriptObject::new,
                    type -> type.idleTimeout(Duration.ofMinutes(1))))) {
      clock.drive(own);
      own.get(Counter.class, id).increment(1);
      own.get(Script.class, id).name();
      for (int n = 0; n < 3; n++) {
        clock.advance(Duration.ofSeconds(9));
        assertThat(awake(own)).isEqualTo(2);
        assertThat(own.get(Counter.class, id).value()).isEqualTo(1);
      }
      clock.advance(Duration.ofSeconds(11));
      assertThat(awake(own)).isEqualTo(1);
      clock.advance(Duration.ofSeconds(23));
      assertThat(awake(own)).isZero();
    }
  }

  @Test
  void idleObject_thatIsPutToSleep_hasHadATurnForIt() {
    counter().increment(1);
    long turns = sum(abide, "abide.turns");
    long sleeps = sum(abide, "abide.sleeps");

    abide.sleep(Counter.class, id);

    assertThat(awake(abide)).isZero();
    assertThat(sum(abide, "abide.turns")).isEqualTo(turns + 1);
    assertThat(sum(abide, "abide.sleeps") - sleeps).isBetween(0L, 1L);
    assertThat(counter().value()).isEqualTo(1);
  }

  @Test
  void sleep_byAnInterruptedThread_isRefused_andTheObjectStaysAsItWas() {
    counter().increment(1);
    long awake = awake(abide);
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> abide.sleep(Counter.class, id))
          .isInstanceOf(CancelledException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(awake(abide)).isEqualTo(awake);
  }

  private static long awake(Abide of) {
    return sum(of, "abide.awake");
  }

  private static long sum(Abide of, String metric) {
    return Metrics.of(of).series().stream()
        .filter(series -> series.name().equals(metric))
        .mapToLong(series -> series.value().getAsLong())
        .sum();
  }
}
