package dev.abide.engine.internal.alarm;

import dev.abide.engine.Alarm;
import dev.abide.engine.Alarms;
import dev.abide.engine.EngineClock;
import dev.abide.engine.internal.observe.Limit;
import dev.abide.engine.internal.storage.StorageView;
import dev.abide.engine.internal.storage.TurnGuard;
import dev.abide.engine.internal.store.AlarmIndex;
import dev.abide.engine.internal.store.Entry;
import dev.abide.engine.internal.store.KeyRange;
import dev.abide.engine.internal.stored.StorageKeys;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * An instance's way to its object's alarms. They lie beside its cells, under a tag of their own.
 */
public final class AlarmsHandle implements Alarms {
  private static final Duration PERIOD_MIN = Duration.ofMillis(10);
  private static final int CRON_LENGTH_MAX = 256;

  private final StorageView view;
  private final TurnGuard guard;
  private final EngineClock clock;
  private final LongSupplier setNumbers;
  private final Runnable setting;

  /**
   * A way that is open while the guard says so.
   *
   * @param setNumbers a number that grows with every commit: two settings of an alarm that were
   *     both committed never have the same
   * @param setting told before an alarm is set; throws if the object cannot have any
   */
  public AlarmsHandle(
      StorageView view,
      TurnGuard guard,
      EngineClock clock,
      LongSupplier setNumbers,
      Runnable setting) {
    this.view = view;
    this.guard = guard;
    this.clock = clock;
    this.setNumbers = setNumbers;
    this.setting = setting;
  }

  @Override
  public void set(String name, Instant due) {
    put(
        view.named(() -> StorageKeys.alarm(name)),
        Objects.requireNonNull(due, "due"),
        Schedule.Once.ONCE);
  }

  @Override
  public void set(String name, Duration after) {
    if (after.isNegative()) {
      throw new IllegalArgumentException(
          "alarm \"" + name + "\" was set to go off after " + after + "; it must not be negative");
    }
    set(name, in(name, after));
  }

  @Override
  public void every(String name, Duration period) {
    if (period.compareTo(PERIOD_MIN) < 0) {
      view.met(Limit.ALARM_PERIOD);
      throw new IllegalArgumentException(
          "alarm \""
              + name
              + "\" was set to go off every "
              + period
              + "; the shortest period is "
              + PERIOD_MIN);
    }
    schedule(name, new Schedule.Every(period), in(name, period));
  }

  @Override
  public void every(String name, String cron, ZoneId zone) {
    if (cron.length() > CRON_LENGTH_MAX) {
      throw new IllegalArgumentException(
          "the cron expression of alarm \""
              + name
              + "\" has "
              + cron.length()
              + " characters; the limit is "
              + CRON_LENGTH_MAX);
    }
    Instant now = clock.instant();
    Schedule schedule = new Schedule.Cron(cron, zone);
    Instant first = schedule.next(now, now);
    if (first == null) {
      throw new IllegalArgumentException(
          "the cron expression \"" + cron + "\" of alarm \"" + name + "\" has no time to come");
    }
    schedule(name, schedule, first);
  }

  private void schedule(String name, Schedule schedule, Instant first) {
    byte[] key = view.named(() -> StorageKeys.alarm(name));
    guard.writing();
    byte[] old = view.find(key);
    if (old == null || !AlarmRecord.decode(old).schedule().equals(schedule)) {
      put(key, first, schedule);
    }
  }

  private void put(byte[] key, Instant due, Schedule schedule) {
    guard.writing();
    setting.run();
    view.put(key, AlarmRecord.fresh(due, setNumbers.getAsLong(), schedule).encode());
  }

  private Instant in(String name, Duration time) {
    try {
      return clock.instant().plus(time);
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "alarm \"" + name + "\" was set to go off after " + time + ", when no instant is left",
          e);
    }
  }

  @Override
  public Optional<Alarm> find(String name) {
    byte[] key = view.named(() -> StorageKeys.alarm(name));
    guard.reading();
    return Optional.ofNullable(view.find(key)).map(value -> alarm(key, value));
  }

  @Override
  public boolean cancel(String name) {
    byte[] key = view.named(() -> StorageKeys.alarm(name));
    guard.writing();
    boolean there = view.find(key) != null;
    if (there) {
      view.put(key, null);
    }
    return there;
  }

  @Override
  public List<Alarm> all() {
    guard.reading();
    List<Entry> all = new ArrayList<>();
    KeyRange rest = AlarmIndex.ALARMS;
    while (true) {
      List<Entry> some = view.range(rest, false, Integer.MAX_VALUE);
      if (some.isEmpty()) {
        // They lie by the length of their names first.
        all.sort(Comparator.comparing(Entry::key, StorageKeys::compareAlarmNames));
        return all.stream().map(entry -> alarm(entry.key(), entry.value())).toList();
      }
      all.addAll(some);
      byte[] last = some.getLast().key();
      rest = new KeyRange(Arrays.copyOf(last, last.length + 1), rest.to());
    }
  }

  private static Alarm alarm(byte[] key, byte[] value) {
    AlarmRecord record = AlarmRecord.decode(value);
    return new Alarm(StorageKeys.alarmName(key), record.due(), record.attempt());
  }
}
