package dev.abide.examples.counter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.testing.TestAbide;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CounterTest {
  @Test
  void increment_afterSleepAndCrash_goesOn() {
    try (TestAbide test =
        TestAbide.open(options -> options.host(Counter.class, Counter.CounterObject::new))) {
      Counter hits = test.abide().get(Counter.class, "home-page");
      assertThat(hits.increment(2)).isEqualTo(2);

      test.clock().advance(Duration.ofMinutes(1));
      assertThat(hits.increment(1)).isEqualTo(3);

      test.crash();
      assertThat(test.abide().get(Counter.class, "home-page").value()).isEqualTo(3);
      assertThat(test.abide().get(Counter.class, "another").value()).isZero();
    }
  }
}
