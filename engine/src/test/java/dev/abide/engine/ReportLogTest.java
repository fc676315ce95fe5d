package dev.abide.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.ScriptObject;
import dev.abide.engine.internal.Access;
import dev.abide.engine.testing.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Without a listener, what no caller is told stands in the log; with one, only there. */
@Timeout(60)
class ReportLogTest {
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final PrintStream before = System.err;
  private final ManualClock clock = new ManualClock();

  /** The binding of the tests writes to the error stream that there is when it writes. */
  @BeforeEach
  void listen() {
    System.setErr(new PrintStream(log, true, UTF_8));
  }

  @AfterEach
  void leave() {
    System.setErr(before);
  }

  private String logged() {
    return log.toString(UTF_8);
  }

  private static void await(ThrowingRunnable condition) {
    Awaitility.await()
        .atMost(30, TimeUnit.SECONDS)
        .pollInterval(Duration.ofMillis(1))
        .untilAsserted(condition);
  }

  /** One object in a turn that runs for 11 seconds, with a call behind it, until the step says. */
  private void hold(Consumer<Abide.Options> more, ThrowingRunnable step) throws Throwable {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (Abide abide =
        Engines.inMemory(
            options -> more.accept(options.host(Script.class, ScriptObject::new).clock(clock)))) {
      Script held = abide.get(Script.class, "held");
      held.send((context, self) -> {
        begun.countDown();
        go.await();
        return "";
      });
      begun.await();
      held.send((context, self) -> "");
      Access.get().engine(abide).scan();
      clock.advance(Duration.ofSeconds(11));
      Access.get().engine(abide).scan();
      step.run();
      go.countDown();
      abide.awaitDurable();
    }
  }

  @Test
  void longTurnAndLongWait_withoutAListener_standInTheLog_withWhereTheTurnStands()
      throws Throwable {
    hold(
        options -> {},
        () ->
            await(() ->
                assertThat(logged().lines())
                    .anySatisfy(line ->
                        assertThat(line)
                            .contains("WARN dev.abide", "LONG_TURN", "script/held", "run for 11"))
                    .anySatisfy(line ->
                        assertThat(line)
                            .contains("WARN dev.abide", "LONG_WAIT", "send has waited for 11"))
                    .anySatisfy(line -> assertThat(line).contains("at ", "ReportLogTest"))));
  }

  @Test
  void withAListener_theLogIsSilent() throws Throwable {
    Queue<Report> reports = new ConcurrentLinkedQueue<>();
    hold(
        options -> options.onReport(reports::add),
        () -> await(() -> assertThat(reports).hasSize(2)));

    assertThat(reports)
        .extracting(Report::kind)
        .containsExactlyInAnyOrder(Report.Kind.LONG_TURN, Report.Kind.LONG_WAIT);
    assertThat(logged()).doesNotContain("LONG_");
  }

  @Test
  void listenerThatThrows_stopsNothing_andTheLogSaysWhatItWasTold() throws Throwable {
    hold(
        options ->
            options.onReport(report -> {
              throw new IllegalStateException("listener");
            }),
        () ->
            await(() ->
                assertThat(logged().lines().filter(line -> line.contains("listener threw")))
                    .anySatisfy(line -> assertThat(line).contains("run for 11"))
                    .anySatisfy(line -> assertThat(line).contains("send has waited for 11"))));
  }
}
