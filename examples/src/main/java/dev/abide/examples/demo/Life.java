package dev.abide.examples.demo;

import dev.abide.engine.Abide;
import dev.abide.engine.spi.Metrics;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;

/**
 * What woke and what fell asleep lately, as Flight Recorder tells it while it happens, about a
 * second late; and what the engine's own counters say. Events are of the whole process.
 */
final class Life implements AutoCloseable {
  private static final int KEPT = 30;

  /** Something that happened to an object. */
  record Moment(Instant at, String what, String type, String id) {}

  /** All of it, the newest moment first. */
  record Now(long awake, long wakes, long sleeps, long alarms, List<Moment> moments) {}

  private final Metrics metrics;
  private final RecordingStream events = new RecordingStream();
  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock. */
  private final Deque<Moment> moments = new ArrayDeque<>();

  Life(Abide abide) {
    this.metrics = Metrics.of(abide);
    events.enable("dev.abide.Wake");
    events.enable("dev.abide.Sleep");
    events.onEvent("dev.abide.Wake", event -> happened(event, "woke"));
    events.onEvent(
        "dev.abide.Sleep",
        event -> happened(event, "fell asleep, " + reason(event.getString("reason"))));
    events.startAsync();
  }

  private static String reason(String reason) {
    return reason.toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private void happened(RecordedEvent event, String what) {
    Moment moment =
        new Moment(
            event.getStartTime(), what, event.getString("objectType"), event.getString("objectId"));
    lock.lock();
    try {
      moments.addFirst(moment);
      if (moments.size() > KEPT) {
        moments.removeLast();
      }
    } finally {
      lock.unlock();
    }
  }

  Now now() {
    List<Moment> newest;
    lock.lock();
    try {
      newest = List.copyOf(moments);
    } finally {
      lock.unlock();
    }
    return new Now(
        sum("abide.awake"), sum("abide.wakes"), sum("abide.sleeps"), sum("abide.alarms"), newest);
  }

  private long sum(String name) {
    return metrics.series().stream()
        .filter(series -> series.name().equals(name))
        .mapToLong(series -> series.value().getAsLong())
        .sum();
  }

  @Override
  public void close() {
    events.close();
  }
}
