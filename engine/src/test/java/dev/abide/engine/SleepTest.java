package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.fixtures.Counter;
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
}
