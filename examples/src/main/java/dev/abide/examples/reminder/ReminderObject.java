package dev.abide.examples.reminder;

import dev.abide.engine.AlarmEvent;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.OnAlarm;
import dev.abide.engine.StoredMap;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/**
 * The text is the alarm's name: so the alarms themselves are the list of what waits, and nothing
 * beside them has to be kept in step.
 */
public final class ReminderObject implements Reminder, OnAlarm {
  private final ObjectContext context;
  private final StoredMap<Long, String> said;
  private final StoredMap<Long, Instant> saidAt;

  public ReminderObject(ObjectContext context) {
    this.context = context;
    this.said = context.storage().map("said", Long.class, String.class);
    this.saidAt = context.storage().map("said-at", Long.class, Instant.class);
  }

  @Override
  public Instant remind(String text, int seconds) {
    if (seconds < 0 || seconds > SECONDS_MAX) {
      throw new IllegalArgumentException(
          "a reminder after "
              + seconds
              + " seconds was asked for; 0 to "
              + SECONDS_MAX
              + " can be");
    }
    requireRoom(text);
    context.alarms().set(text, Duration.ofSeconds(seconds));
    return due(text);
  }

  @Override
  public Instant remindDaily(String text, int hour) {
    if (hour < 0 || hour > 23) {
      throw new IllegalArgumentException("the hour is " + hour + "; it must be 0 to 23");
    }
    requireRoom(text);
    context.alarms().every(text, "0 " + hour + " * * *", ZoneOffset.UTC);
    return due(text);
  }

  private void requireRoom(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("the text of the reminder is blank");
    }
    if (context.alarms().find(text).isEmpty() && context.alarms().all().size() >= WAITING_MAX) {
      throw new IllegalStateException(
          WAITING_MAX + " reminders are waiting, as many as may; forget one first");
    }
  }

  private Instant due(String text) {
    return context.alarms().find(text).orElseThrow().due();
  }

  @Override
  public boolean forget(String text) {
    return context.alarms().cancel(text);
  }

  @Override
  public List<Waiting> waiting() {
    return context.alarms().all().stream()
        .map(alarm -> new Waiting(alarm.name(), alarm.due()))
        .toList();
  }

  @Override
  public List<Said> said() {
    return said.reversed().entries().stream()
        .map(entry -> new Said(entry.getValue(), saidAt.find(entry.getKey()).orElse(Instant.EPOCH)))
        .toList();
  }

  /**
   * Saying it is a write like any other: it and the end of the alarm are one commit, so here it is
   * said exactly once. A mail that was sent from here might be sent twice.
   */
  @Override
  public void onAlarm(AlarmEvent alarm) {
    List<Long> numbers = said.keys();
    long next = numbers.isEmpty() ? 1 : numbers.getLast() + 1;
    said.put(next, alarm.name());
    saidAt.put(next, context.clock().instant());
    said.before(next - SAID_MAX + 1).clear();
    saidAt.before(next - SAID_MAX + 1).clear();
  }
}
