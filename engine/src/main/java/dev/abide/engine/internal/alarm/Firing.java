package dev.abide.engine.internal.alarm;

import dev.abide.engine.AlarmEvent;
import dev.abide.engine.internal.storage.StorageView;
import dev.abide.engine.internal.store.AlarmIndex;
import dev.abide.engine.internal.stored.StorageKeys;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An alarm in its turn: what it finds stored, and what it leaves. The turn counts only while the
 * alarm has the set-number that the scheduler saw; set again or cancelled, even in this turn, it is
 * left alone.
 */
public final class Firing {
  private final AlarmIndex.Indexed alarm;
  private final AlarmRecord record;

  private Firing(AlarmIndex.Indexed alarm, AlarmRecord record) {
    this.alarm = alarm;
    this.record = record;
  }

  /**
   * The alarm, if it still is the one that the scheduler saw, and is due. Is it not due, since the
   * clock was set back while it waited for its turn, then its flight goes back for it.
   */
  public static @Nullable Firing of(Flight flight, StorageView view, Instant now) {
    AlarmRecord stored = stored(flight.alarm, view);
    boolean early = stored != null && stored.due().isAfter(now);
    flight.early(early);
    return stored == null || early ? null : new Firing(flight.alarm, stored);
  }

  private static @Nullable AlarmRecord stored(AlarmIndex.Indexed alarm, StorageView view) {
    byte[] value = view.find(alarm.key());
    if (value == null) {
      return null;
    }
    AlarmRecord stored = AlarmRecord.decode(value);
    return stored.setNumber() == alarm.setNumber() ? stored : null;
  }

  /** The name of the alarm. */
  public String name() {
    return StorageKeys.alarmName(alarm.key());
  }

  /** What the object is told. */
  public AlarmEvent event() {
    return new AlarmEvent(name(), record.setFor(), record.attempt());
  }

  /** How often the alarm has failed, if this time it did too. */
  public int failures() {
    return record.attempt() + 1;
  }

  /** Writes that the alarm is done: it goes, or goes on by its schedule. */
  public void succeeded(StorageView view, Instant now, long setNumber) {
    if (stored(alarm, view) == null) {
      return;
    }
    Instant next = record.schedule().next(record.setFor(), now);
    view.put(
        alarm.key(),
        next == null ? null : AlarmRecord.fresh(next, setNumber, record.schedule()).encode());
  }

  /**
   * Writes when the alarm is tried again; false if it was set again or cancelled by what its turn
   * committed before it failed.
   */
  public boolean failed(StorageView view, Instant now, long setNumber) {
    if (stored(alarm, view) == null) {
      return false;
    }
    Instant again = now.plus(BackOff.after(failures()));
    view.put(alarm.key(), record.retried(again, setNumber, failures()).encode());
    return true;
  }
}
