package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.fixtures.Later;
import dev.abide.engine.fixtures.Lobby;
import dev.abide.engine.fixtures.LobbyObject;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.internal.Access;
import dev.abide.engine.testing.TestSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Methods that return a stage: the turn ends with the method, the call with the stage. */
@Timeout(60)
final class StageTest extends ShapedTest {
  private final CompletableFuture<String> promise = new CompletableFuture<>();

  private CompletableFuture<String> run(String name, Later.Step step) throws Exception {
    return later(name).run(step).toCompletableFuture();
  }

  private CompletableFuture<String> open(String name) throws Exception {
    CompletableFuture<String> stage = run(name, (context, self) -> promise);
    // The turn that returns it has ended when a later one has.
    later(name).turn((context, self) -> "");
    assertThat(stage).isNotDone();
    return stage;
  }

  private String turn(String name, Later.Turn turn) throws Exception {
    return later(name).turn(turn);
  }

  private long number(String name) throws Exception {
    return Long.parseLong(turn(name, (context, self) -> "" + self.number.get()));
  }

  private static Throwable failure(CompletableFuture<?> stage) {
    try {
      var _ = stage.get();
      return null;
    } catch (ExecutionException e) {
      return e.getCause();
    } catch (InterruptedException e) {
      return e;
    }
  }

  private static void assertUnknown(Throwable failure, Class<? extends AbideException> type) {
    assertThat(failure)
        .asInstanceOf(InstanceOfAssertFactories.throwable(AbideException.class))
        .isInstanceOf(type)
        .satisfies(
            e -> assertThat(e.applied()).isEqualTo(Applied.UNKNOWN),
            e -> assertThat(e.retryable()).isFalse());
  }

  @Test
  void stage_completesLater_whileTheObjectTakesOtherTurns_onAVirtualThreadOfItsOwn()
      throws Exception {
    CompletableFuture<String> stage =
        run(
            "",
            (context, self) -> {
              self.number.set(5L);
              return promise;
            });
    AtomicReference<Thread> completedOn = new AtomicReference<>();
    CompletableFuture<Void> seen =
        stage.thenAccept(value -> completedOn.set(Thread.currentThread()));
    assertThat(number("")).isEqualTo(5);
    turn("", (context, self) -> "" + self.number.update(n -> n + 1));
    assertThat(stage).isNotDone();
    promise.complete("done");

    // First, for whoever waits for the stage itself helps with what follows it.
    seen.join();
    assertThat(stage.get()).isEqualTo("done");
    assertThat(completedOn.get().isVirtual()).isTrue();
    assertThat(completedOn.get()).isNotSameAs(Thread.currentThread());
    assertThat(number("")).isEqualTo(6);
  }

  @Test
  void stageThatIsComplete_whenItIsReturned_isTheAnswer() throws Exception {
    assertThat(run("", (context, self) -> CompletableFuture.completedFuture("now")).get())
        .isEqualTo("now");
    assertThat(later("").nothing().toCompletableFuture().get()).isNull();
    assertThat(later("").words(3).toCompletableFuture().get())
        .containsExactly("word0", "word1", "word2");
  }

  @Test
  void stage_completedInALaterTurn_isToldWhenThatHasCommitted() throws Exception {
    CompletableFuture<String> stage = run("", (context, self) -> self.promise);
    turn(
        "",
        (context, self) -> {
          self.promise.complete("from a turn");
          assertThat(stage).as("held until the turn has committed").isNotDone();
          self.number.set(7L);
          return "";
        });

    assertThat(stage.get()).isEqualTo("from a turn");
    assertThat(number("")).isEqualTo(7);
  }

  @Test
  void stage_completedInATurnThatThenFails_endsWithTheReset_ifThatHadWritten() throws Exception {
    CompletableFuture<String> stage = run("", (context, self) -> self.promise);
    assertThatThrownBy(() ->
            turn(
                "",
                (context, self) -> {
                  self.number.set(1L);
                  self.promise.complete("of what never was");
                  throw new IllegalArgumentException("no");
                }))
        .hasMessage("no");

    assertUnknown(failure(stage), ResetException.class);
    assertThat(number("")).isZero();
  }

  @Test
  void stage_completedInATurnThatThenFails_isTold_ifThatHadWrittenNothing() throws Exception {
    CompletableFuture<String> stage = run("", (context, self) -> self.promise);
    assertThatThrownBy(() ->
            turn(
                "",
                (context, self) -> {
                  self.promise.complete("kept");
                  throw new IllegalArgumentException("no");
                }))
        .hasMessage("no");

    assertThat(stage.get()).isEqualTo("kept");
  }

  @Test
  void methodThatThrows_failsTheStage_withItsOwnException_andWritesNothing() throws Exception {
    CompletableFuture<String> stage =
        run(
            "",
            (context, self) -> {
              self.number.set(1L);
              throw new IllegalArgumentException("of the method");
            });

    assertThat(failure(stage)).isInstanceOf(IllegalArgumentException.class);
    assertThat(number("")).isZero();
  }

  @Test
  void stageThatFails_tellsItsOwnException_andWhatTheTurnWroteStays() throws Exception {
    CompletableFuture<String> stage =
        run(
            "",
            (context, self) -> {
              self.number.set(1L);
              // What follows a stage wraps its exception; the caller gets the bare one.
              return promise.thenApply(text -> text);
            });
    promise.completeExceptionally(new IllegalArgumentException("of the stage"));

    assertThat(failure(stage))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("of the stage");
    assertThat(number("")).isOne();
  }

  @Test
  void methodThatReturnsNull_fails() throws Exception {
    CompletableFuture<String> stage =
        run(
            "",
            (context, self) -> {
              self.number.set(1L);
              return null;
            });

    assertThat(failure(stage)).isInstanceOf(NullPointerException.class);
    assertThat(number("")).isZero();
  }

  @Test
  void nullWhereTheSignatureAllowsNone_failsTheStage() throws Exception {
    CompletableFuture<String> stage = run("", (context, self) -> promise);
    promise.complete(null);

    assertThat(failure(stage))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("result of Later.run");
  }

  @Test
  void value_isCopiedWhenTheStageCompletes() throws Exception {
    List<String> words = new ArrayList<>(List.of("a"));
    CompletableFuture<List<String>> list = new CompletableFuture<>();
    CompletableFuture<List<String>> stage = later("").list(self -> list).toCompletableFuture();
    // The engine listens a moment after the turn, when the object is free already.
    await(() -> assertThat(list.getNumberOfDependents()).isPositive());
    list.complete(words);
    words.add("b");

    assertThat(stage.get()).containsExactly("a");
    assertThatThrownBy(() -> stage.get().add("c"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void reset_endsAnOpenStage() throws Exception {
    CompletableFuture<String> stage = open("");
    assertThatThrownBy(() ->
        turn(
            "",
            (context, self) -> {
              throw new ResetException("asked for");
            }));

    assertUnknown(failure(stage), ResetException.class);
    promise.complete("too late");
    assertThat(number("")).isZero();
  }

  @Test
  void deletion_endsAnOpenStage_fromOutsideAndInATurn() throws Exception {
    CompletableFuture<String> outside = open("a");
    turn("a", (context, self) -> "" + self.number.update(n -> n + 1));
    abide.delete(Later.class, id + "a");
    CompletableFuture<String> inside = open("b");
    turn(
        "b",
        (context, self) -> {
          context.delete();
          return "";
        });
    CompletableFuture<String> own =
        run(
            "c",
            (context, self) -> {
              context.delete();
              return promise;
            });

    assertUnknown(failure(outside), ResetException.class);
    assertUnknown(failure(inside), ResetException.class);
    assertUnknown(failure(own), ResetException.class);
  }

  @Test
  void close_endsAnOpenStage_andDoesNotWaitForIt() throws Exception {
    CompletableFuture<String> stage = open("");
    abide.close();

    assertUnknown(failure(stage), ClosedException.class);
    assertThat(failure(later("").nothing().toCompletableFuture()))
        .isInstanceOfSatisfying(
            ClosedException.class, e -> assertThat(e.applied()).isEqualTo(Applied.NO));
  }

  @Test
  void engineThatFails_endsAnOpenStage() throws Exception {
    CompletableFuture<String> stage = open("");
    Access.get().engine(abide).storageFailed(new IllegalStateException("by the test"));

    assertUnknown(failure(stage), ClosedException.class);
  }

  @Test
  void deadline_ofAnOpenStage_endsIt() throws Exception {
    CompletableFuture<String> stage =
        later("").runInTime((context, self) -> promise).toCompletableFuture();
    turn("", (context, self) -> "");
    clock.advance(Duration.ofMillis(900));
    assertThat(stage).isNotDone();
    clock.advance(Duration.ofMillis(200));

    assertUnknown(failure(stage), DeadlineException.class);
  }

  @Test
  void deadline_ofARunningTurn_interruptsIt_andOfAQueuedOne_takesItOut() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    CompletableFuture<String> interrupted = new CompletableFuture<>();
    CompletableFuture<String> running =
        later("")
            .runInTime((context, self) -> {
              begun.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                interrupted.complete("interrupted");
              }
              go.await();
              return promise;
            })
            .toCompletableFuture();
    begun.await();
    CompletableFuture<String> queued =
        later("").runInTime((context, self) -> promise).toCompletableFuture();
    clock.advance(Duration.ofSeconds(2));

    assertUnknown(failure(running), DeadlineException.class);
    assertThat(interrupted.get()).isEqualTo("interrupted");
    assertThat(failure(queued))
        .isInstanceOfSatisfying(
            DeadlineException.class, e -> assertThat(e.applied()).isEqualTo(Applied.NO));
    go.countDown();
  }

  @Test
  void openStage_keepsTheObjectAwake_untilItCompletes() throws Exception {
    turn("", (context, self) -> "");
    CompletableFuture<String> stage = run("", (context, self) -> self.promise);
    turn("", (context, self) -> "");
    clock.advance(Duration.ofSeconds(60));
    // Only the same instance has the promise that the first turn returned.
    turn("", (context, self) -> "" + self.promise.complete("same instance"));

    assertThat(stage.get()).isEqualTo("same instance");
  }

  @Test
  void sleep_waitsForAnOpenStage_atMostAsLongAsACallMayBeQueued() throws Exception {
    CompletableFuture<String> stage = open("");
    CompletableFuture<Throwable> slept = new CompletableFuture<>();
    Thread sleeper =
        Thread.ofVirtual()
            .start(() -> slept.complete(catchThrowable(() -> abide.sleep(Later.class, id))));
    await(() -> assertThat(sleeper.getState()).isEqualTo(Thread.State.TIMED_WAITING));
    clock.advance(Duration.ofSeconds(61));

    assertThat(slept.get())
        .isInstanceOf(DeadlineException.class)
        .hasMessageContaining("a stage of");
    promise.complete("done");
    assertThat(stage.get()).isEqualTo("done");
    abide.sleep(Later.class, id);
  }

  @Test
  void cancel_takesAQueuedCallOut_andInterruptsARunningOne() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<String> outcome = new CompletableFuture<>();
    CompletableFuture<String> running =
        run(
            "",
            (context, self) -> {
              begun.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                outcome.complete("interrupted");
              }
              return promise;
            });
    begun.await();
    CompletableFuture<String> queued =
        run(
            "",
            (context, self) -> {
              self.number.set(9L);
              return promise;
            });
    queued.cancel(true);
    running.cancel(true);

    assertThat(outcome.get()).isEqualTo("interrupted");
    assertThat(number("")).as("the queued one never ran").isZero();
    assertThat(queued).isCancelled();
    assertThat(running).isCancelled();
  }

  @Test
  void refusals_comeWithTheStage_andMisuseIsThrown() throws Exception {
    Thread.currentThread().interrupt();
    CompletableFuture<String> cancelled = run("", (context, self) -> promise);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure(cancelled))
        .isInstanceOfSatisfying(
            CancelledException.class, e -> assertThat(e.applied()).isEqualTo(Applied.NO));

    CompletionStage<String> stage =
        later("")
            .look((context, self) ->
                context.get(Later.class, id + "x").run((inner, other) -> promise));
    assertThat(failure(stage.toCompletableFuture())).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> later("").run(null)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void fullMailbox_andAsManyOpenStages_refuseAMore() throws Exception {
    List<CompletableFuture<String>> open = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      open.add(run("", (context, self) -> promise));
      turn("", (context, self) -> "");
    }
    CompletableFuture<String> oneMore = run("", (context, self) -> promise);
    assertThat(failure(oneMore))
        .isInstanceOf(OverloadedException.class)
        .hasMessageContaining("100 open stages");
    promise.complete("done");
    for (CompletableFuture<String> stage : open) {
      assertThat(stage.get()).isEqualTo("done");
    }

    assertThat(run("", (context, self) -> promise).get()).isEqualTo("done");
  }

  @Test
  void calls_ofOneThread_startInTheirOrder_stagesAmongThem() throws Exception {
    Queue<Integer> order = new ConcurrentLinkedQueue<>();
    List<CompletableFuture<String>> stages = new ArrayList<>();
    for (int i = 0; i < 30; i += 3) {
      int number = i;
      stages.add(
          run(
              "",
              (context, self) -> {
                order.add(number);
                return CompletableFuture.completedFuture("");
              }));
      later("")
          .send((context, self) -> {
            order.add(number + 1);
            return "";
          });
      turn(
          "",
          (context, self) -> {
            order.add(number + 2);
            return "";
          });
    }
    CompletableFuture.allOf(stages.toArray(CompletableFuture[]::new)).join();

    assertThat(List.copyOf(order)).hasSize(30).isSorted();
  }

  @Test
  void nestedRefusal_inAStage_saysWhatIsTrueOfTheOuterCall() throws Exception {
    CompletableFuture<String> stage =
        run(
            "",
            (context, self) ->
                context
                    .get(Later.class, id + "other")
                    .run((inner, other) -> {
                      throw new ResetException("of the other");
                    }));

    assertThat(failure(stage))
        .isInstanceOf(NestedCallException.class)
        .hasMessageContaining("of the other");
    assertUnknown(failure(stage), NestedCallException.class);
  }

  @Test
  void joinInATurn_ofAStageOfAnotherObject_isAnswered() throws Exception {
    String answer =
        turn(
            "",
            (context, self) ->
                context
                    .get(Later.class, id + "other")
                    .words(2)
                    .toCompletableFuture()
                    .join()
                    .toString());

    assertThat(answer).isEqualTo("[word0, word1]");
  }

  @Test
  void joinInATurn_ofAStageOfItsOwn_isACycle() throws Exception {
    turn(
        "",
        (context, self) -> {
          CompletionStage<String> own = context.get(Later.class, id).run((inner, other) -> promise);
          assertThatThrownBy(() -> own.toCompletableFuture().join())
              .isInstanceOf(CompletionException.class)
              .cause()
              .isInstanceOfSatisfying(
                  CallCycleException.class,
                  e -> {
                    assertThat(e.applied()).isEqualTo(Applied.NO);
                    assertThat(e.retryable()).isFalse();
                  })
              .hasMessageContaining(id);
          return "";
        });
  }

  @Test
  void twoTurns_thatJoinStagesOfEachOther_areACycle_theOtherGoesOn() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    List<CompletableFuture<Object>> outcomes =
        Arrays.asList(new CompletableFuture<>(), new CompletableFuture<>());
    for (int i = 0; i < 2; i++) {
      String own = i == 0 ? "a" : "b";
      String other = i == 0 ? "b" : "a";
      CompletableFuture<Object> outcome = outcomes.get(i);
      Thread.ofVirtual()
          .start(() -> {
            try {
              outcome.complete(
                  turn(
                      own,
                      (context, self) -> {
                        both.await();
                        return context
                            .get(Later.class, id + other)
                            .run((inner, object) -> CompletableFuture.completedFuture("ok"))
                            // What is derived from a stage waits for the same call.
                            .thenApply(text -> text + "!")
                            .toCompletableFuture()
                            .join();
                      }));
            } catch (Throwable failure) {
              outcome.complete(failure);
            }
          });
    }

    List<Object> ended = outcomes.stream().map(CompletableFuture::join).toList();
    assertThat(ended).contains("ok!");
    assertThat(ended)
        .filteredOn(Throwable.class::isInstance)
        .singleElement(InstanceOfAssertFactories.THROWABLE)
        .hasRootCauseInstanceOf(CallCycleException.class);
  }

  /**
   * Another turn, which waits for a call of this object. Returns when it has looked for a cycle.
   */
  private static void awaitParked(CompletableFuture<Thread> caller) {
    Thread thread = caller.join();
    await(() -> assertThat(thread.getState()).isEqualTo(Thread.State.WAITING));
  }

  @Test
  void turnThatJoins_aTurnThatHasComeToWaitForIt_isACycle_whoseQueuedCallIsEnded()
      throws Exception {
    CompletableFuture<Thread> calls = new CompletableFuture<>();
    CompletableFuture<Throwable> called = new CompletableFuture<>();
    String answer =
        turn(
            "a",
            (context, self) -> {
              CompletableFuture<String> stage =
                  context
                      .get(Later.class, id + "b")
                      .run((inner, other) -> {
                        calls.complete(Thread.currentThread());
                        called.complete(
                            catchThrowable(
                                () -> inner.get(Later.class, id + "a").turn((again, same) -> "")));
                        return CompletableFuture.completedFuture("goes on");
                      })
                      .toCompletableFuture();
              // Its call is queued here, and nobody waits for it yet.
              awaitParked(calls);
              // The clock stands still: nothing but a search can end this.
              return stage.get();
            });

    assertThat(answer).isEqualTo("goes on");
    assertThat(called.join())
        .isInstanceOfSatisfying(
            CallCycleException.class,
            e -> {
              assertThat(e.applied()).isEqualTo(Applied.NO);
              assertThat(e.retryable()).isTrue();
            })
        .hasMessageContaining("later/" + id + "a waits for later/" + id + "b")
        .hasMessageContaining("later/" + id + "b waits for later/" + id + "a");
  }

  @Test
  void turnThatJoins_anOpenStageOfAnObjectThatWaitsForIt_isNoCycle() throws Exception {
    CompletableFuture<Thread> joins = new CompletableFuture<>();
    CompletableFuture<Thread> calls = new CompletableFuture<>();
    CompletableFuture<Object> called = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          awaitParked(joins);
          promise.complete("by somebody else");
        });
    String answer =
        turn(
            "a",
            (context, self) -> {
              Later b = context.get(Later.class, id + "b");
              CompletableFuture<String> stage =
                  b.run((inner, other) -> promise).toCompletableFuture();
              b.send((inner, other) -> {
                calls.complete(Thread.currentThread());
                try {
                  called.complete(
                      inner.get(Later.class, id + "a").turn((again, same) -> "answered"));
                } catch (Throwable failure) {
                  called.complete(failure);
                }
                return "";
              });
              awaitParked(calls);
              joins.complete(Thread.currentThread());
              return stage.get();
            });

    assertThat(answer).isEqualTo("by somebody else");
    assertThat(called.join()).isEqualTo("answered");
  }

  @Test
  void turnThatJoinsItsOwnStage_isRefused_andGoesOn() throws Exception {
    CompletableFuture<CompletableFuture<String>> own = new CompletableFuture<>();
    List<Throwable> refused = new ArrayList<>();
    CompletableFuture<String> stage =
        run(
            "",
            (context, self) -> {
              CompletableFuture<String> itself = own.join();
              refused.add(catchThrowable(itself::join));
              refused.add(catchThrowable(itself::get));
              refused.add(catchThrowable(() -> itself.get(1, TimeUnit.DAYS)));
              return CompletableFuture.completedFuture("goes on");
            });
    own.complete(stage);

    assertThat(stage.get()).isEqualTo("goes on");
    assertThat(refused)
        .hasSize(3)
        .allSatisfy(failure ->
            assertUnknown(Objects.requireNonNull(failure.getCause()), CallCycleException.class));
    assertThat(refused.get(0)).isInstanceOf(CompletionException.class);
    assertThat(refused.get(1)).isInstanceOf(ExecutionException.class);
    assertThat(refused.get(2)).isInstanceOf(ExecutionException.class);
  }

  @Test
  void twoRunningTurns_thatJoinEachOthersStages_oneIsRefused_theOtherGoesOn() throws Exception {
    List<CompletableFuture<CompletableFuture<String>>> stages =
        Arrays.asList(new CompletableFuture<>(), new CompletableFuture<>());
    List<CompletableFuture<String>> answers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      CompletableFuture<CompletableFuture<String>> others = stages.get(1 - i);
      CompletableFuture<String> stage =
          run(
              i == 0 ? "a" : "b",
              (context, self) -> {
                CompletableFuture<String> other = others.join();
                Throwable refused = catchThrowable(other::get);
                if (refused == null) {
                  return CompletableFuture.completedFuture("after the other");
                }
                assertUnknown(Objects.requireNonNull(refused.getCause()), CallCycleException.class);
                return CompletableFuture.completedFuture("refused");
              });
      stages.get(i).complete(stage);
      answers.add(stage);
    }

    assertThat(List.of(answers.get(0).get(), answers.get(1).get()))
        .containsExactlyInAnyOrder("refused", "after the other");
  }

  @Test
  void cancellingWhatFollowsAStage_leavesTheCallAlone() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    CompletableFuture<String> running =
        run(
            "",
            (context, self) -> {
              begun.countDown();
              go.await();
              return CompletableFuture.completedFuture("not interrupted");
            });
    CompletableFuture<String> queued =
        run("", (context, self) -> CompletableFuture.completedFuture("ran"));
    begun.await();
    assertThat(running.thenApply(text -> text + "!").cancel(true)).isTrue();
    assertThat(queued.thenApply(text -> text + "!").cancel(true)).isTrue();
    go.countDown();

    assertThat(running.get()).isEqualTo("not interrupted");
    assertThat(queued.get()).isEqualTo("ran");
  }

  @Test
  void whatFollowsAStageThatFailed_isGivenItsOwnException() throws Exception {
    CompletableFuture<String> stage =
        run("", (context, self) -> promise.thenApply(text -> text).thenApply(text -> text));
    CompletableFuture<Throwable> given = stage.handle((value, thrown) -> thrown);
    promise.completeExceptionally(new IllegalArgumentException("of the stage"));

    assertThat(given.get()).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void turnThatHasAskedForAStage_mayHaveDoneSomething() throws Exception {
    Throwable failure =
        catchThrowable(() ->
            script("a")
                .run((context, self) -> {
                  var _ =
                      context
                          .get(Later.class, id + "b")
                          .run((inner, other) -> CompletableFuture.completedFuture(""));
                  return context.get(Script.class, id + "a").name();
                }));

    assertUnknown(failure, NestedCallException.class);
  }

  @Test
  void scopeWithADeadline_doesNotBindACallForAStage() throws Exception {
    CompletableFuture<String> stage =
        Abide.within(Duration.ofSeconds(10), () -> run("", (context, self) -> promise));
    turn("", (context, self) -> "");
    clock.advance(Duration.ofSeconds(30));
    promise.complete("in its own time");

    assertThat(stage.get()).isEqualTo("in its own time");
  }

  @Test
  void caller_travelsWithEveryKindOfCall() throws Exception {
    Queue<String> callers = new ConcurrentLinkedQueue<>();
    CountDownLatch oneWay = new CountDownLatch(1);
    LobbyObject.BEHAVIOURS.put(
        id,
        new LobbyObject.Behaviour() {
          @Override
          public void open(
              ObjectContext context, LobbyObject self, ClientSocket socket, SocketRequest request)
              throws Exception {
            Later other = context.get(Later.class, id);
            other.turn((inner, object) -> "" + callers.add("call " + name(inner)));
            other
                .run((inner, object) -> {
                  callers.add("stage " + name(inner));
                  return CompletableFuture.completedFuture("");
                })
                .toCompletableFuture()
                .join();
            other.send((inner, object) -> {
              callers.add("one-way " + name(inner));
              oneWay.countDown();
              return "";
            });
          }
        });
    try (TestSocket _ =
        TestSocket.connect(
            abide, Lobby.class, id, options -> options.caller(new Caller("ann", Map.of())))) {
      oneWay.await();
    }

    assertThat(callers).containsExactly("call ann", "stage ann", "one-way ann");
  }

  private static String name(ObjectContext context) {
    return context.caller().map(Caller::name).orElse("nobody");
  }
}
