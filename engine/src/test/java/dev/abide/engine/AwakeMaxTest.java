package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.spi.Metrics;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** G11: how many objects are awake, where the thread that puts them to sleep gets no processor. */
class AwakeMaxTest {
  private static final int AWAKE_MAX = 300;

  /** A clock that holds the scanner fast: it asks for the time before all that it does. */
  private static final class Holding implements EngineClock {
    final CountDownLatch released = new CountDownLatch(1);

    @Override
    public Instant instant() {
      hold();
      return EngineClock.system().instant();
    }

    @Override
    public long nanoTime() {
      hold();
      return EngineClock.system().nanoTime();
    }

    private void hold() {
      if (Thread.currentThread().getName().equals("abide-scanner")) {
        try {
          released.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  @Test
  void moreWakesThanMayBeAwake_whileTheScannerStands_keepTheBoundThemselves() {
    Holding clock = new Holding();
    try (Abide abide =
        Abide.inMemory(options ->
            options.clock(clock).awakeMax(AWAKE_MAX).host(Counter.class, CounterObject::new))) {
      long most = 0;
      for (int n = 0; n < 5_000; n++) {
        abide.get(Counter.class, "o-" + n).increment(1);
        most = Math.max(most, awake(abide));
      }
      clock.released.countDown();

      assertThat(most).isBetween((long) AWAKE_MAX, 2L * AWAKE_MAX);
    }
  }

  private static long awake(Abide abide) {
    return Metrics.of(abide).series().stream()
        .filter(series -> series.name().equals("abide.awake"))
        .mapToLong(series -> series.value().getAsLong())
        .sum();
  }
}
