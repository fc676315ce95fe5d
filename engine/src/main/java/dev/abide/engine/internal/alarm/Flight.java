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

  /** Written by the alarm's turn, read by the scheduler when the turn has ended. */
  private @Nullable Instant again;

  private int refusals;

  /**
   * The first alarm of the same object that was passed over meanwhile. Guarded by the scheduler.
   */
  byte @Nullable [] passedOver;

  Flight(AlarmIndex.Indexed alarm) {
    this.alarm = alarm;
  }

  /** Keeps the back-off here, because it could not be committed. In the alarm's turn. */
  public void keepBackOff(Instant now) {
    refusals++;
    again = now.plus(BackOff.after(refusals));
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
