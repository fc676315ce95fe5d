package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.fixtures.Living;
import dev.abide.engine.fixtures.LivingObject;
import dev.abide.engine.spi.Metrics;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work beside the turns of an object. */
final class BackgroundTest extends ShapedTest {
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);
  private final AtomicReference<Object> outcome = new AtomicReference<>();

  private String turn(Living.Step step) throws Exception {
    return living("").run(step);
  }

  /** Work that waits for the test; what ends it is the outcome. */
  private String begin(ObjectContext context) {
    context.background(() -> {
      begun.countDown();
      try {
        go.await();
        outcome.set("done");
      } catch (InterruptedException e) {
        outcome.set(e);
      }
    });
    return "";
  }

  @Test
  void work_beginsAfterItsTurn_runsBesideOthers_andEntersTheObject() throws Exception {
    turn((context, self) -> {
      self.number.set(1L);
      context.background(() -> {
        begun.countDown();
        go.await();
        long seen =
            context.enter(() -> {
              self.text.set("entered");
              return self.number.update(n -> n + 10);
            });
        context.enter(() -> self.number.set(seen + 100));
        outcome.set(seen);
      });
      return "";
    });
    begun.await();
    turn((context, self) -> "" + self.number.update(n -> n + 1));
    assertThat(outcome.get()).isNull();
    go.countDown();
    await(() -> assertThat(outcome).hasValue(12L));

    assertThat(turn((context, self) -> self.text.get() + self.number.get()))
        .isEqualTo("entered112");
  }

  @Test
  void work_ofATurnThatThrew_neverBegins() throws Exception {
    assertThatThrownBy(() ->
            turn((context, self) -> {
              begin(context);
              throw new IllegalArgumentException("no");
            }))
        .hasMessage("no");
    turn((context, self) -> {
      context.background(() -> outcome.set("later"));
      return "";
    });
    await(() -> assertThat(outcome).hasValue("later"));
    assertThat(begun.getCount()).isEqualTo(1);
  }

  @Test
  void turnThatWorkEntered_andThatThrows_isUndone_andTheWorkIsTold() throws Exception {
    turn((context, self) -> {
      context.background(() ->
          outcome.set(
              catchThrowable(() ->
                  context.enter(() -> {
                    if (self.number.get() == 0) {
                      throw new java.io.IOException("nothing written");
                    }
                  }))));
      return "";
    });
    await(() -> assertThat(outcome.get()).isInstanceOf(java.io.IOException.class));
    AtomicReference<Object> again = new AtomicReference<>();
    turn((context, self) -> {
      context.background(() -> {
        Throwable first =
            catchThrowable(() ->
                context.enter(() -> {
                  self.text.set("half");
                  throw new java.io.IOException("after a write");
                }));
        // The write has reset the object: the instance that began this work is gone.
        again.set(first.getMessage() + catchThrowable(() -> context.enter(() -> {})).getClass());
      });
      return "";
    });
    await(() ->
        assertThat(again.get())
            .isIn(
                "after a write" + IllegalStateException.class,
                "after a write" + CancelledException.class));
    assertThat(turn((context, self) -> self.text.get())).isEmpty();
  }

  @Test
  void work_keepsTheObjectAwake_andSleepWaitsForIt() throws Exception {
    turn((context, self) -> begin(context));
    begun.await();
    clock.advance(Duration.ofMinutes(1));
    living("other").run((context, self) -> "");
    clock.advance(Duration.ofMinutes(1));
    assertThat(LivingObject.events(id)).containsExactly("wake");
    Thread sleeper = Thread.ofVirtual().start(() -> abide.sleep(Living.class, id));
    // It waits outside of the mailbox: the object can be called meanwhile.
    assertThat(turn((context, self) -> "called")).isEqualTo("called");
    go.countDown();
    assertThat(sleeper.join(Duration.ofSeconds(30))).isTrue();

    assertThat(outcome).hasValue("done");
    await(() -> assertThat(LivingObject.events(id)).anyMatch(event -> event.startsWith("sleep")));
  }

  @Test
  void sleep_thatWaitedAsLongAsItMay_saysSo() throws Exception {
    turn((context, self) -> begin(context));
    begun.await();
    AtomicReference<Throwable> refused = new AtomicReference<>();
    Thread sleeper =
        Thread.ofVirtual()
            .start(() -> refused.set(catchThrowable(() -> abide.sleep(Living.class, id))));
    // It has been to the mailbox, and waits beside it.
    await(() -> assertThat(sleeper.getState()).isEqualTo(Thread.State.TIMED_WAITING));
    clock.advance(Duration.ofSeconds(61));
    sleeper.join();
    assertThat(refused.get())
        .isInstanceOf(DeadlineException.class)
        .hasMessageContaining("background work");
    go.countDown();
  }

  @Test
  void reset_interruptsTheWork() throws Exception {
    turn((context, self) -> begin(context));
    begun.await();
    assertThatThrownBy(() ->
            turn((context, self) -> {
              throw new ResetException("asked for");
            }))
        .isInstanceOf(ResetException.class);
    await(() -> assertThat(outcome.get()).isInstanceOf(InterruptedException.class));
    assertThat(reports).isEmpty();
  }

  @Test
  void deletion_interruptsTheWork() throws Exception {
    turn((context, self) -> begin(context));
    begun.await();
    abide.delete(Living.class, id);
    await(() -> assertThat(outcome.get()).isInstanceOf(InterruptedException.class));
  }

  @Test
  void close_interruptsTheWorkOnce_andWaitsForIt() throws Exception {
    turn((context, self) -> {
      context.background(() -> {
        begun.countDown();
        try {
          go.await();
        } catch (InterruptedException e) {
          // Till the instance is gone too, which is the second reason to end this work.
          while (awake() != 0) {
            // No spin, and no yield: where there is one processor this thread has the only carrier,
            // and those that yield come before those that platform threads start.
            LockSupport.parkNanos(1_000_000);
          }
          boolean again = Thread.interrupted();
          outcome.set(again ? "again" : catchThrowable(() -> context.enter(() -> {})));
        }
      });
      return "";
    });
    begun.await();
    abide.close();

    // Its flag is clear, so that it can clean up, and yet there is no turn to be had any more.
    assertThat(outcome.get()).isInstanceOfAny(ClosedException.class, IllegalStateException.class);
  }

  private long awake() {
    return gauge("abide.awake");
  }

  private long gauge(String name) {
    return Metrics.of(abide).series().stream()
        .filter(series -> series.name().equals(name))
        .mapToLong(series -> series.value().getAsLong())
        .sum();
  }

  @Test
  void work_thatThrows_isReported() throws Exception {
    turn((context, self) -> {
      context.background(() -> {
        throw new IllegalStateException("broken");
      });
      return "";
    });
    await(() -> assertThat(reports).hasSize(1));
    assertThat(reports.peek().kind()).isEqualTo(Report.Kind.BACKGROUND_FAILED);
    assertThat(reports.peek().cause()).hasMessage("broken");
  }

  @Test
  void tooMuchWork_isRefusedWithTheBound() throws Exception {
    AtomicInteger running = new AtomicInteger();
    turn((context, self) -> {
      for (int n = 0; n < 64; n++) {
        context.background(() -> {
          running.incrementAndGet();
          go.await();
          running.decrementAndGet();
        });
      }
      assertThatThrownBy(() -> context.background(() -> {}))
          .isInstanceOf(OverloadedException.class)
          .hasMessageContaining("64");
      return "";
    });
    await(() -> assertThat(running).hasValue(64));
    turn((context, self) -> {
      assertThatThrownBy(() -> context.background(() -> {}))
          .isInstanceOf(OverloadedException.class);
      return "";
    });
    go.countDown();
    await(() -> assertThat(running).hasValue(0));
  }

  @Test
  void enter_inATurn_orOnAStrangersThread_isRefused_andReadOnlyTurnsBeginNothing()
      throws Exception {
    AtomicReference<ObjectContext> kept = new AtomicReference<>();
    turn((context, self) -> {
      kept.set(context);
      begin(context);
      assertThatThrownBy(() -> context.enter(() -> {}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("background");
      return "";
    });
    assertThatThrownBy(() -> kept.get().enter(() -> {})).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> kept.get().background(() -> {}))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> living("").look((context, self) -> begin(context)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("@ReadOnly");
    go.countDown();
  }

  @Test
  void workThatItsInterruptEnds_isNotReported_forItsInstanceWasResetAndThatIsKnown()
      throws Exception {
    turn((context, self) -> {
      context.background(() -> {
        begun.countDown();
        new CountDownLatch(1).await();
      });
      return "";
    });
    begun.await();
    assertThatThrownBy(() ->
            turn((context, self) -> {
              throw new ResetException("asked for");
            }))
        .isInstanceOf(ResetException.class);
    await(() -> assertThat(gauge("abide.background")).isZero());
    // What is told is told on a thread of its own: behind this one.
    turn((context, self) -> {
      context.background(() -> {
        throw new IllegalStateException("meant");
      });
      return "";
    });
    await(() -> assertThat(reports).isNotEmpty());

    assertThat(reports)
        .singleElement()
        .satisfies(report -> assertThat(report.cause()).hasMessage("meant"));
  }

  @Test
  @Timeout(60)
  void turnThatWorkAskedFor_behindTheResetOfItsInstance_neverRuns() throws Exception {
    for (int round = 0; round < 20; round++) {
      CountDownLatch working = new CountDownLatch(1);
      CountDownLatch held = new CountDownLatch(1);
      AtomicReference<String> ran = new AtomicReference<>("");
      turn((context, self) -> {
        context.background(() -> {
          working.countDown();
          held.await();
          context.enter(() -> ran.set("ran"));
        });
        return "";
      });
      working.await();
      living("")
          .send((context, self) -> {
            held.countDown();
            // Its own, and the one that the work asks for.
            while (gauge("abide.mailbox.turns") < 2) {
              LockSupport.parkNanos(1_000_000);
            }
            throw new ResetException("asked for");
          });
      await(() -> assertThat(gauge("abide.background")).isZero());
      turn((context, self) -> "");

      assertThat(ran).hasValue("");
    }
  }
}
