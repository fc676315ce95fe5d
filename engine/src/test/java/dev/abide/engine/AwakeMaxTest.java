package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.spi.Metrics;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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

  /** Its sleep is a turn of its own, whose making looks at the clock. */
  private static final class Sleeper extends CounterObject implements OnSleep {
    Sleeper(ObjectContext context) {
      super(context);
    }

    @Override
    public void onSleep(SleepReason reason) {}
  }

  /** A clock that is broken for whoever puts objects to sleep because it woke one. */
  private static final class Broken implements EngineClock {
    @Override
    public Instant instant() {
      return EngineClock.system().instant();
    }

    @Override
    public long nanoTime() {
      if (StackWalker.getInstance()
          .walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals("woke")))) {
        throw new IllegalStateException("the clock is broken");
      }
      return EngineClock.system().nanoTime();
    }
  }

  @Test
  @Timeout(60)
  void failureWhilePuttingOthersToSleep_stopsTheEngine_andIsNoFailureOfTheTurnThatWoke()
      throws Exception {
    BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
    try (Abide abide =
        Abide.inMemory(options ->
            options
                .clock(new Broken())
                .onReport(report -> reports.add(report))
                .awakeMax(1)
                .host(Counter.class, Sleeper::new))) {
      Throwable refused = null;
      for (int n = 0; refused == null; n++) {
        Counter counter = abide.get(Counter.class, "o-" + n);
        refused = catchThrowable(() -> counter.increment(1));
      }

      assertThat(refused)
          .isInstanceOf(ClosedException.class)
          .hasMessageContaining("the clock is broken");
      assertThat(reports.take().kind()).isEqualTo(Report.Kind.SCANNER_FAILED);
    }
  }

  private static long awake(Abide abide) {
    return Metrics.of(abide).series().stream()
        .filter(series -> series.name().equals("abide.awake"))
        .mapToLong(series -> series.value().getAsLong())
        .sum();
  }
}
