package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.ScriptObject;
import dev.abide.engine.fixtures.Shape;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** G3, G15: what the end of an engine does to turns that do not end by themselves. */
class CloseTest {
  @TempDir Path directory;

  private Abide open(Shape shape) {
    return shape.open(
        directory, options -> options.closeTimeout(Duration.ofMillis(40)).onReport(report -> {}));
  }

  /** Where a call to an object that was called before runs on its caller's thread. */
  private Abide openInline() {
    return Shape.MEMORY.open(
        directory,
        options ->
            options
                .closeTimeout(Duration.ofMillis(40))
                .inline(true)
                .idleTimeout(Duration.ofDays(1))
                .awakeMax(100)
                .onReport(report -> {}));
  }

  @Test
  void inlineTurn_interruptedAtClose_leavesItsCallersFlagClear() throws Exception {
    Abide abide = openInline();
    Script script = abide.get(Script.class, "a");
    // Awake, so that the next call runs on its caller's thread.
    assertThat(script.name()).isEqualTo("a");
    CountDownLatch begun = new CountDownLatch(1);
    AtomicReference<String> outcome = new AtomicReference<>();
    Thread caller =
        Thread.ofPlatform()
            .start(() -> {
              try {
                Thread here = Thread.currentThread();
                String ran =
                    script.run((context, self) -> {
                      begun.countDown();
                      awaitFlag();
                      return Thread.currentThread() == here ? "here" : "elsewhere";
                    });
                outcome.set(ran + ", " + here.isInterrupted());
              } catch (Exception e) {
                outcome.set("" + e);
              }
            });
    begun.await();
    abide.close();
    caller.join();

    assertThat(outcome.get()).isEqualTo("here, false");
  }

  /** Asks for the time when close has begun and has not come to every object. */
  private static final class Sleeper extends CounterObject implements OnSleep {
    Sleeper(ObjectContext context) {
      super(context);
    }

    @Override
    public void onSleep(SleepReason reason) {}
  }

  /** A clock that does something else before it tells the time to a thread of this name. */
  private record Hooked(String thread, Runnable before) implements EngineClock {
    @Override
    public Instant instant() {
      return EngineClock.system().instant();
    }

    @Override
    public long nanoTime() {
      if (Thread.currentThread().getName().equals(thread)) {
        before.run();
      }
      return EngineClock.system().nanoTime();
    }
  }

  /** G2: an engine that closes refuses what is queued, and then nothing behind it may run. */
  @Test
  @Timeout(60)
  void callBehindAOneWayCallThatCloseRefused_isRefusedToo() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch refused = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    AtomicReference<Object> answer = new AtomicReference<>();
    Hooked clock =
        new Hooked(
            "closer",
            () -> {
              go.countDown();
              await(refused);
              await(answered);
            });
    Abide abide =
        Abide.inMemory(options ->
            options
                .clock(clock)
                .host(Script.class, ScriptObject::new)
                .host(Counter.class, Sleeper::new)
                .onReport(report -> {
                  if (report.kind() == Report.Kind.ONE_WAY_FAILED) {
                    refused.countDown();
                  }
                }));
    abide.get(Counter.class, "told at the close").value();
    Script script = abide.get(Script.class, "a");
    script.name();
    Thread holder =
        Thread.ofPlatform()
            .start(() -> {
              try {
                script.run((context, self) -> {
                  begun.countDown();
                  await(go);
                  return "";
                });
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    begun.await();
    Thread caller =
        Thread.ofPlatform()
            .start(() -> {
              script.send((context, self) -> "");
              begun.countDown();
              await(refused);
              while (answer.get() == null) {
                try {
                  answer.set(script.name());
                } catch (AbideException e) {
                  answer.set(e);
                }
              }
              answered.countDown();
            });
    while (caller.getState() != Thread.State.WAITING) {
      Thread.yield();
    }
    Thread closer = Thread.ofPlatform().name("closer").start(abide::close);
    closer.join();
    caller.join();
    holder.join();

    assertThat(answer.get()).isInstanceOf(ClosedException.class);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void inlineTurnInAnother_interruptedAtClose_eachHasItsOwnInterrupt() throws Exception {
    Abide abide = openInline();
    Script outer = abide.get(Script.class, "outer");
    Script inner = abide.get(Script.class, "inner");
    assertThat(outer.name() + inner.name()).isEqualTo("outerinner");
    CountDownLatch begun = new CountDownLatch(1);
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    Thread caller =
        Thread.ofPlatform()
            .start(() -> {
              try {
                outer.run((context, self) -> {
                  String said =
                      inner.run((deeper, other) -> {
                        begun.countDown();
                        awaitFlag();
                        // As InterruptedException would.
                        return "inner " + Thread.interrupted();
                      });
                  seen.add(said);
                  awaitFlag();
                  seen.add("outer");
                  return "";
                });
                seen.add("flag " + Thread.currentThread().isInterrupted());
              } catch (Exception e) {
                seen.add("" + e);
              }
            });
    begun.await();
    abide.close();
    caller.join();

    assertThat(seen).containsExactly("inner true", "outer", "flag false");
  }

  @Test
  void queuedTurn_interruptedAtClose_endsAndItsCallerGetsTheOutcome() throws Exception {
    Abide abide = open(Shape.DISK_QUEUED);
    CountDownLatch begun = new CountDownLatch(1);
    AtomicReference<String> outcome = new AtomicReference<>();
    Thread caller =
        Thread.ofPlatform()
            .start(() -> {
              try {
                outcome.set(
                    abide
                        .get(Script.class, "a")
                        .run((context, self) -> {
                          context.get(Counter.class, "b").increment(1);
                          begun.countDown();
                          awaitFlag();
                          return "interrupted";
                        }));
              } catch (Exception e) {
                outcome.set("" + e);
              }
            });
    begun.await();
    abide.close();
    caller.join();

    assertThat(outcome.get()).isEqualTo("interrupted");
    try (Abide again = open(Shape.DISK)) {
      assertThat(again.get(Counter.class, "b").value()).isEqualTo(1);
    }
  }

  @Test
  @Timeout(60)
  void oneWayTurnThatOutlivesTheGrace_isCountedOnce() throws Exception {
    Abide abide = open(Shape.MEMORY);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    abide
        .get(Script.class, "a")
        .send((context, self) -> {
          begun.countDown();
          waitThrough(go);
          return "";
        });
    begun.await();
    abide.close();
    go.countDown();

    // Returns when the turn has ended, not when close gave it up, and does return.
    abide.awaitDurable();
    abide.awaitDurable();
  }

  private static void awaitFlag() {
    while (!Thread.currentThread().isInterrupted()) {
      // No spin: where there is one processor a queued turn has the only carrier.
      LockSupport.park();
    }
  }

  private static void waitThrough(CountDownLatch latch) {
    boolean waiting = true;
    while (waiting) {
      try {
        latch.await();
        waiting = false;
      } catch (InterruptedException e) {
        // Of the close; this turn takes no notice.
      }
    }
  }
}
