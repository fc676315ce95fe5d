package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.ScriptObject;
import dev.abide.engine.testing.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** G3, G12: deadlines of scopes, and deadlines that travel. */
final class WithinTest extends ShapedTest {
  private static final Duration TEN = Duration.ofSeconds(10);

  /** Moves the clock once the test says so, in steps, until the calls are over. */
  private Throwable advancing(CountDownLatch ready, ThrowingSteps calls) throws Exception {
    AtomicReference<Throwable> outcome = new AtomicReference<>();
    Thread caller = Thread.ofVirtual().start(() -> outcome.set(catchThrowable(calls::run)));
    ready.await();
    clock.advance(TEN);
    assertThat(caller.join(Duration.ofSeconds(30))).isTrue();
    return outcome.get();
  }

  private interface ThrowingSteps {
    void run() throws Throwable;
  }

  @Test
  void callInTheScope_thatEndsInTime_isAnswered_andTheNextOneAfterItIsNotBound() throws Exception {
    String name = Abide.within(TEN, () -> script("a").name());
    assertThat(name).isEqualTo(id + "a");
    clock.advance(TEN);
    assertThat(script("a").name()).isEqualTo(id + "a");
  }

  @Test
  void callThatWaitsInAMailbox_isLeft_andNeverRuns() throws Exception {
    AtomicReference<Throwable> outcome = new AtomicReference<>();
    try (Held held = new Held(script("a"))) {
      Thread caller =
          Thread.ofVirtual()
              .start(() ->
                  outcome.set(
                      catchThrowable(() ->
                          Abide.within(
                              TEN,
                              () -> script("a").run((context, self) -> self.memory = "ran")))));
      // Until the call is in the mailbox, whose turn is held, its caller cannot be parked.
      await(() -> assertThat(caller.getState()).isEqualTo(Thread.State.WAITING));
      clock.advance(TEN);
      assertThat(caller.join(Duration.ofSeconds(30))).isTrue();
    }
    assertThat(outcome.get())
        .isInstanceOfSatisfying(
            DeadlineException.class,
            late -> {
              assertThat(late.applied()).isEqualTo(Applied.NO);
              assertThat(late.retryable()).isTrue();
            });
    assertThat(script("a").run((context, self) -> self.memory)).isEmpty();
  }

  @Test
  void deadline_travelsToNestedCalls_whoseTurnIsInterrupted() throws Exception {
    CountDownLatch ready = new CountDownLatch(1);
    AtomicReference<Throwable> inner = new AtomicReference<>();
    String b = id + "b";
    Throwable failure =
        advancing(
            ready,
            () ->
                Abide.within(
                    TEN,
                    () ->
                        script("a")
                            .run((context, self) -> {
                              inner.set(
                                  catchThrowable(() ->
                                      context
                                          .get(Script.class, b)
                                          .run((deep, other) -> {
                                            ready.countDown();
                                            new CountDownLatch(1).await();
                                            return "";
                                          })));
                              // The inner call may be let go first; the outer one is too.
                              new CountDownLatch(1).await();
                              return "";
                            })));

    assertThat(failure)
        .isInstanceOfSatisfying(
            DeadlineException.class, late -> assertThat(late.applied()).isEqualTo(Applied.UNKNOWN));
    await(() ->
        // Its own deadline was the same, and so it was let go, or its thread was interrupted.
        assertThat(inner.get())
            .isInstanceOfAny(DeadlineException.class, InterruptedException.class));
    assertThat(script("b").name()).isEqualTo(b);
    assertThat(script("a").name()).isEqualTo(id + "a");
  }

  @Test
  void scopeInATurn_boundsItsCallsOnly_andTheTurnGoesOn() throws Exception {
    CountDownLatch ready = new CountDownLatch(1);
    AtomicReference<String> outcome = new AtomicReference<>();
    String b = id + "b";
    Throwable failure =
        advancing(
            ready,
            () ->
                outcome.set(
                    script("a")
                        .run((context, self) -> {
                          Throwable late =
                              catchThrowable(() ->
                                  Abide.within(
                                      TEN,
                                      () -> {
                                        context
                                            .get(Script.class, b)
                                            .run((deep, other) -> {
                                              ready.countDown();
                                              new CountDownLatch(1).await();
                                              return "";
                                            });
                                      }));
                          // Outside of the scope again.
                          return late.getClass().getSimpleName()
                              + context.get(Script.class, b + "2").name();
                        })));

    assertThat(failure).isNull();
    assertThat(outcome.get()).isEqualTo("DeadlineException" + b + "2");
  }

  @Test
  void scopeInATurn_beginsWhereItIsOpened_notWithItsFirstCall() throws Exception {
    String b = id + "b";
    String outcome =
        script("a")
            .run((context, self) ->
                Abide.within(
                    TEN,
                    () -> {
                      clock.advance(TEN);
                      return "" + catchThrowable(() -> context.get(Script.class, b).name());
                    }));

    assertThat(outcome).contains("DeadlineException");
  }

  @Test
  void innerScope_isNeverLaterThanTheOuter_andOneThatHasPassedRefusesAtOnce() throws Exception {
    Abide.within(
        TEN,
        () -> {
          assertThat(script("a").name()).isEqualTo(id + "a");
          Abide.within(
              Duration.ofDays(1),
              () -> {
                assertThat(script("a").name()).isEqualTo(id + "a");
                clock.advance(TEN);
                assertThatThrownBy(() -> script("a").name())
                    .isInstanceOfSatisfying(
                        DeadlineException.class,
                        late -> {
                          assertThat(late.applied()).isEqualTo(Applied.NO);
                          assertThat(late.retryable()).isFalse();
                        });
              });
        });
    assertThatThrownBy(() -> Abide.within(Duration.ZERO, () -> script("a").name()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT0S");
  }

  /** What a turn of an object with an option of its host ends with when so much time has passed. */
  private Throwable afterATurnOf(boolean declares, Duration ofType, Duration time, boolean late)
      throws Exception {
    ManualClock hand = new ManualClock();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Script.Step step =
        (context, self) -> {
          begun.countDown();
          go.await();
          return "";
        };
    try (Abide hosts =
        Abide.inMemory(options ->
            options
                .clock(hand)
                .host(Script.class, ScriptObject::new, own -> own.deadline(ofType)))) {
      hand.drive(hosts);
      Script script = hosts.get(Script.class, id);
      CompletableFuture<Throwable> outcome = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(() ->
              outcome.complete(
                  catchThrowable(() -> {
                    if (declares) {
                      script.runInTime(step);
                    } else {
                      script.run(step);
                    }
                  })));
      assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
      hand.advance(time);
      if (!late) {
        go.countDown();
      }
      // One that is late is let go by the pass above, or by the next: its turn may begin before
      // its caller's thread has told the scanner of it.
      return outcome.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void deadlineOfAType_isThatOfItsMethodsThatDeclareNone_andOfNoOthers() throws Exception {
    Duration justBefore = TEN.minusMillis(1);
    assertThat(afterATurnOf(false, TEN, justBefore, false)).isNull();
    assertThat(afterATurnOf(false, TEN, TEN, true)).isInstanceOf(DeadlineException.class);
    // In time is one second.
    assertThat(afterATurnOf(true, TEN, Duration.ofSeconds(1), true))
        .isInstanceOf(DeadlineException.class);
    assertThat(afterATurnOf(true, Duration.ofMillis(100), Duration.ofMillis(500), false)).isNull();
  }

  @Test
  void deadlineOfAMethod_travelsToo() throws Exception {
    CountDownLatch ready = new CountDownLatch(1);
    AtomicReference<Throwable> inner = new AtomicReference<>();
    String b = id + "b";
    Throwable failure =
        advancing(
            ready,
            () ->
                script("a")
                    .runInTime((context, self) -> {
                      inner.set(
                          catchThrowable(() ->
                              context
                                  .get(Script.class, b)
                                  .run((deep, other) -> {
                                    ready.countDown();
                                    new CountDownLatch(1).await();
                                    return "";
                                  })));
                      new CountDownLatch(1).await();
                      return "";
                    }));

    assertThat(failure).isInstanceOf(DeadlineException.class);
    await(() -> assertThat(inner.get()).isNotNull());
    assertThat(script("b").name()).isEqualTo(b);
  }

  @Test
  void turnThatOutlivesItsDeadline_callsNobodyAnyMore() throws Exception {
    CountDownLatch ready = new CountDownLatch(1);
    CompletableFuture<Throwable> inner = new CompletableFuture<>();
    String b = id + "b";
    Throwable failure =
        advancing(
            ready,
            () ->
                script("a")
                    .runInTime((context, self) -> {
                      ready.countDown();
                      try {
                        new CountDownLatch(1).await();
                      } catch (InterruptedException e) {
                        // The deadline's interrupt; this turn takes no further notice.
                      }
                      inner.complete(catchThrowable(() -> context.get(Script.class, b).name()));
                      return "";
                    }));

    assertThat(failure).isInstanceOf(DeadlineException.class);
    assertThat(inner.get(30, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            DeadlineException.class, late -> assertThat(late.applied()).isEqualTo(Applied.NO));
    assertThat(script("b").name()).isEqualTo(b);
  }

  @Test
  void turnWithoutADeadline_thatRunsForLongerThanACallMayBeQueued_callsOnAllTheSame()
      throws Exception {
    String b = id + "b";
    // The first call is queued, for the object has to wake.
    String answer =
        script("a")
            .run((context, self) -> {
              clock.advance(Duration.ofSeconds(61));
              return context.get(Script.class, b).name();
            });

    assertThat(answer).isEqualTo(b);
  }

  @Test
  void methodWithADeadlineOfItsOwn_inAScope_hasTheEarlierOfTheTwo() throws Exception {
    for (Duration scope : List.of(TEN, Duration.ofMillis(400))) {
      CountDownLatch begun = new CountDownLatch(1);
      AtomicReference<Throwable> outcome = new AtomicReference<>();
      Thread caller =
          Thread.ofVirtual()
              .start(() ->
                  outcome.set(
                      catchThrowable(() ->
                          Abide.within(
                              scope,
                              () ->
                                  // In time is one second.
                                  script("a")
                                      .runInTime((context, self) -> {
                                        begun.countDown();
                                        new CountDownLatch(1).await();
                                        return "";
                                      })))));
      begun.await();
      clock.advance(scope.equals(TEN) ? Duration.ofMillis(1_200) : Duration.ofMillis(600));

      assertThat(caller.join(Duration.ofSeconds(30))).isTrue();
      assertThat(outcome.get()).isInstanceOf(DeadlineException.class);
    }
  }

  @Test
  void deletionAndSleep_areBoundByTheScopeToo() throws Exception {
    for (ThrowingSteps steps :
        List.<ThrowingSteps>of(
            () -> abide.delete(Script.class, id + "a"),
            () -> abide.sleep(Script.class, id + "a"))) {
      AtomicReference<Throwable> outcome = new AtomicReference<>();
      try (Held _ = new Held(script("a"))) {
        Thread caller =
            Thread.ofVirtual()
                .start(() ->
                    outcome.set(catchThrowable(() -> Abide.within(TEN, () -> unchecked(steps)))));
        await(() -> assertThat(caller.getState()).isEqualTo(Thread.State.WAITING));
        clock.advance(TEN);
        assertThat(caller.join(Duration.ofSeconds(30))).isTrue();
      }
      assertThat(outcome.get())
          .isInstanceOfSatisfying(
              DeadlineException.class, late -> assertThat(late.applied()).isEqualTo(Applied.NO));
    }
  }

  @Test
  void sleepThatWaitsForBackgroundWork_isBoundByTheScopeToo() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    script("a")
        .run((context, self) -> {
          context.background(() -> go.await());
          return "";
        });
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    Thread caller =
        Thread.ofVirtual()
            .start(() ->
                outcome.complete(
                    catchThrowable(
                        () -> Abide.within(TEN, () -> abide.sleep(Script.class, id + "a")))));
    await(() -> assertThat(caller.getState()).isEqualTo(Thread.State.TIMED_WAITING));
    clock.advance(TEN);

    assertThat(outcome.get(30, TimeUnit.SECONDS))
        .isInstanceOf(DeadlineException.class)
        .hasMessageContaining("background work or a stage of script/" + id + "a did not end before")
        .hasMessageContaining("the deadline of the scope");
    go.countDown();
  }

  private static void unchecked(ThrowingSteps steps) {
    try {
      steps.run();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void scope_holdsInAnotherEngine_byThatEnginesClock() throws Exception {
    ManualClock ahead = new ManualClock();
    ahead.advance(Duration.ofHours(1));
    try (Abide other =
        shape.open(
            directory.resolve("ahead"), options -> options.clock(ahead).onReport(reports::add))) {
      ahead.drive(other);
      String answer =
          script("a")
              .run((context, self) ->
                  Abide.within(
                      TEN,
                      () ->
                          context.get(Script.class, id + "b").name()
                              + other.get(Script.class, "x").name()));
      assertThat(answer).isEqualTo(id + "b" + "x");
      CountDownLatch begun = new CountDownLatch(1);
      AtomicReference<Throwable> outcome = new AtomicReference<>();
      Thread caller =
          Thread.ofVirtual()
              .start(() ->
                  outcome.set(
                      catchThrowable(() ->
                          script("a")
                              .run((context, self) ->
                                  Abide.within(
                                      TEN,
                                      () ->
                                          other
                                              .get(Script.class, "x")
                                              .run((inner, object) -> {
                                                begun.countDown();
                                                new CountDownLatch(1).await();
                                                return "";
                                              }))))));
      begun.await();
      ahead.advance(TEN);
      assertThat(caller.join(Duration.ofSeconds(30))).isTrue();
      assertThat(outcome.get()).hasRootCauseInstanceOf(DeadlineException.class);
    }
  }
}
