package dev.abide.engine.internal.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.Abide;
import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.fixtures.Living;
import dev.abide.engine.fixtures.LivingObject;
import dev.abide.engine.internal.Access;
import dev.abide.engine.testing.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Flight Recorder is told. */
class EventsTest {
  private static final List<String> NAMES =
      List.of(
          "Turn",
          "QueueWait",
          "GateWait",
          "Wake",
          "Sleep",
          "Reset",
          "Alarm",
          "Commit",
          "LongTurn",
          "LongWait");

  @TempDir Path directory;

  /** What was recorded of our own objects while the step ran; all events, however short. */
  private List<RecordedEvent> recorded(Step step) throws Exception {
    try (Recording recording = new Recording()) {
      NAMES.forEach(name -> recording.enable("dev.abide." + name).withoutThreshold());
      recording.start();
      step.run();
      recording.stop();
      Path file = directory.resolve("events.jfr");
      recording.dump(file);
      return RecordingFile.readAllEvents(file);
    }
  }

  private interface Step {
    void run() throws Exception;
  }

  private static List<RecordedEvent> of(List<RecordedEvent> events, String name, String id) {
    return events.stream()
        .filter(event -> event.getEventType().getName().equals("dev.abide." + name))
        .filter(
            event -> !event.hasField("objectId") || Objects.equals(event.getString("objectId"), id))
        // Each thread has a buffer of its own.
        .sorted(Comparator.comparing(RecordedEvent::getStartTime))
        .toList();
  }

  @Test
  void lifeOfAnObject_isRecorded() throws Exception {
    List<RecordedEvent> events =
        recorded(() -> {
          try (Abide abide =
              Engines.open(
                  directory.resolve("data"),
                  // How turns run and when objects wake is what is recorded, so it is set here.
                  options ->
                      options
                          .host(Counter.class, CounterObject::new)
                          .inline(true)
                          .idleTimeout(Duration.ofDays(1))
                          .awakeMax(10))) {
            Counter counter = abide.get(Counter.class, "events");
            counter.increment(1);
            counter.increment(1);
            counter.incrementInTime(1);
            assertThatThrownBy(() -> counter.incrementAndFail(1, "so")).hasMessage("so");
            counter.value();
            abide.sleep(Counter.class, "events");
          }
        });

    assertThat(of(events, "Turn", "events"))
        .extracting(turn -> turn.getString("method"))
        .containsExactly(
            "increment", "increment", "incrementInTime", "incrementAndFail", "value", "Sleep");
    assertThat(of(events, "Turn", "events"))
        .extracting(turn -> turn.getBoolean("inline"))
        .containsExactly(false, true, false, true, true, false);
    assertThat(of(events, "Turn", "events"))
        .extracting(turn -> turn.getBoolean("failed"))
        .containsExactly(false, false, false, true, false, false);
    assertThat(of(events, "Turn", "events"))
        .allSatisfy(turn -> {
          assertThat(turn.getString("objectType")).isEqualTo("counter");
          assertThat(turn.getDuration()).isPositive();
        });
    assertThat(of(events, "QueueWait", "events")).hasSize(3);
    // One whose commit is durable by the time it asks does not wait.
    assertThat(of(events, "GateWait", "")).hasSizeBetween(1, 6);
    assertThat(of(events, "Wake", "events")).hasSize(2);
    assertThat(of(events, "Reset", "events"))
        .extracting(reset -> reset.getString("cause"))
        .containsExactly(Counter.CounterException.class.getName());
    assertThat(of(events, "Sleep", "events"))
        .extracting(sleep -> sleep.getString("reason"))
        .containsExactly("ASKED");
    assertThat(of(events, "Commit", ""))
        .isNotEmpty()
        .allSatisfy(batch -> {
          assertThat(batch.getInt("commits")).isPositive();
          assertThat(batch.getLong("bytes")).isPositive();
          assertThat(batch.getDuration("syncNanos")).isPositive();
        });
  }

  @Test
  void alarm_isRecorded_withItsLateness() throws Exception {
    List<RecordedEvent> events =
        recorded(() -> {
          try (Abide abide =
              Engines.inMemory(options -> options.host(Living.class, LivingObject::new))) {
            Living living = abide.get(Living.class, "events-alarm");
            living.run((context, self) -> {
              context.alarms().set("tea", context.clock().instant().minusSeconds(5));
              return "";
            });
            while (!LivingObject.events("events-alarm").contains("alarm tea 0")) {
              Thread.onSpinWait();
            }
            abide.sleep(Living.class, "events-alarm");
          }
        });

    assertThat(of(events, "Alarm", "events-alarm"))
        .singleElement()
        .satisfies(alarm -> {
          assertThat(alarm.getString("name")).isEqualTo("tea");
          assertThat(alarm.getBoolean("failed")).isFalse();
          assertThat(alarm.getDuration("latenessMs")).isGreaterThanOrEqualTo(Duration.ofSeconds(5));
        });
  }

  @Test
  @Timeout(60)
  void alarmOfLongAgo_goesOff_alsoWhereItsLatenessIsRecorded() throws Exception {
    List<RecordedEvent> events =
        recorded(() -> {
          try (Abide abide =
              Engines.inMemory(options -> options.host(Living.class, LivingObject::new))) {
            Living living = abide.get(Living.class, "events-long-ago");
            living.run((context, self) -> {
              context.alarms().set("first", Instant.MIN);
              return "";
            });
            while (!LivingObject.events("events-long-ago").contains("alarm first 0")) {
              Thread.onSpinWait();
            }
            abide.sleep(Living.class, "events-long-ago");
          }
        });

    assertThat(of(events, "Alarm", "events-long-ago"))
        .singleElement()
        .satisfies(alarm -> {
          assertThat(alarm.getBoolean("failed")).isFalse();
          assertThat(alarm.getLong("latenessMs")).isEqualTo(Long.MAX_VALUE);
        });
  }

  @Test
  void shortTurns_areNotRecordedByDefault() throws Exception {
    try (Recording recording = new Recording()) {
      recording.enable("dev.abide.Turn");
      recording.start();
      try (Abide abide =
          Engines.inMemory(options -> options.host(Counter.class, CounterObject::new))) {
        Counter counter = abide.get(Counter.class, "events-short");
        for (int n = 0; n < 1_000; n++) {
          counter.increment(1);
        }
      }
      recording.stop();
      Path file = directory.resolve("events.jfr");
      recording.dump(file);

      assertThat(of(RecordingFile.readAllEvents(file), "Turn", "events-short"))
          .as("those over 10 ms; the machine may have been busy at some")
          .hasSizeLessThan(10);
    }
  }

  @Test
  void longTurns_andLongWaits_areRecorded() throws Exception {
    ManualClock clock = new ManualClock();
    List<RecordedEvent> events =
        recorded(() -> {
          try (Abide abide =
              Engines.inMemory(
                  options -> options.clock(clock).host(Living.class, LivingObject::new))) {
            Living living = abide.get(Living.class, "events-long");
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            living.send((context, self) -> {
              begun.countDown();
              go.await();
              return "";
            });
            begun.await();
            living.send((context, self) -> "");
            Access.get().engine(abide).scan();
            clock.advance(Duration.ofSeconds(12));
            Access.get().engine(abide).scan();
            go.countDown();
            abide.awaitDurable();
          }
        });

    assertThat(of(events, "LongTurn", "events-long"))
        .singleElement()
        .satisfies(turn -> {
          assertThat(turn.getString("objectType")).isEqualTo("living");
          assertThat(turn.getDuration("ageMs"))
              .isBetween(Duration.ofSeconds(12), Duration.ofSeconds(13));
          assertThat(turn.getInt("waiting")).isEqualTo(1);
        });
    assertThat(of(events, "LongWait", "events-long"))
        .singleElement()
        .satisfies(wait -> assertThat(wait.getString("says")).contains("send has waited for 12"));
  }
}
