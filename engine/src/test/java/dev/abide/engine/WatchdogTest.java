package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.ScriptObject;
import dev.abide.engine.internal.Access;
import dev.abide.engine.spi.Metrics;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
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
    }
  }

  @Test
  void aTypesOwnTime_holdsForIt_andZeroIsNever() throws Exception {
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch go = new CountDownLatch(1);
    try (Abide other =
        Abide.inMemory(options ->
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
}
