package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.fixtures.Living;
import dev.abide.engine.fixtures.LivingObject;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.ScriptObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
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
                                    waitForInterrupt();
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

  /**
   * The deadline lets the caller go first and interrupts then; a call made between is cancelled.
   */
  private static void waitForInterrupt() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      // What was waited for; this turn takes no further notice.
    }
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
  void callerThatLeftByItsDeadline_isNoPartOfTheChain_andItsDeadlineHoldsForTheTurnItLeft()
      throws Exception {
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

    // No cycle: the deadline travels, so the turn that was left calls nobody any more.
    assertThatThrownBy(answer::join).hasCauseInstanceOf(DeadlineException.class);
    assertThat(script("a").name()).isEqualTo(id + "a");
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

    assertThatThrownBy(answer::join).hasCauseInstanceOf(DeadlineException.class);
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

  /** A turn of `first` that calls `second` once both are under way. */
  private Thread crossing(
      String first, String second, CyclicBarrier both, List<Throwable> outcomes) {
    return Thread.ofVirtual()
        .start(() -> {
          Throwable failure =
              catchThrowable(() ->
                  script(first)
                      .run((context, self) -> {
                        both.await();
                        return context.get(Script.class, id + second).name();
                      }));
          outcomes.add(failure);
        });
  }

  @Test
  void twoChains_thatWaitForEachOther_oneFailsAtOnceAndPrintsBoth_theOtherGoesOn()
      throws Exception {
    for (int round = 0; round < 20; round++) {
      CyclicBarrier both = new CyclicBarrier(2);
      List<Throwable> outcomes = Collections.synchronizedList(new ArrayList<>());
      Thread one = crossing("a", "b", both, outcomes);
      Thread other = crossing("b", "a", both, outcomes);
      // The clock stands still: nothing but the search can end this.
      assertThat(one.join(Duration.ofSeconds(30)) && other.join(Duration.ofSeconds(30))).isTrue();

      // Either they met, and exactly one was ended; or one had ended before the other waited.
      List<Throwable> failures = outcomes.stream().filter(Objects::nonNull).toList();
      assertThat(failures).hasSizeLessThanOrEqualTo(1);
      for (Throwable failure : failures) {
        assertThat(failure)
            .isInstanceOfSatisfying(
                NestedCallException.class, nested -> assertThat(nested.retryable()).isTrue())
            .hasRootCauseInstanceOf(CallCycleException.class);
        assertThat(failure.getMessage())
            .contains("script/" + id + "a waits for script/" + id + "b")
            .contains("script/" + id + "b waits for script/" + id + "a");
      }
      assertThat(failures).hasSize(1);
    }
  }

  @Test
  void cycle_ofThreeChains_throughInlineAndQueuedCallsAndADeletion_isFound() throws Exception {
    CyclicBarrier all = new CyclicBarrier(3);
    List<Throwable> outcomes = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int n = 0; n < 3; n++) {
      String first = "c" + n;
      String next = id + "c" + (n + 1) % 3;
      boolean deletes = n == 2;
      threads.add(
          Thread.ofVirtual()
              .start(() ->
                  outcomes.add(
                      catchThrowable(() ->
                          script(first)
                              .run((context, self) ->
                                  context
                                      .get(Script.class, id + first + "-inner")
                                      .run((inner, same) -> {
                                        all.await();
                                        if (deletes) {
                                          abide.delete(Script.class, next);
                                          return "";
                                        }
                                        return inner.get(Script.class, next).name();
                                      }))))));
    }
    for (Thread thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
    }
    assertThat(outcomes.stream().filter(Objects::nonNull))
        .singleElement()
        .satisfies(failure -> {
          assertThat(failure).hasRootCauseInstanceOf(CallCycleException.class);
          for (int n = 0; n < 3; n++) {
            assertThat(failure.getMessage())
                .contains(
                    "script/" + id + "c" + n + "-inner waits for script/" + id + "c" + (n + 1) % 3);
          }
        });
  }

  @Test
  void cycle_throughAnAlarm_andAConstructor_isFound() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    List<Throwable> outcomes = Collections.synchronizedList(new ArrayList<>());
    LivingObject.HOOKS.put(
        "alarm/" + id,
        (context, self) -> {
          both.await();
          outcomes.add(catchThrowable(() -> context.get(Living.class, id + "w").run((c, s) -> "")));
          return "";
        });
    LivingObject.HOOKS.put(
        "construct/" + id + "w",
        (context, self) -> {
          if (LivingObject.events(id + "w").isEmpty()) {
            self.event("constructing");
            both.await();
            outcomes.add(catchThrowable(() -> context.get(Living.class, id).run((c, s) -> "")));
          }
          return "";
        });
    living("")
        .run((context, self) -> {
          context.alarms().set("a", Duration.ofSeconds(1));
          return "";
        });
    Thread waker =
        Thread.ofVirtual()
            .start(() -> {
              // Its own outcome is of no interest: either its constructor goes on, or it is told.
              var _ = catchThrowable(() -> living("w").run((c, s) -> ""));
            });
    clock.advance(Duration.ofSeconds(1));
    assertThat(waker.join(Duration.ofSeconds(30))).isTrue();

    assertThat(outcomes).hasSize(2);
    assertThat(outcomes.stream().filter(Objects::nonNull))
        .singleElement()
        .isInstanceOf(CallCycleException.class);
  }

  /** Chains in random order: all end, though the clock stands still. */
  @Test
  void randomChains_allEnd() throws Exception {
    long seed = System.nanoTime();
    System.out.println("DeadlockTest seed " + seed);
    AtomicInteger cycles = new AtomicInteger();
    contend(abide, seed, false, cycles);
    // With six objects and chains of three in any order there are some.
    assertThat(cycles).hasPositiveValue();
  }

  /** Chains that all take objects in one order never wait for each other in a cycle. */
  @Test
  void orderedChains_underContention_raiseNoFalseAlarm() throws Exception {
    long seed = System.nanoTime();
    System.out.println("DeadlockTest seed " + seed);
    AtomicInteger cycles = new AtomicInteger();
    contend(abide, seed, true, cycles);
    assertThat(cycles).hasValue(0);
  }

  /** On a clock that goes, with the bounds that an engine has by itself. */
  @Test
  void orderedChains_underContention_areReportedByNobody() throws Exception {
    long seed = System.nanoTime();
    System.out.println("DeadlockTest seed " + seed);
    AtomicInteger cycles = new AtomicInteger();
    List<Report> reports = Collections.synchronizedList(new ArrayList<>());
    try (Abide goes =
        Abide.inMemory(
            options -> options.onReport(reports::add).host(Script.class, ScriptObject::new))) {
      contend(goes, seed, true, cycles);
    }
    assertThat(cycles).hasValue(0);
    assertThat(reports).isEmpty();
  }

  private void contend(Abide on, long seed, boolean ordered, AtomicInteger cycles)
      throws Exception {
    // More of them for minutes: -Dabide.soak=N
    int rounds = 300 * Integer.getInteger("abide.soak", 1);
    List<Throwable> wrong = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int n = 0; n < 16; n++) {
      Random random = new Random(seed + n);
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int round = 0; round < rounds; round++) {
                  List<Integer> path = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5));
                  Collections.shuffle(path, random);
                  path = new ArrayList<>(path.subList(0, 2 + random.nextInt(2)));
                  if (ordered) {
                    Collections.sort(path);
                  }
                  List<Integer> chain = List.copyOf(path);
                  Throwable failure =
                      catchThrowable(() ->
                          on.get(Script.class, id + "x" + chain.getFirst())
                              .run((context, self) -> walk(context, chain, 1)));
                  if (failure == null) {
                    continue;
                  }
                  Throwable root = failure;
                  while (root.getCause() != null) {
                    root = root.getCause();
                  }
                  if (root instanceof CallCycleException cycle && cycle.retryable()) {
                    cycles.incrementAndGet();
                  } else {
                    wrong.add(failure);
                  }
                }
              }));
    }
    for (Thread thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(60 + rounds / 10))).as("ended").isTrue();
    }
    assertThat(wrong).isEmpty();
  }

  private String walk(ObjectContext context, List<Integer> chain, int at) throws Exception {
    Thread.yield();
    return at == chain.size()
        ? ""
        : context
            .get(Script.class, id + "x" + chain.get(at))
            .run((inner, self) -> walk(inner, chain, at + 1));
  }
}
