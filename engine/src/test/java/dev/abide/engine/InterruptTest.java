package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.AbideException.Applied;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** G15: an interrupt cancels what is queued and interrupts what runs, and nothing else. */
final class InterruptTest extends ShapedTest {
  @Test
  void interrupt_whileQueued_cancels() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    AtomicReference<Boolean> flag = new AtomicReference<>();
    try (Held held = new Held(script(""))) {
      Thread caller =
          Thread.ofPlatform()
              .start(() -> {
                failure.set(
                    catchThrowable(
                        () -> script("").run((context, self) -> "" + runs.incrementAndGet())));
                flag.set(Thread.currentThread().isInterrupted());
              });
      await(() -> assertThat(caller.getState()).isEqualTo(Thread.State.WAITING));
      caller.interrupt();
      caller.join();
    }

    assertThat(script("").name()).isEqualTo(id);
    assertThat(failure.get()).isInstanceOf(CancelledException.class);
    assertThat(flag.get()).isTrue();
    assertThat(runs).hasValue(0);
  }

  @Test
  void interrupt_whileTheTurnRuns_interruptsTheTurnAndNoOther() throws Exception {
    AtomicReference<Object> outcome = new AtomicReference<>();
    AtomicReference<Boolean> next = new AtomicReference<>();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    Thread caller =
        Thread.ofPlatform()
            .start(() -> {
              try {
                outcome.set(
                    script("")
                        .run((context, self) -> {
                          begun.countDown();
                          try {
                            never.await();
                            return "not interrupted";
                          } catch (InterruptedException e) {
                            return "interrupted";
                          }
                        }));
              } catch (Exception e) {
                outcome.set(e);
              }
            });
    begun.await();
    script("")
        .send((context, self) -> {
          next.set(Thread.currentThread().isInterrupted());
          return "";
        });
    caller.interrupt();
    caller.join();
    await(() -> assertThat(next.get()).isNotNull());

    assertThat(outcome.get()).isEqualTo("interrupted");
    assertThat(next.get()).isFalse();
  }

  @Test
  void call_withTheFlagSet_isNotMade() {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> counter().increment(1))
          .isInstanceOfSatisfying(
              CancelledException.class,
              refused -> assertThat(refused.applied()).isEqualTo(Applied.NO));
      assertThatThrownBy(() -> counter().add(1)).isInstanceOf(CancelledException.class);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(counter().value()).isZero();
  }
}
