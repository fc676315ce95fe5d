package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.Shape;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** G3, G13: an engine whose own thread fails stops, and answers all that wait. */
@Timeout(60)
class FailStopTest {
  @TempDir Path directory;

  /** The machine's clock, until it breaks. */
  private static final class BreakingClock implements EngineClock {
    volatile boolean broken;

    @Override
    public Instant instant() {
      return Instant.now();
    }

    @Override
    public long nanoTime() {
      if (broken) {
        throw new IllegalStateException("the clock is broken");
      }
      return System.nanoTime();
    }
  }

  @Test
  void clockThatThrows_stopsTheEngineAndAnswersWhatWaits() throws Exception {
    BreakingClock clock = new BreakingClock();
    BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
    Abide abide =
        Shape.MEMORY.open(directory, options -> options.clock(clock).onReport(reports::add));
    Script script = abide.get(Script.class, "a");
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    CompletableFuture<String> running = new CompletableFuture<>();
    CompletableFuture<Throwable> waiting = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            running.complete(
                script.run((context, self) -> {
                  begun.countDown();
                  go.await();
                  return "ran";
                }));
          } catch (Exception e) {
            running.completeExceptionally(e);
          }
        });
    begun.await();
    Thread waiter =
        Thread.ofPlatform()
            .start(() -> {
              try {
                waiting.complete(new AssertionError(script.name()));
              } catch (Throwable refused) {
                waiting.complete(refused);
              }
            });
    while (waiter.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }

    clock.broken = true;

    assertThat(waiting.get())
        .isInstanceOfSatisfying(
            ClosedException.class,
            refused -> {
              assertThat(refused).hasMessageContaining("the clock is broken");
              assertThat(refused.applied()).isEqualTo(AbideException.Applied.NO);
              assertThat(refused.retryable()).isFalse();
            });
    Report report = reports.take();
    assertThat(report.kind()).isEqualTo(Report.Kind.SCANNER_FAILED);
    assertThat(abide.ready()).isFalse();
    assertThatThrownBy(() -> abide.get(Script.class, "b").name())
        .isInstanceOf(ClosedException.class);
    go.countDown();
    assertThat(running.get()).isEqualTo("ran");
    abide.close();
    assertThat(reports).isEmpty();
  }
}
