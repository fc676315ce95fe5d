package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.Counter.CounterException;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.fixtures.Engines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** G3: every accepted call ends exactly once, also by a deadline, and one-way. */
final class AnsweredTest extends ShapedTest {
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
        Engines.inMemory(options ->
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
      await(
          () -> assertThat(callers).allMatch(thread -> thread.getState() == Thread.State.WAITING));
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
    await(() -> assertThat(callers).allMatch(thread -> thread.getState() == Thread.State.WAITING));
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
