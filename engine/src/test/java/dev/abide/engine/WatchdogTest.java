package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.fixtures.Later;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.ScriptObject;
import dev.abide.engine.internal.Access;
import dev.abide.engine.spi.Metrics;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Long turns and long waits are told of, once, and nothing else is. */
@Timeout(60)
final class WatchdogTest extends ShapedTest {
  private List<Report> of(Report.Kind kind) {
    return reports.stream().filter(report -> report.kind() == kind).toList();
  }

  private Report only(Report.Kind kind) {
    await(() -> assertThat(of(kind)).hasSize(1));
    return of(kind).getFirst();
  }

  private long turnsInMailboxes() {
    return Metrics.of(abide).series().stream()
        .filter(series -> series.name().equals("abide.mailbox.turns"))
        .mapToLong(series -> series.value().getAsLong())
        .sum();
  }

  /** A thread that calls, whatever comes of it. */
  private static Thread calling(ThrowingCallable call) {
    return Thread.ofVirtual()
        .start(() -> {
          var _ = catchThrowable(call);
        });
  }

  /** Passes see the turn, and then see it again so much later. */
  private void pass(Duration time) {
    clock.advance(Duration.ofMillis(1));
    clock.advance(time);
  }

  @Test
  void longTurn_isReportedOnce_withWhereItStands() throws Exception {
    try (Held _ = new Held(script(""))) {
      pass(Duration.ofSeconds(9));
      assertThat(of(Report.Kind.LONG_TURN)).isEmpty();
      pass(Duration.ofSeconds(2));

      Report report = only(Report.Kind.LONG_TURN);
      assertThat(report.type()).isEqualTo("script");
      assertThat(report.id()).isEqualTo(id);
      assertThat(report.message()).contains(id, "has run for 1");
      assertThat(Arrays.toString(report.cause().getStackTrace())).contains("ShapedTest");
      pass(Duration.ofSeconds(30));
      pass(Duration.ofSeconds(1));
      assertThat(of(Report.Kind.LONG_TURN)).hasSize(1);
    }
    assertThat(of(Report.Kind.LONG_WAIT)).isEmpty();
  }

  @Test
  void manyShortTurns_areNoLongOne() {
    for (int i = 0; i < 100; i++) {
      assertThat(counter().increment(1)).isEqualTo(i + 1);
      clock.advance(Duration.ofSeconds(1));
    }

    assertThat(reports).isEmpty();
  }

  @Test
  void callThatWaitsInAMailbox_isReported_withWhatItWaitsBehind() throws Exception {
    Thread waiting;
    try (Held _ = new Held(script(""))) {
      waiting = calling(() -> script("").name());
      await(() -> assertThat(waiting.getState()).isEqualTo(Thread.State.WAITING));
      pass(Duration.ofSeconds(11));

      assertThat(only(Report.Kind.LONG_WAIT).message())
          .contains("name has waited for 1", "in the mailbox of script/" + id, "with 2 turns");
      pass(Duration.ofSeconds(11));
      assertThat(of(Report.Kind.LONG_WAIT)).hasSize(1);
    }
    waiting.join();
  }

  @Test
  void chainThatWaits_isReportedWhereItBegins_withAllItsLinks_andTheTurnAtItsEnd()
      throws Exception {
    try (Held _ = new Held(script("c"))) {
      CountDownLatch begun = new CountDownLatch(2);
      Thread chain =
          calling(() ->
              script("a")
                  .run((context, self) -> {
                    begun.countDown();
                    return context
                        .get(Script.class, id + "b")
                        .run((inner, other) -> {
                          begun.countDown();
                          return inner.get(Script.class, id + "c").name();
                        });
                  }));
      begun.await();
      // One in a, one in b, and in c the held one and b's call.
      await(() -> assertThat(turnsInMailboxes()).isEqualTo(4));
      assertThat(chain.isAlive()).isTrue();
      pass(Duration.ofSeconds(11));

      Report wait = only(Report.Kind.LONG_WAIT);
      assertThat(wait.message()).contains(id + "b", "waits for", id + "c", "2 turns");
      assertThat(only(Report.Kind.LONG_TURN).id()).isEqualTo(id + "c");
      pass(Duration.ofSeconds(11));
      pass(Duration.ofSeconds(11));
      assertThat(of(Report.Kind.LONG_WAIT)).hasSize(1);
    }
  }

  @Test
  void turnThatWaitsForAnOpenStage_isALongWait_thatNamesTheObject() throws Exception {
    CompletableFuture<String> promise = new CompletableFuture<>();
    CompletableFuture<Thread> joins = new CompletableFuture<>();
    Thread chain =
        calling(() ->
            later("a")
                .turn((context, self) -> {
                  CompletableFuture<String> stage =
                      context
                          .get(Later.class, id + "b")
                          .run((inner, other) -> promise)
                          .toCompletableFuture();
                  joins.complete(Thread.currentThread());
                  return stage.get();
                }));
    Thread joining = joins.join();
    await(() -> assertThat(joining.getState()).isEqualTo(Thread.State.WAITING));
    // The turn that returned the stage has ended when a later one has.
    later("b").turn((context, self) -> "");
    pass(Duration.ofSeconds(11));

    assertThat(only(Report.Kind.LONG_WAIT).message())
        .contains("later/" + id + "a waits for a stage that later/" + id + "b has returned");
    assertThat(of(Report.Kind.LONG_TURN)).isEmpty();
    promise.complete("");
    chain.join();
  }

  @Test
  void callFromOutside_behindOneOfAnotherTurn_isToldOf() throws Exception {
    try (Held _ = new Held(script(""))) {
      CompletableFuture<Thread> nested = new CompletableFuture<>();
      Thread chain =
          calling(() ->
              script("other")
                  .run((context, self) -> {
                    nested.complete(Thread.currentThread());
                    return context.get(Script.class, id).name();
                  }));
      Thread inTurn = nested.join();
      await(() -> assertThat(inTurn.getState()).isEqualTo(Thread.State.WAITING));
      Thread waiting = calling(() -> script("").look((context, self) -> ""));
      await(() -> assertThat(waiting.getState()).isEqualTo(Thread.State.WAITING));
      pass(Duration.ofSeconds(11));

      await(() -> assertThat(of(Report.Kind.LONG_WAIT)).hasSize(2));
      assertThat(of(Report.Kind.LONG_WAIT))
          .extracting(Report::message)
          .anySatisfy(message -> assertThat(message).contains("look has waited for 11"))
          .anySatisfy(message -> assertThat(message).contains(id + "other waits for"));
      assertThat(chain.isAlive()).isTrue();
    }
  }

  @Test
  void aTypesOwnTime_holdsForIt_andZeroIsNever() throws Exception {
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch go = new CountDownLatch(1);
    try (Abide other =
        Engines.inMemory(options ->
            options
                .host(Script.class, ScriptObject::new, own -> own.longTurn(Duration.ofSeconds(60)))
                .clock(clock)
                .onReport(reports::add)
                .longTurn(Duration.ofSeconds(1))
                .longWait(Duration.ZERO))) {
      for (String name : List.of("x", "x")) {
        other
            .get(Script.class, name)
            .send((context, self) -> {
              begun.countDown();
              go.await();
              return "";
            });
      }
      Access.get().engine(other).scan();
      clock.advance(Duration.ofSeconds(30));
      Access.get().engine(other).scan();
      assertThat(reports).isEmpty();
      go.countDown();
    }
  }

  @Test
  void turnsThatFollowEachOther_inAnObjectThatIsNeverFree_areNoLongOne() throws Exception {
    int turns = 5;
    List<CountDownLatch> begun = Stream.generate(() -> new CountDownLatch(1)).limit(turns).toList();
    List<CountDownLatch> go = Stream.generate(() -> new CountDownLatch(1)).limit(turns).toList();
    for (int n = 0; n < turns; n++) {
      int turn = n;
      script("")
          .send((context, self) -> {
            begun.get(turn).countDown();
            go.get(turn).await();
            return "";
          });
    }
    for (int turn = 0; turn < turns; turn++) {
      begun.get(turn).await();
      // Three quarters of what makes a long one; two of them in a row are too long.
      pass(Duration.ofMillis(7_500));
      go.get(turn).countDown();
    }
    abide.awaitDurable();
    pass(Duration.ofSeconds(1));

    assertThat(of(Report.Kind.LONG_TURN)).isEmpty();
  }

  @Test
  void callWithADeadline_isTimedFromWhenItWasMet_andACallThatIsGivenUpIsNotTold() throws Exception {
    try (Held _ = new Held(script(""))) {
      Thread waiting = calling(() -> Abide.within(Duration.ofSeconds(15), () -> script("").name()));
      await(() -> assertThat(waiting.getState()).isEqualTo(Thread.State.WAITING));
      pass(Duration.ofSeconds(9));
      assertThat(of(Report.Kind.LONG_WAIT)).isEmpty();
      pass(Duration.ofSeconds(7));
      waiting.join();
      pass(Duration.ofSeconds(20));

      // Between the two passes above it had waited for long enough, or was given up already.
      assertThat(of(Report.Kind.LONG_WAIT)).hasSizeLessThanOrEqualTo(1);
    }
  }

  @Test
  void turnsOnOneThread_areToldOfOnce_whereTheyStand() throws Exception {
    String inner = id + "inner";
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    script("outer").name();
    script("inner").name();
    Thread chain =
        calling(() ->
            script("outer")
                .run((context, self) ->
                    context
                        .get(Script.class, inner)
                        .run((deep, other) -> {
                          begun.countDown();
                          go.await();
                          return "";
                        })));
    begun.await();
    pass(Duration.ofSeconds(11));
    pass(Duration.ofSeconds(11));

    assertThat(only(Report.Kind.LONG_TURN).id()).isEqualTo(inner);
    go.countDown();
    chain.join();
  }

  @Test
  void callThatWaits_isTimedFromWhenItWasQueued() throws Exception {
    clock.advance(Duration.ofMinutes(1));
    Thread waiting;
    try (Held _ = new Held(script(""))) {
      clock.advance(Duration.ofSeconds(5));
      waiting = calling(() -> script("").name());
      await(() -> assertThat(waiting.getState()).isEqualTo(Thread.State.WAITING));
      pass(Duration.ofSeconds(9));
      assertThat(of(Report.Kind.LONG_WAIT)).isEmpty();
      pass(Duration.ofSeconds(2));
      assertThat(only(Report.Kind.LONG_WAIT).message()).contains("has waited for 11");
    }
    waiting.join();
  }

  @Test
  void callBehindOneThatWasCancelled_isToldOf() throws Exception {
    try (Held _ = new Held(script(""))) {
      Thread cancelled = calling(() -> script("").name());
      await(() -> assertThat(cancelled.getState()).isEqualTo(Thread.State.WAITING));
      cancelled.interrupt();
      cancelled.join();
      Thread waiting = calling(() -> script("").look((context, self) -> ""));
      await(() -> assertThat(waiting.getState()).isEqualTo(Thread.State.WAITING));
      pass(Duration.ofSeconds(11));

      assertThat(only(Report.Kind.LONG_WAIT).message()).contains("look has waited for 11");
    }
  }

  @Test
  void longTurnOfZero_isNone() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (Abide other =
        Engines.inMemory(options ->
            options
                .host(Script.class, ScriptObject::new)
                .clock(clock)
                .onReport(reports::add)
                .longTurn(Duration.ZERO))) {
      Script held = other.get(Script.class, "held");
      held.send((context, self) -> {
        begun.countDown();
        go.await();
        return "";
      });
      begun.await();
      Thread waiting = calling(held::name);
      await(() -> assertThat(waiting.getState()).isEqualTo(Thread.State.WAITING));
      Access.get().engine(other).scan();
      clock.advance(Duration.ofSeconds(30));
      Access.get().engine(other).scan();

      // The watchdog looks: it tells of the call.
      assertThat(only(Report.Kind.LONG_WAIT).id()).isEqualTo("held");
      assertThat(of(Report.Kind.LONG_TURN)).isEmpty();
      go.countDown();
    }
  }

  @Test
  void turnThatLeftACallByItsDeadline_waitsForItNoMore() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Thread chain =
        calling(() ->
            script("a")
                .run((context, self) -> {
                  try {
                    return context
                        .get(Script.class, id + "b")
                        .runInTime((inner, other) -> {
                          begun.countDown();
                          waitThrough(go);
                          return "";
                        });
                  } catch (DeadlineException e) {
                    left.countDown();
                    go.await();
                    return "";
                  }
                }));
    begun.await();
    clock.advance(Duration.ofSeconds(2));
    left.await();
    pass(Duration.ofSeconds(11));

    await(() ->
        assertThat(of(Report.Kind.LONG_TURN))
            .extracting(Report::id)
            .containsExactlyInAnyOrder(id + "a", id + "b"));
    assertThat(of(Report.Kind.LONG_WAIT)).isEmpty();
    go.countDown();
    chain.join();
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
  void turnThatEndsWhileItIsLookedAt_isNotTold() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    try (Abide other =
        Engines.inMemory(options ->
            options
                .host(Script.class, ScriptObject::new)
                .clock(clock)
                .onReport(reports::add)
                .inline(true)
                .idleTimeout(Duration.ofDays(1))
                .awakeMax(10))) {
      Script script = other.get(Script.class, "ends");
      // Awake, so that the next call runs on its caller's thread.
      script.name();
      Thread caller =
          new LookedAt(
              () -> {
                var _ =
                    catchThrowable(() ->
                        script.run((context, self) -> {
                          begun.countDown();
                          go.await();
                          return "";
                        }));
                ended.countDown();
              },
              () -> {
                go.countDown();
                ended.await();
              });
      caller.start();
      begun.await();
      Access.get().engine(other).scan();
      clock.advance(Duration.ofSeconds(11));
      Access.get().engine(other).scan();
      caller.join();
      // Told on a thread that begins after any that would tell of the turn.
      script.send((context, self) -> {
        throw new IllegalStateException("after it");
      });
      await(() -> assertThat(of(Report.Kind.ONE_WAY_FAILED)).hasSize(1));

      assertThat(go.getCount()).as("it was looked at").isZero();
      assertThat(of(Report.Kind.LONG_TURN)).isEmpty();
    }
  }

  /** A thread that does something when somebody looks where it stands. */
  private static final class LookedAt extends Thread {
    private final ThrowingCallable then;

    LookedAt(Runnable work, ThrowingCallable then) {
      super(work);
      this.then = then;
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      assertThat(catchThrowable(then)).isNull();
      return super.getStackTrace();
    }
  }
}
