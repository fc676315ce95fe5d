package dev.abide.examples.limiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.testing.TestAbide;
import dev.abide.examples.limiter.Limiter.Decision;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LimiterTest {
  private final TestAbide test =
      TestAbide.open(options ->
          options.host(
              Limiter.class, Limiter.LimiterObject::new, type -> type.idleTimeout(Limiter.PERIOD)));
  private final Limiter limiter = test.abide().get(Limiter.class, "203.0.113.7");

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void bucket_givesWhatItHolds_andFillsUpAgain() {
    assertThat(limiter.acquire(4)).isEqualTo(new Decision(true, 6, 0));
    assertThat(limiter.acquire(6)).isEqualTo(new Decision(true, 0, 0));
    assertThat(limiter.acquire(2)).isEqualTo(new Decision(false, 0, 2_000));

    test.clock().advance(Duration.ofMillis(1_999));
    assertThat(limiter.acquire(2)).isEqualTo(new Decision(false, 1, 1));
    test.clock().advance(Duration.ofMillis(1));
    assertThat(limiter.acquire(2)).isEqualTo(new Decision(true, 0, 0));
  }

  @Test
  void sleep_forgetsOnlyAFullBucket() {
    limiter.acquire(10);
    test.clock().advance(Limiter.PERIOD.plusSeconds(1));
    test.awaitQuiet();

    assertThat(limiter.left()).isEqualTo(10);
    assertThat(test.abide().ids(Limiter.class)).as("nothing is stored").isEmpty();
  }

  @Test
  void acquire_outOfBounds_isRefusedWithTheBound() {
    assertThatThrownBy(() -> limiter.acquire(11)).hasMessageContaining("1 to 10");
    assertThatThrownBy(() -> limiter.acquire(0)).hasMessageContaining("1 to 10");
  }

  @Test
  void inAnyPeriod_noMoreThanTwoBucketsPass() {
    long seed = System.nanoTime();
    System.out.println("LimiterTest seed " + seed);
    Random random = new Random(seed);
    long given = 0;
    Duration passed = Duration.ZERO;
    for (int n = 0; n < 300; n++) {
      int permits = 1 + random.nextInt(10);
      given += limiter.acquire(permits).allowed() ? permits : 0;
      Duration step = Duration.ofMillis(random.nextInt(2_000));
      passed = passed.plus(step);
      test.clock().advance(step);
    }
    assertThat(given).isBetween(1L, 10 + passed.toSeconds() + 1);
  }
}
