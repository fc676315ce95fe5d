package dev.abide.engine.internal.alarm;

import dev.abide.engine.internal.store.AlarmIndex;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An alarm that is on its way: handed to its object, or, where its failure could not be committed,
 * waiting to be handed over again. One for each object at a time.
 */
public final class Flight {
  /** The alarm. */
  public final AlarmIndex.Indexed alarm;

  /** Whose alarm it is; made once, so that a flight can be dropped without memory for it. */
  final Owner owner;

  /** Written by the alarm's turn, read by the scheduler when the turn has ended. */
  private @Nullable Instant again;

  private int refusals;

  /** Written by the alarm's turn, read by the scheduler when the turn has ended. */
  private boolean early;

  /**
   * The first alarm of the same object that was passed over meanwhile, or this one itself if it
   * came early. Guarded by the scheduler.
   */
  byte @Nullable [] passedOver;

  Flight(AlarmIndex.Indexed alarm) {
    this.alarm = alarm;
    this.owner = Owner.of(alarm);
  }

  /** The object of an alarm. */
  record Owner(String type, String id) {
    static Owner of(AlarmIndex.Indexed alarm) {
      return new Owner(alarm.type(), alarm.id());
    }
  }

  /** Keeps the back-off here, because it could not be committed. In the alarm's turn. */
  public void keepBackOff(Instant now) {
    refusals++;
    again = now.plus(BackOff.after(refusals));
  }

  /** Says whether the turn found the alarm as it was seen, and not due: the clock was set back. */
  void early(boolean is) {
    early = is;
  }

  boolean early() {
    return early;
  }

  /** An alarm of the object lies here, and is to be looked for when this flight has landed. */
  void passOver(byte[] place) {
    if (passedOver == null || Arrays.compareUnsigned(place, passedOver) < 0) {
      passedOver = place;
    }
  }

  /** Whether it is this very setting of the alarm. */
  boolean isFor(AlarmIndex.Indexed other) {
    return alarm.setNumber() == other.setNumber() && Arrays.equals(alarm.place(), other.place());
  }

  @Nullable Instant takeAgain() {
    Instant at = again;
    again = null;
    return at;
  }
}
