package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.fixtures.Script;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** G12: a cycle of waiting calls fails at once. */
final class DeadlockTest extends ShapedTest {
  @Test
  void chain_thatMeetsItself_failsAtOnceAndPrintsTheCycle() throws Exception {
    String a = id + "a";
    String b = id + "b";
    Throwable failure =
        catchThrowable(() ->
            script("a")
                .run((context, self) ->
                    context
                        .get(Script.class, b)
                        .run((inner, other) -> inner.get(Script.class, a).name())));

    assertThat(failure)
        .isInstanceOf(NestedCallException.class)
        .hasRootCauseInstanceOf(CallCycleException.class);
    assertThat(failure.getMessage())
        .contains("script/" + a + " -> script/" + b + " -> script/" + a);
  }

  /** A turn of b that its caller, a turn of a, has left by its deadline. */
  private Thread leftBehind(CountDownLatch callerEnds, Script.Step then) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(1);
    AtomicReference<Thread> runner = new AtomicReference<>();
    Thread caller =
        Thread.ofVirtual()
            .start(() -> {
              Throwable failure =
                  catchThrowable(() ->
                      script("a")
                          .run((context, self) -> {
                            try {
                              return context
                                  .get(Script.class, id + "b")
                                  .runInTime((inner, other) -> {
                                    runner.set(Thread.currentThread());
                                    begun.countDown();
                                    waitThrough(left);
                                    return then.run(inner, other);
                                  });
                            } catch (DeadlineException e) {
                              left.countDown();
                              callerEnds.await();
                              return "left";
                            }
                          }));
              if (failure != null) {
                reports.add(new Report(Report.Kind.INTERNAL, "", "", "caller", failure));
              }
            });
    begun.await();
    clock.advance(Duration.ofSeconds(2));
    left.await();
    if (callerEnds.getCount() == 0) {
      caller.join();
    }
    return runner.get();
  }

  private static void waitThrough(CountDownLatch latch) {
    boolean waiting = true;
    while (waiting) {
      try {
        latch.await();
        waiting = false;
      } catch (InterruptedException e) {
        // The deadline's interrupt; this turn takes no notice.
      }
    }
  }

  @Test
  @Timeout(60)
  void callerThatLeftByItsDeadline_isNoPartOfTheChain_andMayBeCalled() throws Exception {
    CountDownLatch callerEnds = new CountDownLatch(1);
    CompletableFuture<String> answer = new CompletableFuture<>();
    Thread b =
        leftBehind(
            callerEnds,
            (inner, other) -> {
              try {
                answer.complete(inner.get(Script.class, id + "a").name());
              } catch (Throwable failure) {
                answer.completeExceptionally(failure);
              }
              return "";
            });
    await(() -> assertThat(b.getState() == Thread.State.WAITING || answer.isDone()).isTrue());
    callerEnds.countDown();

    assertThat(answer.join()).isEqualTo(id + "a");
    assertThat(reports).isEmpty();
  }

  @Test
  @Timeout(60)
  void chainThatComesBackToACallerThatLeft_ends() throws Exception {
    CountDownLatch callerEnded = new CountDownLatch(0);
    CountDownLatch go = new CountDownLatch(1);
    CompletableFuture<String> answer = new CompletableFuture<>();
    Script.Step atA = (context, self) -> context.get(Script.class, id + "d").name();
    Script.Step atC = (context, self) -> context.get(Script.class, id + "a").run(atA);
    var _ =
        leftBehind(
            callerEnded,
            (inner, other) -> {
              waitThrough(go);
              try {
                answer.complete(inner.get(Script.class, id + "c").run(atC));
              } catch (Throwable failure) {
                answer.completeExceptionally(failure);
              }
              return "";
            });
    // Awake and idle, so that the call of c runs on its caller's thread, where nothing is walked.
    assertThat(script("a").name()).isEqualTo(id + "a");
    go.countDown();

    assertThat(answer.join()).isEqualTo(id + "d");
  }

  @Test
  void callToItself_throughItsOwnStub_isACycle() throws Exception {
    script("")
        .run((context, self) -> {
          assertThatThrownBy(() -> context.get(Script.class, id).name())
              .isInstanceOf(CallCycleException.class);
          return "";
        });
  }

  @Test
  void oneWay_toItself_isNone() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    script("")
        .run((context, self) -> {
          context.get(Script.class, id).send((later, same) -> "" + runs.incrementAndGet());
          return "";
        });
    await(() -> assertThat(runs).hasValue(1));
  }
}
