package dev.abide.engine.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.abide.engine.Abide;
import dev.abide.engine.CallCycleException;
import dev.abide.engine.CancelledException;
import dev.abide.engine.ClosedException;
import dev.abide.engine.DeadlineException;
import dev.abide.engine.LimitException;
import dev.abide.engine.OverloadedException;
import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.fixtures.Living;
import dev.abide.engine.fixtures.LivingObject;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.ScriptObject;
import dev.abide.engine.testing.TestAbide;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an engine counts. G11: each limit that can be met has a counter that says so. How calls run
 * and when objects sleep is what is counted, so it is set here, whatever the run is given.
 */
class MetricsTest {
  private final TestAbide test =
      Engines.test(options ->
          options
              .host(Counter.class, CounterObject::new)
              .host(Living.class, LivingObject::new)
              .host(Script.class, ScriptObject::new)
              .mailboxMax(3)
              .valueBytesMax(1_000)
              .turnBytesMax(5_000)
              .awakeMax(10)
              .idleTimeout(Duration.ofSeconds(10))
              .inline(true)
              .onReport(report -> {}));
  private final Metrics metrics = Metrics.of(test.abide());

  @TempDir Path directory;

  @AfterEach
  void close() {
    test.close();
  }

  private Counter counter(String id) {
    return test.abide().get(Counter.class, id);
  }

  private Script script(String id) {
    return test.abide().get(Script.class, id);
  }

  private static Metrics.Series series(Metrics metrics, String name, String... labels) {
    Map<String, String> wanted =
        labels.length == 0
            ? Map.of()
            : labels.length == 2
                ? Map.of(labels[0], labels[1])
                : Map.of(labels[0], labels[1], labels[2], labels[3]);
    return metrics.series().stream()
        .filter(series -> series.name().equals(name) && series.labels().equals(wanted))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + wanted + " is not there"));
  }

  private long read(String name, String... labels) {
    return series(metrics, name, labels).value().getAsLong();
  }

  private long limit(String name) {
    return read("abide.limits", "limit", name);
  }

  private long refused(String type, String reason) {
    return read("abide.calls.refused", "type", type, "reason", reason);
  }

  @Test
  void labels_areTypesAndReasons_neverIds() {
    counter("an-id").increment(1);

    Set<String> names =
        metrics.series().stream()
            .flatMap(series -> series.labels().keySet().stream())
            .collect(Collectors.toSet());
    assertThat(names).containsExactlyInAnyOrder("type", "reason", "limit");
    assertThat(metrics.series()).noneMatch(series -> series.labels().containsValue("an-id"));
  }

  @Test
  void calls_areCountedPerType_inlineAndQueued_andFailuresToo() {
    for (int n = 0; n < 10; n++) {
      counter("a" + n % 3).increment(1);
    }
    assertThatThrownBy(() -> counter("a0").fail("so")).hasMessage("so");

    assertThat(read("abide.calls", "type", "counter")).isEqualTo(11);
    assertThat(read("abide.turns", "type", "counter")).isEqualTo(11);
    assertThat(read("abide.turns.failed", "type", "counter")).isEqualTo(1);
    assertThat(read("abide.calls", "type", "script")).isZero();
  }

  @Test
  void callsOfObjects_thatLeftMemory_areStillCounted() {
    for (int n = 0; n < 50; n++) {
      counter("a" + n).increment(1);
    }
    long before = read("abide.calls", "type", "counter");
    for (int n = 0; n < 3; n++) {
      test.clock().advance(Duration.ofMinutes(1));
    }

    assertThat(read("abide.awake", "type", "counter")).isZero();
    assertThat(read("abide.sleeps", "type", "counter")).isEqualTo(50);
    assertThat(read("abide.wakes", "type", "counter")).isEqualTo(50);
    assertThat(read("abide.calls", "type", "counter")).isEqualTo(before).isEqualTo(50);
    counter("another").increment(1);
    assertThat(read("abide.calls", "type", "counter")).isEqualTo(51);
  }

  @Test
  void wakesSleepsAndResets_areCounted() {
    counter("a").increment(1);
    assertThat(read("abide.awake", "type", "counter")).isEqualTo(1);
    assertThatThrownBy(() -> counter("a").incrementAndFail(1, "so")).hasMessage("so");
    assertThat(read("abide.resets", "type", "counter")).isEqualTo(1);
    assertThat(read("abide.awake", "type", "counter")).isZero();

    counter("a").value();
    test.abide().sleep(Counter.class, "a");

    assertThat(read("abide.wakes", "type", "counter")).isEqualTo(2);
    assertThat(read("abide.sleeps", "type", "counter")).isEqualTo(1);
    assertThat(read("abide.resets", "type", "counter")).isEqualTo(1);
    assertThat(read("abide.calls", "type", "counter"))
        .as("a turn that puts to sleep is no call")
        .isEqualTo(3);
    assertThat(read("abide.turns", "type", "counter")).isEqualTo(4);
  }

  @Test
  void alarms_areCounted_failedOnesToo() throws Exception {
    Living living = test.abide().get(Living.class, "metrics-alarm");
    living.run((context, self) -> {
      context.alarms().set("one", Duration.ofSeconds(1));
      return "";
    });
    test.clock().advance(Duration.ofSeconds(1));
    assertThat(read("abide.alarms", "type", "living")).isEqualTo(1);

    LivingObject.HOOKS.put(
        "alarm/metrics-alarm",
        (context, self) -> {
          throw new IllegalStateException("so");
        });
    living.run((context, self) -> {
      context.alarms().set("two", Duration.ofSeconds(1));
      return "";
    });
    test.clock().advance(Duration.ofSeconds(1));

    assertThat(read("abide.alarms", "type", "living")).isEqualTo(2);
    assertThat(read("abide.alarms.failed", "type", "living")).isEqualTo(1);
  }

  @Test
  void turns_areTimedOnlyWhenAsked() throws Exception {
    counter("a").increment(1);
    Metrics.Series turn = series(metrics, "abide.turn", "type", "counter");
    assertThat(turn.value().getAsLong()).isZero();

    metrics.timeTurns();
    for (int n = 0; n < 10; n++) {
      counter("a").increment(1);
    }

    assertThat(turn.value().getAsLong()).isEqualTo(10);
    assertThat(turn.nanos().getAsLong()).isPositive();
    // Every second call of these is queued, by the test's own engine.
    assertThat(read("abide.queue", "type", "counter")).isBetween(1L, 9L);
  }

  @Test
  void mailbox_isMeasured_andItsBoundCounted() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    script("a")
        .send((context, self) -> {
          go.await();
          return "";
        });
    script("a").send((context, self) -> "");
    script("a").send((context, self) -> "");
    script("b").send((context, self) -> "");

    assertThat(read("abide.mailbox.longest", "type", "script")).isEqualTo(3);
    assertThat(read("abide.mailbox.turns", "type", "script")).isBetween(3L, 4L);
    assertThatThrownBy(() -> script("a").name()).isInstanceOf(OverloadedException.class);
    assertThat(refused("script", "mailbox")).isEqualTo(1);
    go.countDown();
  }

  @Test
  void refusals_areCountedByTheirReason() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    script("a")
        .send((context, self) -> {
          go.await();
          return "";
        });
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> script("a").name()).isInstanceOf(CancelledException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(refused("script", "cancelled")).isEqualTo(1);

    AtomicReference<Throwable> late = new AtomicReference<>();
    Thread caller =
        Thread.ofVirtual()
            .start(() -> {
              try {
                script("a").runInTime((context, self) -> "");
              } catch (Throwable thrown) {
                late.set(thrown);
              }
            });
    while (read("abide.mailbox.longest", "type", "script") < 2) {
      Thread.onSpinWait();
    }
    test.clock().advance(Duration.ofSeconds(2));
    caller.join();
    assertThat(late.get()).isInstanceOf(DeadlineException.class);
    assertThat(refused("script", "deadline")).isEqualTo(1);
    Abide.within(
        Duration.ofSeconds(1),
        () -> {
          assertThat(counter("in-time").increment(1)).isEqualTo(1);
          test.clock().advance(Duration.ofSeconds(1));
          assertThatThrownBy(() -> script("never").name()).isInstanceOf(DeadlineException.class);
        });
    assertThat(refused("script", "deadline")).as("with one that was not even made").isEqualTo(2);

    script("a").send((context, self) -> "");
    test.clock().advance(Duration.ofSeconds(61));
    assertThat(refused("script", "queue-wait")).isEqualTo(1);
    go.countDown();

    assertThatThrownBy(() ->
            script("b")
                .run((context, self) ->
                    context
                        .get(Script.class, "c")
                        .run((inner, other) -> inner.get(Script.class, "b").name())))
        .hasRootCauseInstanceOf(CallCycleException.class);
    assertThat(refused("script", "cycle")).isEqualTo(1);
  }

  @Test
  void closedEngine_countsWhatItRefuses() {
    Abide abide = Engines.inMemory(options -> options.host(Counter.class, CounterObject::new));
    Metrics own = Metrics.of(abide);
    Counter counter = abide.get(Counter.class, "a");
    counter.increment(1);
    abide.close();

    assertThatThrownBy(() -> counter.increment(1)).isInstanceOf(ClosedException.class);
    assertThat(
            series(own, "abide.calls.refused", "type", "counter", "reason", "closed")
                .value()
                .getAsLong())
        .isEqualTo(1);
  }

  @Test
  void storedLimits_areCounted() throws Exception {
    String tooLong = "x".repeat(3_000);
    assertThatThrownBy(() -> counter("y".repeat(1_025)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(limit("id")).isEqualTo(1);
    script("a")
        .run((context, self) -> {
          refusedAt(() -> context.storage().cell(tooLong, Long.class));
          refusedAt(() -> self.map.put(tooLong, 1L));
          refusedAt(() -> self.text.set("x".repeat(1_001)));
          return "";
        });
    assertThat(limit("name")).isEqualTo(1);
    assertThat(limit("key")).isEqualTo(1);
    assertThat(limit("value")).isEqualTo(1);

    script("a")
        .run((context, self) -> {
          refusedAt(() -> {
            for (int n = 0; n < 1_000; n++) {
              self.map.put("key " + n, 1L);
            }
          });
          return "";
        });
    assertThat(limit("turn-bytes")).isEqualTo(1);
  }

  private static void refusedAt(Runnable step) {
    assertThatThrownBy(step::run).isInstanceOf(LimitException.class);
  }

  @Test
  void limitsOfLife_areCounted() throws Exception {
    Living living = test.abide().get(Living.class, "a");
    living.run((context, self) -> {
      assertThatThrownBy(() -> context.alarms().every("soon", Duration.ofMillis(1)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> context.alarms().set("n".repeat(2_000), Duration.ofMillis(1)))
          .isInstanceOf(LimitException.class);
      return "";
    });
    assertThat(limit("alarm-period")).isEqualTo(1);
    assertThat(limit("name")).isEqualTo(1);

    CountDownLatch go = new CountDownLatch(1);
    living.run((context, self) -> {
      for (int n = 0; n < 64; n++) {
        context.background(go::await);
      }
      assertThatThrownBy(() -> context.background(go::await))
          .isInstanceOf(OverloadedException.class);
      return "";
    });
    assertThat(limit("background")).isEqualTo(1);
    assertThat(read("abide.background")).isEqualTo(64);
    go.countDown();

    for (int n = 0; n < 11; n++) {
      counter("c" + n).increment(1);
    }
    test.clock().advance(Duration.ofMillis(200));
    assertThat(limit("awake")).isPositive();
  }

  @Test
  void deepChain_isCounted() throws Exception {
    try (Abide abide =
        Engines.inMemory(options ->
            options
                .host(Script.class, ScriptObject::new)
                .inline(true)
                .awakeMax(100)
                .idleTimeout(Duration.ofDays(1)))) {
      Metrics.Series deep = series(Metrics.of(abide), "abide.limits", "limit", "inline-depth");
      // Sixteen on one stack, be they awake or woken there; the next is queued, and begins anew.
      dig(abide.get(Script.class, "0"), 15);
      dig(abide.get(Script.class, "0"), 15);
      assertThat(deep.value().getAsLong()).isZero();

      dig(abide.get(Script.class, "0"), 40);

      assertThat(deep.value().getAsLong()).isEqualTo(2);
    }
  }

  private static String dig(Script script, int more) throws Exception {
    return script.run(
        (context, self) -> more == 0 ? "" : dig(context.get(Script.class, "" + more), more - 1));
  }

  @Test
  void pastStatesThatAreDroppedForSpace_areCounted() throws Exception {
    try (Abide abide =
        Engines.open(
            directory,
            options ->
                options.host(Script.class, ScriptObject::new).retention(Duration.ofHours(1), 0))) {
      Metrics.Series dropped = series(Metrics.of(abide), "abide.limits", "limit", "retention");
      String text = "x".repeat(500_000);
      // More than the first segment, which so is sorted into a run.
      for (int n = 0; n < 8; n++) {
        abide
            .get(Script.class, "a")
            .run((context, self) -> {
              self.text.set(text);
              return "";
            });
      }
      await().atMost(Duration.ofMinutes(1)).until(() -> dropped.value().getAsLong() > 0);
    }
  }

  @Test
  void commitsSyncsAndGate_areMeasuredOnDisk() {
    try (Abide abide =
        Engines.open(directory, options -> options.host(Counter.class, CounterObject::new))) {
      Metrics own = Metrics.of(abide);
      for (int n = 0; n < 5; n++) {
        abide.get(Counter.class, "a").increment(1);
      }
      abide.awaitDurable();

      assertThat(series(own, "abide.gate").value().getAsLong()).isBetween(1L, 5L);
      assertThat(series(own, "abide.gate").nanos().getAsLong()).isPositive();
      // The journal's thread counts a batch a moment after it has let its replies go.
      while (series(own, "abide.commits").value().getAsLong() < 5) {
        Thread.onSpinWait();
      }
      // Five, and one for the schema record before the first.
      assertThat(series(own, "abide.fsync").value().getAsLong()).isBetween(1L, 6L);
      assertThat(series(own, "abide.fsync").nanos().getAsLong()).isPositive();
      assertThat(series(own, "abide.commit.bytes").value().getAsLong()).isGreaterThan(5 * 40);
    }
  }
}
