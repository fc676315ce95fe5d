package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.fixtures.GatedEngine;
import dev.abide.engine.internal.Access;
import dev.abide.engine.testing.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk on which nothing becomes durable is told of, once, and again when it hangs again. */
@Timeout(60)
class WatchdogDiskTest {
  @TempDir Path directory;

  private final Queue<Report> reports = new ConcurrentLinkedQueue<>();

  /** Not driven: what is due waits for the disk. */
  private final ManualClock clock = new ManualClock();

  private GatedEngine gated;
  private Counter counter;

  @BeforeEach
  void open() {
    gated =
        GatedEngine.open(
            directory,
            options ->
                options
                    .host(Counter.class, CounterObject::new)
                    .clock(clock)
                    .onReport(reports::add));
    counter = gated.abide().get(Counter.class, "a");
  }

  @AfterEach
  void close() {
    gated.close();
  }

  private void pass(Duration time) {
    Access.get().engine(gated.abide()).scan();
    clock.advance(time);
    Access.get().engine(gated.abide()).scan();
  }

  /** What names no object: a turn may still be running, and long, by a clock that leaps. */
  private List<String> told() {
    return reports.stream().filter(report -> report.type().isEmpty()).map(Report::message).toList();
  }

  private void awaitTold(int times) {
    Awaitility.await()
        .atMost(30, TimeUnit.SECONDS)
        .pollInterval(Duration.ofMillis(1))
        .untilAsserted(() -> assertThat(told()).hasSize(times));
  }

  @Test
  void syncThatHangs_isToldOnce_withTheCommitsThatWait_andAgainIfItHangsAgain() {
    counter.increment(1);
    gated.disk().shut();
    counter.add(1);
    counter.add(1);
    gated.awaitCommits(3);
    gated.disk().awaitHeld();
    pass(Duration.ofSeconds(9));
    assertThat(told()).isEmpty();
    pass(Duration.ofSeconds(2));
    awaitTold(1);
    assertThat(reports)
        .filteredOn(report -> report.type().isEmpty())
        .allMatch(report -> report.kind() == Report.Kind.LONG_WAIT);
    assertThat(told().getFirst())
        .contains("nothing has become durable for 11", "commits 2 to 3", "wait for the disk");
    pass(Duration.ofMinutes(1));
    pass(Duration.ofMinutes(1));

    gated.disk().open();
    gated.abide().awaitDurable();
    pass(Duration.ofMinutes(1));
    gated.disk().shut();
    counter.add(1);
    gated.awaitCommits(4);
    pass(Duration.ofSeconds(9));
    assertThat(told()).hasSize(1);
    pass(Duration.ofSeconds(2));
    awaitTold(2);
    assertThat(told().getLast()).contains("commits 4 to 4");
  }

  @Test
  void diskThatIsSlowAndGoesOn_isNotTold() {
    for (int n = 1; n <= 10; n++) {
      gated.disk().shut();
      counter.add(1);
      gated.awaitCommits(n);
      gated.disk().awaitHeld();
      pass(Duration.ofSeconds(6));
      gated.disk().open();
      gated.abide().awaitDurable();
    }

    assertThat(told()).isEmpty();
  }
}
