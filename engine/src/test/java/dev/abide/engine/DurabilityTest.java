package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.fixtures.GatedEngine;
import dev.abide.engine.fixtures.Later;
import dev.abide.engine.fixtures.LaterObject;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.ScriptObject;
import dev.abide.engine.fixtures.Setting;
import dev.abide.engine.fixtures.Shape;
import dev.abide.engine.spi.Metrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** G5, G6, G13, G14: a journal file whose sync blocks or fails. */
class DurabilityTest {
  @TempDir Path directory;

  private GatedEngine gated;
  private Abide abide;

  @BeforeEach
  void open() {
    gated =
        GatedEngine.open(
            directory,
            options ->
                options
                    .host(Counter.class, CounterObject::new)
                    .host(Script.class, ScriptObject::new)
                    .host(Later.class, LaterObject::new));
    abide = gated.abide();
  }

  @AfterEach
  void close() {
    gated.close();
  }

  private static <T> CompletableFuture<T> call(Callable<T> call) {
    CompletableFuture<T> outcome = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            outcome.complete(call.call());
          } catch (Throwable failure) {
            outcome.completeExceptionally(failure);
          }
        });
    return outcome;
  }

  @Test
  void g5_whileTheSyncBlocks_noStageCompletes_whoeverCompletesIt() throws Exception {
    Later later = abide.get(Later.class, "a");
    CompletableFuture<String> promise = new CompletableFuture<>();
    gated.disk().shut();
    // Completed from outside: depends on the turn that returned it.
    CompletableFuture<String> outside =
        later
            .run((context, self) -> {
              self.number.set(1L);
              return promise;
            })
            .toCompletableFuture();
    // Completed in a later turn: depends on that one.
    CompletableFuture<String> inside =
        abide.get(Later.class, "b").run((context, self) -> self.promise).toCompletableFuture();
    abide
        .get(Later.class, "b")
        .send((context, self) -> {
          self.promise.complete("inside");
          self.number.set(2L);
          return "";
        });
    // Complete already when it is returned.
    CompletableFuture<String> atOnce =
        abide
            .get(Later.class, "c")
            .run((context, self) -> {
              self.number.set(3L);
              return CompletableFuture.completedFuture("at once");
            })
            .toCompletableFuture();
    gated.awaitCommits(3);
    promise.complete("outside");
    // A later turn of another object, which has seen nothing, answers.
    assertThat(abide.get(Counter.class, "d").value()).isZero();

    assertThat(outside).isNotDone();
    assertThat(inside).isNotDone();
    assertThat(atOnce).isNotDone();
    assertThat(gated.store().durable()).isZero();

    gated.disk().open();
    assertThat(outside.get()).isEqualTo("outside");
    assertThat(inside.get()).isEqualTo("inside");
    assertThat(atOnce.get()).isEqualTo("at once");
    assertThat(gated.store().durable()).isEqualTo(3);
  }

  @Test
  void g5_sleepOfAnIdleObject_returnsWhenWhatItHasSeenIsDurable() throws Exception {
    abide.get(Counter.class, "a").increment(1);
    gated.disk().shut();
    abide.get(Counter.class, "a").add(1);
    gated.awaitCommits(2);

    CompletableFuture<Long> durableThen =
        call(() -> {
          abide.sleep(Counter.class, "a");
          return gated.store().durable();
        });
    Awaitility.await().until(() -> awake() == 0);
    assertThat(durableThen).isNotDone();
    gated.disk().open();

    assertThat(durableThen.get()).isEqualTo(2);
  }

  private long awake() {
    return Metrics.of(abide).series().stream()
        .filter(series -> series.name().equals("abide.awake"))
        .mapToLong(series -> series.value().getAsLong())
        .sum();
  }

  @Test
  void g5_whenTheSyncFails_noStageCompletesWell() throws Exception {
    CompletableFuture<String> promise = new CompletableFuture<>();
    gated.disk().shut();
    CompletableFuture<String> stage =
        abide
            .get(Later.class, "a")
            .run((context, self) -> {
              self.number.set(1L);
              return promise;
            })
            .toCompletableFuture();
    gated.awaitCommits(1);
    promise.complete("never told");
    gated.disk().fail();

    Throwable failure = catchThrowable(stage::join).getCause();
    assertThat(failure)
        .isInstanceOfSatisfying(
            AbideException.class, e -> assertThat(e.applied()).isEqualTo(Applied.UNKNOWN));
  }

  @Test
  void g5_whileTheSyncBlocks_noReplyLeaves_andTheObjectTakesItsNextTurn() {
    Counter counter = abide.get(Counter.class, "a");
    counter.increment(1);
    gated.disk().shut();
    CompletableFuture<Long> second = call(() -> counter.increment(1));
    gated.awaitCommits(2);
    CompletableFuture<Long> third = call(() -> counter.increment(1));
    gated.awaitCommits(3);
    CompletableFuture<Long> read = call(counter::value);
    CompletableFuture<Throwable> failed = call(() -> catchThrowable(() -> counter.fail("x")));
    // A later turn of another object, which has seen nothing, answers: the engine itself goes on.
    assertThat(abide.get(Counter.class, "b").value()).isZero();

    assertThat(second).isNotDone();
    assertThat(third).isNotDone();
    assertThat(read).isNotDone();
    assertThat(failed).as("an exception passes the gate too").isNotDone();
    assertThat(gated.store().durable()).isEqualTo(1);

    gated.disk().open();
    assertThat(second.join()).isEqualTo(2);
    assertThat(third.join()).isEqualTo(3);
    assertThat(read.join()).isEqualTo(3);
    assertThat(failed.join()).hasMessage("x");
  }

  @Test
  void g5_foreignReplyKeptInAField_twoTurnsLater_stillWaits() throws Exception {
    Script keeper = abide.get(Script.class, "keeper");
    assertThat(keeper.name()).isEqualTo("keeper");
    gated.disk().shut();
    CompletableFuture<String> first =
        call(() ->
            keeper.run((context, self) -> {
              self.memory = "" + context.get(Counter.class, "a").increment(7);
              return self.memory;
            }));
    gated.awaitCommits(1);
    // Two turns that write nothing and call nobody; what they say depends on the commit all the
    // same.
    CompletableFuture<String> second = call(keeper::name);
    CompletableFuture<String> third = call(() -> keeper.look((context, self) -> self.memory));
    assertThat(abide.get(Counter.class, "other").value()).isZero();

    assertThat(first).isNotDone();
    assertThat(second).isNotDone();
    assertThat(third).isNotDone();
    gated.disk().open();
    assertThat(first.join()).isEqualTo("7");
    assertThat(third.join()).isIn(Setting.field("7", ""));
  }

  @Test
  void g5_exceptionAfterACommit_inlineAndQueued_leavesOnlyWhenDurable() throws Exception {
    Counter counter = abide.get(Counter.class, "a");
    Script queued = abide.get(Script.class, "b");
    assertThat(counter.value()).isZero();
    gated.disk().shut();
    Waiter inline = new Waiter(() -> counter.commitAndFail(1));
    gated.awaitCommits(1);
    // A call with a deadline is always queued.
    Waiter behind =
        new Waiter(() ->
            queued.runInTime((context, self) -> {
              self.number.set(1L);
              context.commit();
              throw new IllegalStateException("after commit");
            }));
    gated.awaitCommits(2);
    inline.awaitParked();
    behind.awaitParked();

    gated.disk().open();
    assertThat(inline.outcome()).isInstanceOf(Counter.CounterException.class);
    assertThat(behind.outcome()).hasMessage("after commit");
  }

  @Test
  void g5_turnThatCallsAnotherEngine_sendsNothingThereBeforeItIsDurableHere() throws Exception {
    try (Abide other = Shape.MEMORY.open(directory, options -> {})) {
      Counter foreign = other.get(Counter.class, "foreign");
      Script script = abide.get(Script.class, "a");
      gated.disk().shut();
      Waiter caller =
          new Waiter(() ->
              script.run((context, self) -> {
                self.number.set(5L);
                context.commit();
                return "" + foreign.increment(self.number.get());
              }));
      gated.awaitCommits(1);
      caller.awaitParked();
      assertThat(foreign.value()).isZero();

      gated.disk().open();
      assertThat(caller.outcome()).isNull();
      assertThat(foreign.value()).isEqualTo(5);
    }
  }

  @Test
  void g5_turnOfAnotherEngine_seesAReplyOnlyWhenItIsDurableHere() throws Exception {
    try (Abide other = Shape.MEMORY.open(directory, options -> {})) {
      Counter counter = abide.get(Counter.class, "a");
      assertThat(counter.value()).isZero();
      AtomicReference<Long> seen = new AtomicReference<>();
      gated.disk().shut();
      Waiter caller =
          new Waiter(() ->
              other
                  .get(Script.class, "b")
                  .run((context, self) -> {
                    seen.set(counter.increment(3));
                    return "";
                  }));
      gated.awaitCommits(1);
      caller.awaitParked();
      assertThat(seen.get()).isNull();

      gated.disk().open();
      assertThat(caller.outcome()).isNull();
      assertThat(seen.get()).isEqualTo(3);
    }
  }

  /** A call on a thread of its own, which a test can look at. */
  private static final class Waiter {
    private final AtomicReference<Throwable> outcome = new AtomicReference<>();
    private final Thread thread;

    Waiter(ThrowingCallable call) {
      thread = Thread.ofPlatform().start(() -> outcome.set(catchThrowable(call)));
    }

    /** Returns when the thread waits for something; fails if it went through instead. */
    void awaitParked() {
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .until(
              thread::getState,
              state -> state == Thread.State.WAITING || state == Thread.State.TERMINATED);
      assertThat(thread.getState()).isEqualTo(Thread.State.WAITING);
    }

    Throwable outcome() throws InterruptedException {
      thread.join();
      return outcome.get();
    }
  }

  @Test
  void g13_afterAFailedSync_nothingIsAcknowledged_andTheSyncIsNotTriedAgain() {
    Counter counter = abide.get(Counter.class, "a");
    counter.increment(1);
    gated.disk().shut();
    CompletableFuture<Long> written = call(() -> counter.increment(1));
    gated.awaitCommits(2);
    gated.disk().fail();

    assertThat(catchThrowable(written::join).getCause())
        .isInstanceOfSatisfying(
            StorageException.class,
            failure -> assertThat(failure.applied()).isEqualTo(Applied.UNKNOWN));
    assertThatThrownBy(() -> counter.increment(1)).isInstanceOf(StorageException.class);
    assertThatThrownBy(counter::value).isInstanceOf(StorageException.class);
    assertThat(abide.ready()).isFalse();
    assertThat(gated.disk().failures).hasValue(1);

    abide.close();
    try (Abide again = Shape.DISK.open(directory, options -> {})) {
      assertThat(again.get(Counter.class, "a").value()).isBetween(1L, 2L);
    }
  }

  /** What the turn did besides its last commit is written; that this one never was is no "no". */
  private void appliedIsUnknown(Function<Script.Step, ThrowingCallable> call, String end) {
    gated.disk().shut();
    CompletableFuture<Throwable> outcome =
        call(() ->
            catchThrowable(
                call.apply((context, self) -> {
                  var _ = context.get(Counter.class, "callee").increment(1);
                  gated.disk().awaitHeld();
                  self.number.set(1L);
                  context.commit();
                  if (!end.isEmpty()) {
                    throw new IllegalStateException(end);
                  }
                  return "";
                })));
    gated.awaitCommits(2);
    gated.disk().fail();

    assertThat(outcome.join())
        .isInstanceOfSatisfying(
            StorageException.class,
            failure -> assertThat(failure.applied()).isEqualTo(Applied.UNKNOWN));
  }

  @Test
  void g13_callWhoseCalleeWasWritten_inline_saysUnknown() {
    Script script = abide.get(Script.class, "caller");
    assertThat(script.name()).isEqualTo("caller");
    appliedIsUnknown(step -> () -> script.run(step), "");
  }

  @Test
  void g13_callWhoseCalleeWasWritten_queued_saysUnknown() {
    Script script = abide.get(Script.class, "caller");
    appliedIsUnknown(step -> () -> script.runInTime(step), "");
  }

  @Test
  void g13_callWhoseCalleeWasWritten_thatThrew_saysUnknown() {
    Script script = abide.get(Script.class, "caller");
    assertThat(script.name()).isEqualTo("caller");
    appliedIsUnknown(step -> () -> script.run(step), "own");
  }

  @Test
  void g5_turnThatDeletesInAnotherEngine_deletesNothingBeforeItIsDurableHere() throws Exception {
    try (Abide other = Shape.MEMORY.open(directory, options -> {})) {
      other.get(Counter.class, "foreign").increment(1);
      Script script = abide.get(Script.class, "a");
      gated.disk().shut();
      Waiter caller =
          new Waiter(() ->
              script.run((context, self) -> {
                self.number.set(5L);
                context.commit();
                return "" + other.delete(Counter.class, "foreign");
              }));
      gated.awaitCommits(1);
      caller.awaitParked();
      assertThat(other.get(Counter.class, "foreign").value()).isEqualTo(1);

      gated.disk().open();
      assertThat(caller.outcome()).isNull();
      assertThat(other.get(Counter.class, "foreign").value()).isZero();
    }
  }

  @Test
  void g14_secondOpen_isRefusedAndNamesTheHolder_andTheFirstGoesOn() {
    assertThatThrownBy(() -> Shape.DISK.open(directory, options -> {}))
        .isInstanceOf(DirectoryInUseException.class)
        .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));

    assertThat(abide.get(Counter.class, "a").increment(1)).isEqualTo(1);
    abide.close();
    try (Abide again = Shape.DISK.open(directory, options -> {})) {
      assertThat(again.get(Counter.class, "a").value()).isEqualTo(1);
    }
  }

  @Test
  void cleanClose_thenOpen_readsLessThanAMegabyteOfJournal() {
    Counter counter = abide.get(Counter.class, "a");
    for (int n = 0; n < 2_000; n++) {
      abide.get(Counter.class, "of-" + n % 100).add(1);
    }
    abide.awaitDurable();
    counter.increment(5);
    abide.close();
    open();

    assertThat(gated.disk().bytesRead).hasValueLessThan(1 << 20);
    assertThat(abide.get(Counter.class, "a").value()).isEqualTo(5);
    assertThat(abide.get(Counter.class, "of-7").value()).isEqualTo(20);
    try (var ids = abide.ids(Counter.class)) {
      assertThat(ids.count()).isEqualTo(101);
    }
  }

  @Test
  void g5_stageCompletedFromOutside_behindALaterTurnOfItsObject_waitsForThatTurnToo()
      throws Exception {
    Later later = abide.get(Later.class, "a");
    CompletableFuture<String> promise = new CompletableFuture<>();
    CompletableFuture<String> stage = later.run((context, self) -> promise).toCompletableFuture();
    later.turn((context, self) -> "" + self.number.update(n -> n + 1));
    gated.disk().shut();
    CompletableFuture<String> second =
        call(() -> later.turn((context, self) -> "" + self.number.update(n -> n + 1)));
    gated.awaitCommits(2);
    // The second turn is over, and with it known to the object, when the one behind it begins.
    CountDownLatch behind = new CountDownLatch(1);
    later.send((context, self) -> {
      behind.countDown();
      return "";
    });
    behind.await();
    // Whoever completes it may know of the second turn.
    promise.complete("knows");
    assertThat(abide.get(Counter.class, "other").value()).isZero();

    assertThat(stage).isNotDone();
    gated.disk().open();
    assertThat(stage.get()).isEqualTo("knows");
    assertThat(second.get()).isEqualTo("2");
    assertThat(gated.store().durable()).isEqualTo(2);
  }

  @Test
  void g5_whatACallerHasSeen_travelsWithACallForAStage_andAOneWayCall() throws Exception {
    Script script = abide.get(Script.class, "a");
    assertThat(script.name()).isEqualTo("a");
    gated.disk().shut();
    CountDownLatch told = new CountDownLatch(1);
    CompletableFuture<String> turn =
        call(() ->
            script.run((context, self) -> {
              self.number.set(1L);
              context.commit();
              // Both are told of a number that is not durable.
              context
                  .get(Later.class, "stage")
                  .run((inner, other) -> CompletableFuture.completedFuture(""))
                  .toCompletableFuture();
              context.get(Later.class, "one-way").send((inner, other) -> "");
              told.countDown();
              return "";
            }));
    told.await();
    Waiter stage = new Waiter(() -> abide.get(Later.class, "stage").turn((inner, other) -> ""));
    Waiter oneWay = new Waiter(() -> abide.get(Later.class, "one-way").turn((inner, other) -> ""));
    stage.awaitParked();
    oneWay.awaitParked();

    gated.disk().open();
    assertThat(turn.get()).isEmpty();
    assertThat(stage.outcome()).isNull();
    assertThat(oneWay.outcome()).isNull();
  }

  @Test
  void g5_whileTheSyncBlocks_noBackgroundWorkBegins_andNoneAtAllBehindAReset() throws Exception {
    Script script = abide.get(Script.class, "a");
    AtomicReference<String> began = new AtomicReference<>("");
    CountDownLatch late = new CountDownLatch(1);
    gated.disk().shut();
    CompletableFuture<String> asked =
        call(() ->
            script.run((context, self) -> {
              self.number.set(1L);
              context.background(() -> began.set("of the instance that was reset"));
              return "";
            }));
    gated.awaitCommits(1);
    script.send((context, self) -> {
      throw new ResetException("asked for");
    });
    script.send((context, self) -> {
      self.number.set(2L);
      context.background(late::countDown);
      return "";
    });
    gated.awaitCommits(2);
    assertThat(abide.get(Counter.class, "other").value()).isZero();
    assertThat(late.getCount()).isEqualTo(1);
    assertThat(began).hasValue("");

    gated.disk().open();
    late.await();
    assertThat(asked.get()).isEmpty();
    abide.close();
    assertThat(began).hasValue("");
  }
}
