package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.Counter.CounterException;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.ScriptObject;
import dev.abide.engine.fixtures.Shape;
import dev.abide.engine.testing.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The guarantees by their numbers, in every shape of engine. */
@ParameterizedClass
@EnumSource(Shape.class)
class GuaranteesTest {
  private static final AtomicInteger IDS = new AtomicInteger();

  @Parameter Shape shape;
  @TempDir Path directory;

  private final Queue<Report> reports = new ConcurrentLinkedQueue<>();
  private final ManualClock clock = new ManualClock();
  private Abide abide;
  private String id;

  @BeforeEach
  void open() {
    id = "object-" + IDS.incrementAndGet();
    abide = shape.open(directory, this::options);
    clock.drive(abide);
  }

  private void options(Abide.Options options) {
    options.clock(clock).onReport(reports::add).mailboxMax(100).closeTimeout(Duration.ofSeconds(5));
  }

  @AfterEach
  void close() {
    abide.close();
  }

  private Counter counter() {
    return abide.get(Counter.class, id);
  }

  private Script script(String name) {
    return abide.get(Script.class, id + name);
  }

  /** A turn that is under way until the test lets it go. */
  private final class Held implements AutoCloseable {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private final AtomicReference<Throwable> outcome = new AtomicReference<>();
    final Thread caller;

    Held(Script object) throws InterruptedException {
      caller =
          Thread.ofVirtual()
              .start(() ->
                  outcome.set(
                      catchThrowable(() ->
                          object.run((context, self) -> {
                            begun.countDown();
                            go.await();
                            return "held";
                          }))));
      begun.await();
    }

    @Override
    public void close() throws InterruptedException {
      go.countDown();
      caller.join();
    }
  }

  private static void await(org.awaitility.core.ThrowingRunnable condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .untilAsserted(condition);
  }

  @Nested
  class G1OneAtATime {
    @Test
    void readModifyWrite_by50CallersAtOnce_givesEachNumberOnce() throws Exception {
      List<Long> seen = Collections.synchronizedList(new ArrayList<>());
      List<Thread> callers =
          IntStream.range(0, 50)
              .mapToObj(n ->
                  (n % 2 == 0 ? Thread.ofVirtual() : Thread.ofPlatform())
                      .start(() -> seen.add(counter().increment(1))))
              .toList();
      for (Thread caller : callers) {
        caller.join();
      }

      assertThat(seen)
          .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 50).boxed().toList());
    }

    @Test
    void turns_whileTheObjectSleepsAndWakes_neverOverlap() throws Exception {
      Counter counter = counter();
      Thread sleeper =
          Thread.ofPlatform()
              .start(() -> IntStream.range(0, 200).forEach(n -> abide.sleep(Counter.class, id)));
      try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> calls = new ArrayList<>();
        for (int caller = 0; caller < 4; caller++) {
          calls.add(
              callers.submit(() -> IntStream.range(0, 200).forEach(n -> counter.increment(1))));
        }
        for (Future<?> call : calls) {
          call.get();
        }
      }
      sleeper.join();

      assertThat(counter.value()).isEqualTo(800);
    }
  }

  @Nested
  class G2Order {
    @Test
    void oneWayAndTwoWay_mixedByOneThreadOverTwoStubs_startInTheOrderIssued() throws Exception {
      Queue<Integer> order = new ConcurrentLinkedQueue<>();
      Script first = script("");
      Script second = script("");
      for (int n = 0; n < 300; n++) {
        int number = n;
        Script.Step step =
            (context, self) -> {
              order.add(number);
              return "";
            };
        if (n % 3 == 0) {
          first.run(step);
        } else {
          (n % 3 == 1 ? first : second).send(step);
        }
      }
      abide.awaitDurable();

      assertThat(order).containsExactlyElementsOf(IntStream.range(0, 300).boxed().toList());
    }
  }

  @Nested
  class G3AnsweredOnce {
    @Test
    void methodException_checked_reachesTheCallerAsItIs() {
      assertThatThrownBy(() -> counter().fail("own"))
          .isInstanceOf(CounterException.class)
          .hasMessage("own");
    }

    @Test
    void error_reachesTheCallerAsItIs_andTheObjectGoesOn() {
      assertThatThrownBy(() -> counter().failHard())
          .isInstanceOf(AssertionError.class)
          .hasMessage("hard");
      assertThat(counter().increment(1)).isEqualTo(1);
    }

    @Test
    void stackOverflow_inATurn_reachesTheCallerAndTheObjectGoesOn() {
      counter().increment(5);
      assertThatThrownBy(() -> counter().dig(0)).isInstanceOf(StackOverflowError.class);
      assertThat(counter().increment(1)).isEqualTo(6);
    }

    @Test
    void constructor_throwsOnce_allThatWaitGetAWakeException_theNextConstructsAfresh()
        throws Exception {
      AtomicInteger attempts = new AtomicInteger();
      CountDownLatch constructing = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      try (Abide own =
          Abide.inMemory(options ->
              options.host(
                  Counter.class,
                  context -> {
                    if (attempts.incrementAndGet() == 1) {
                      constructing.countDown();
                      go.await();
                      throw new IllegalArgumentException("not yet");
                    }
                    return new CounterObject(context);
                  }))) {
        Counter counter = own.get(Counter.class, id);
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> callers =
            IntStream.range(0, 3)
                .mapToObj(n ->
                    Thread.ofVirtual()
                        .unstarted(() -> failures.add(catchThrowable(() -> counter.increment(1)))))
                .toList();
        callers.getFirst().start();
        constructing.await();
        callers.get(1).start();
        callers.get(2).start();
        await(() ->
            assertThat(callers).allMatch(thread -> thread.getState() == Thread.State.WAITING));
        go.countDown();
        for (Thread caller : callers) {
          caller.join();
        }

        assertThat(failures)
            .hasSize(3)
            .allSatisfy(failure -> {
              assertThat(failure).isInstanceOf(WakeException.class).hasRootCauseMessage("not yet");
              assertThat(((AbideException) failure).applied()).isEqualTo(Applied.NO);
              assertThat(((AbideException) failure).retryable()).isTrue();
            });
        assertThat(counter.increment(1)).isEqualTo(1);
        assertThat(attempts).hasValue(2);
      }
    }

    @Test
    void close_withCallsQueued_answersThemAll() throws Exception {
      Held held = new Held(script(""));
      List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
      List<Thread> callers =
          IntStream.range(0, 5)
              .mapToObj(n ->
                  Thread.ofVirtual()
                      .start(() -> failures.add(catchThrowable(() -> script("").name()))))
              .toList();
      await(
          () -> assertThat(callers).allMatch(thread -> thread.getState() == Thread.State.WAITING));
      Thread closer = Thread.ofPlatform().start(abide::close);
      for (Thread caller : callers) {
        caller.join();
      }
      held.close();
      closer.join();

      assertThat(failures)
          .hasSize(5)
          .allSatisfy(failure -> assertThat(failure).isInstanceOf(ClosedException.class));
      assertThat(held.outcome.get()).isNull();
      assertThatThrownBy(() -> counter().increment(1)).isInstanceOf(ClosedException.class);
    }

    @Test
    void queuedCall_overTheBound_endsWithDeadlineExceptionAndNeverRuns() throws Exception {
      AtomicInteger runs = new AtomicInteger();
      AtomicReference<Throwable> failure = new AtomicReference<>();
      try (Held held = new Held(script(""))) {
        Thread caller =
            Thread.ofVirtual()
                .start(() ->
                    failure.set(
                        catchThrowable(
                            () -> script("").run((context, self) -> "" + runs.incrementAndGet()))));
        await(() -> assertThat(caller.getState()).isEqualTo(Thread.State.WAITING));
        clock.advance(Duration.ofSeconds(59));
        assertThat(caller.isAlive()).isTrue();
        clock.advance(Duration.ofSeconds(2));
        caller.join();
      }

      assertThat(failure.get())
          .isInstanceOf(DeadlineException.class)
          .hasMessageContaining("queueWaitMax");
      assertThat(((AbideException) failure.get()).applied()).isEqualTo(Applied.NO);
      assertThat(script("").name()).isEqualTo(id);
      assertThat(runs).hasValue(0);
    }
  }

  @Nested
  class G4AtomicTurns {
    @Test
    void turn_thatThrows_keepsNothingOfWhatItWrote() throws Exception {
      script("")
          .run((context, self) -> {
            self.text.set("before");
            self.map.put("a", 1L);
            return "";
          });
      assertThatThrownBy(() ->
              script("")
                  .run((context, self) -> {
                    self.text.set("after");
                    self.map.clear();
                    self.map.put("b", 2L);
                    throw new IllegalStateException("no");
                  }))
          .hasMessage("no");

      assertThat(script("").run((context, self) -> self.text.get() + self.map.entries()))
          .isEqualTo("before[a=1]");
    }

    @Test
    void commit_inATurnThatThrowsLater_stays() {
      assertThatThrownBy(() -> counter().commitAndFail(7)).isInstanceOf(CounterException.class);
      assertThat(counter().value()).isEqualTo(7);
    }

    @Test
    void commits_afterReopen_areThere() {
      org.junit.jupiter.api.Assumptions.assumeTrue(shape.onDisk());
      counter().increment(3);
      abide.close();
      abide = shape.open(directory, GuaranteesTest.this::options);
      clock.drive(abide);

      assertThat(counter().increment(1)).isEqualTo(4);
    }
  }

  @Nested
  class G7Reset {
    @Test
    void exception_afterAWrite_resetsTheObject() {
      int before = counter().instance();
      assertThatThrownBy(() -> counter().incrementAndFail(1, "x"))
          .isInstanceOf(CounterException.class);
      assertThat(counter().instance()).isGreaterThan(before);
    }

    @Test
    void exception_afterACommittedWrite_resetsTheObject() {
      int before = counter().instance();
      assertThatThrownBy(() -> counter().commitAndFail(1)).isInstanceOf(CounterException.class);
      assertThat(counter().instance()).isGreaterThan(before);
    }

    @Test
    void exception_withoutAWrite_keepsTheInstance() {
      org.junit.jupiter.api.Assumptions.assumeTrue(
          shape == Shape.MEMORY || shape == Shape.DISK_QUEUED);
      int before = counter().instance();
      assertThatThrownBy(() -> counter().fail("x")).isInstanceOf(CounterException.class);
      assertThat(counter().instance()).isEqualTo(before);
    }

    @Test
    void error_withoutAWrite_resetsTheObject() {
      int before = counter().instance();
      assertThatThrownBy(() -> counter().failHard()).isInstanceOf(AssertionError.class);
      assertThat(counter().instance()).isGreaterThan(before);
    }

    @Test
    void deadInstance_itsCellsAndContext_throwIllegalState() throws Exception {
      AtomicReference<ScriptObject> dead = new AtomicReference<>();
      AtomicReference<ObjectContext> context = new AtomicReference<>();
      assertThatThrownBy(() ->
              script("")
                  .run((own, self) -> {
                    dead.set(self);
                    context.set(own);
                    self.number.set(1L);
                    throw new ResetException("reset me");
                  }))
          .isInstanceOf(ResetException.class);

      script("")
          .run((own, self) -> {
            assertThatThrownBy(() -> dead.get().number.get())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("gone");
            assertThatThrownBy(() -> context.get().storage())
                .isInstanceOf(IllegalStateException.class);
            assertThat(self.number.get()).isZero();
            return "";
          });
    }

    @Test
    void storage_outsideOfItsTurns_throwsIllegalState() throws Exception {
      AtomicReference<ScriptObject> leaked = new AtomicReference<>();
      script("")
          .run((context, self) -> {
            leaked.set(self);
            Thread thread =
                Thread.ofVirtual()
                    .start(() ->
                        reports.add(
                            new Report(
                                Report.Kind.INTERNAL,
                                "",
                                "",
                                "" + catchThrowable(self.number::get),
                                null)));
            thread.join();
            return "";
          });

      assertThat(reports.poll().message()).contains("outside of its turns");
      assertThatThrownBy(() -> leaked.get().number.get()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void readOnlyTurn_thatWrites_throwsAndChangesNothing() {
      counter().increment(2);
      assertThatThrownBy(() -> counter().cheat())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("@ReadOnly");
      assertThat(counter().value()).isEqualTo(2);
    }

    @Test
    void readOnlyTurn_thatCallsAWritingMethod_throws() {
      assertThatThrownBy(() ->
              script("").look((context, self) -> "" + context.get(Counter.class, id).increment(1)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("@ReadOnly");
      assertThat(counter().value()).isZero();
    }
  }

  @Nested
  class G8NoSharedState {
    @Test
    void argument_thatIsAnImplementation_isRefused() throws Exception {
      assertThat(catchThrowable(() -> abide.get(Pairs.class, id)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** Not annotated, never hosted. */
  private interface Pairs {}

  @Nested
  class G9SleepIsInvisible {
    @Test
    void stub_heldAcrossSleep_callsTheNextInstance() {
      Counter counter = counter();
      counter.increment(1);
      int before = counter.instance();
      abide.sleep(Counter.class, id);

      assertThat(counter.increment(1)).isEqualTo(2);
      assertThat(counter.instance()).isGreaterThan(before);
    }

    @Test
    void idleObject_afterTheTimeout_sleeps() {
      counter().increment(1);
      int before = counter().instance();
      clock.advance(Duration.ofSeconds(11));

      assertThat(counter().instance()).isGreaterThan(before);
      assertThat(counter().value()).isEqualTo(1);
    }
  }

  @Nested
  class G11Bounded {
    @Test
    void mailbox_full_refusesAtOnceWithTheBound() throws Exception {
      try (Held held = new Held(script(""))) {
        for (int n = 1; n < 100; n++) {
          script("").send((context, self) -> "");
        }
        assertThatThrownBy(() -> script("").send((context, self) -> ""))
            .isInstanceOf(OverloadedException.class)
            .hasMessageContaining("100");
        assertThatThrownBy(() -> script("").name())
            .isInstanceOfSatisfying(
                OverloadedException.class,
                refused -> {
                  assertThat(refused.applied()).isEqualTo(Applied.NO);
                  assertThat(refused.retryable()).isTrue();
                  assertThat(refused.retryAfter()).isPositive();
                });
      }
      abide.awaitDurable();
      assertThat(script("").name()).isEqualTo(id);
    }

    @Test
    void value_overTheBound_isRefusedAndTheTurnMayGoOn() throws Exception {
      try (Abide own =
          shape.open(directory.resolve("own"), options -> options.valueBytesMax(100))) {
        Script script = own.get(Script.class, id);
        script.run((context, self) -> {
          assertThatThrownBy(() -> self.text.set("x".repeat(200)))
              .isInstanceOfSatisfying(
                  LimitException.class, limit -> assertThat(limit.bound()).isEqualTo(100));
          self.text.set("short");
          return "";
        });
        assertThat(script.run((context, self) -> self.text.get())).isEqualTo("short");
      }
    }

    @Test
    void ids_outsideOfTheirBounds_areRefused() {
      assertThatThrownBy(() -> abide.get(Counter.class, ""))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> abide.get(Counter.class, "x".repeat(1025)))
          .hasMessageContaining("1025");
      assertThatThrownBy(() -> abide.get(Counter.class, "\ud800"))
          .hasMessageContaining("surrogate");
      assertThat(abide.get(Counter.class, "é".repeat(512)).increment(1)).isEqualTo(1);
    }
  }

  @Nested
  class G12NoSilentDeadlock {
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

  @Nested
  class G15InterruptIsCancel {
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

  @Nested
  class Deadlines {
    @Test
    void deadline_inTheTurn_interruptsItAndLetsTheCallerGo() throws Exception {
      AtomicReference<Throwable> failure = new AtomicReference<>();
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch ended = new CountDownLatch(1);
      Thread caller =
          Thread.ofVirtual()
              .start(() ->
                  failure.set(
                      catchThrowable(() ->
                          script("")
                              .runInTime((context, self) -> {
                                begun.countDown();
                                try {
                                  new CountDownLatch(1).await();
                                } finally {
                                  ended.countDown();
                                }
                                return "";
                              }))));
      begun.await();
      clock.advance(Duration.ofSeconds(2));
      caller.join();
      ended.await();

      assertThat(failure.get()).isInstanceOf(DeadlineException.class);
      assertThat(((AbideException) failure.get()).applied()).isEqualTo(Applied.UNKNOWN);
      assertThat(script("").name()).isEqualTo(id);
    }
  }

  @Nested
  class Deletion {
    @Test
    void delete_ofAnObject_removesAllAndSaysWhetherThereWasAnything() {
      counter().increment(1);

      assertThat(abide.delete(Counter.class, id)).isTrue();
      assertThat(counter().value()).isZero();
      assertThat(abide.delete(Counter.class, id)).isFalse();
      assertThat(abide.ids(Counter.class, id)).isEmpty();
      assertThat(counter().increment(2)).isEqualTo(2);
    }

    @Test
    void delete_byTheObjectItself_happensAtTheEndOfTheTurn() {
      counter().increment(1);
      counter().remove();

      assertThat(counter().value()).isZero();
      assertThat(abide.delete(Counter.class, id)).isFalse();
    }
  }

  @Nested
  class Identifiers {
    @Test
    void ids_ofStrangeForm_neverCollideAndComeInUtf8Order() {
      List<String> strange =
          List.of("a", "a/", "a/b", "a|b", "a\0b", "\uffff", "\ud83d\ude00", "%2F", "é", " ");
      strange.forEach(name -> abide.get(Counter.class, id + name).increment(1));

      List<String> sorted =
          strange.stream()
              .sorted((x, y) ->
                  java.util.Arrays.compareUnsigned(
                      x.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                      y.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
              .map(name -> id + name)
              .toList();
      try (var ids = abide.ids(Counter.class, id)) {
        assertThat(ids.toList()).isEqualTo(sorted);
      }
      strange.forEach(name -> assertThat(abide.get(Counter.class, id + name).value()).isEqualTo(1));
    }
  }

  @Nested
  class OneWayCalls {
    @Test
    void failure_ofAOneWayCall_isReported() {
      script("")
          .send((context, self) -> {
            throw new IllegalArgumentException("told nobody");
          });
      abide.awaitDurable();

      await(() ->
          assertThat(reports)
              .anySatisfy(report -> {
                assertThat(report.kind()).isEqualTo(Report.Kind.ONE_WAY_FAILED);
                assertThat(report.id()).isEqualTo(id);
                assertThat(report.message()).contains("told nobody");
              }));
    }
  }

  @Nested
  class AppliedThroughTwoObjects {
    @Test
    void nestedRefusal_throughTwoObjects_saysNoWhereNothingWasDone() throws Exception {
      try (Held held = new Held(script("busy"))) {
        for (int n = 1; n < 100; n++) {
          script("busy").send((context, self) -> "");
        }
        Throwable none =
            catchThrowable(() ->
                script("a")
                    .run((context, self) ->
                        context
                            .get(Script.class, id + "b")
                            .run((inner, other) -> inner.get(Script.class, id + "busy").name())));
        Throwable some =
            catchThrowable(() ->
                script("a")
                    .run((context, self) -> {
                      context.get(Counter.class, id).increment(1);
                      return context
                          .get(Script.class, id + "b")
                          .run((inner, other) -> inner.get(Script.class, id + "busy").name());
                    }));

        assertThat(none)
            .isInstanceOfSatisfying(
                NestedCallException.class,
                failure -> {
                  assertThat(failure.getCause()).isInstanceOf(OverloadedException.class);
                  assertThat(failure.applied()).isEqualTo(Applied.NO);
                  assertThat(failure.retryable()).isTrue();
                  assertThat(failure.getMessage()).contains(failure.getCause().getMessage());
                });
        assertThat(some)
            .isInstanceOfSatisfying(
                NestedCallException.class,
                failure -> {
                  assertThat(failure.getCause()).isInstanceOf(OverloadedException.class);
                  assertThat(failure.applied()).isEqualTo(Applied.UNKNOWN);
                  assertThat(failure.retryable()).isFalse();
                });
      }
    }
  }

  @Nested
  class TwoEngines {
    @Test
    void engines_nested_eachKeepsItsOwn_andACycleAcrossIsFound() throws Exception {
      try (Abide other = shape.open(directory.resolve("other"), options -> {})) {
        assertThat(
                script("")
                    .run((context, self) -> {
                      self.number.set(1L);
                      return "" + other.get(Counter.class, id).increment(4);
                    }))
            .isEqualTo("4");
        assertThat(other.get(Counter.class, id).value()).isEqualTo(4);
        assertThatThrownBy(() ->
                script("")
                    .run((context, self) ->
                        other.get(Script.class, id).run((inner, foreign) -> script("").name())))
            .hasRootCauseInstanceOf(CallCycleException.class);
      }
    }
  }
}
