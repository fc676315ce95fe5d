package dev.abide.engine.internal.observe;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * What one engine counts of one type. For any thread.
 *
 * <p>The turns themselves are not counted here: each object's record counts its own, in a plain
 * field of its owner, and whoever reads adds them up. So a call writes no memory that other objects
 * write too.
 */
public final class TypeMeter {
  /** Turns that the engine began by itself: alarms, sleeps, deletions, background work. */
  public final LongAdder ownTurns = new LongAdder();

  /** Turns that ended with an exception. */
  public final LongAdder failedTurns = new LongAdder();

  /** Wakes that went well. */
  public final LongAdder wakes = new LongAdder();

  private volatile boolean hasWoken;

  /** Wakes in which the constructor or {@code onWake} threw. */
  public final LongAdder failedWakes = new LongAdder();

  /** Instances that were let go. */
  public final LongAdder sleeps = new LongAdder();

  /** Instances that were thrown away after a failed turn. */
  public final LongAdder resets = new LongAdder();

  /** Turns of alarms. */
  public final LongAdder alarms = new LongAdder();

  /** Turns of alarms that failed. */
  public final LongAdder failedAlarms = new LongAdder();

  /** The turns, while they are timed. */
  public final TimeMeter turn = new TimeMeter();

  /** The waits in mailboxes, while they are timed. */
  public final TimeMeter queue = new TimeMeter();

  private final Counters<Refused> refusals = new Counters<>(Refused.class);

  /** Turns of records that have left the table. */
  private final LongAdder retiredTurns = new LongAdder();

  private final AtomicLong mostTurns = new AtomicLong();
  private final AtomicLong mostCalls = new AtomicLong();

  /** A meter at zero. */
  public TypeMeter() {}

  /** Counts a wake that went well. */
  public void woke() {
    wakes.increment();
    if (!hasWoken) {
      hasWoken = true;
    }
  }

  /** Whether an object of the type has woken. */
  public boolean hasWoken() {
    return hasWoken;
  }

  /** Counts a call that was refused or left. */
  public void refused(Refused reason) {
    refusals.increment(reason);
  }

  /** How many calls were refused or left for this reason. */
  public long count(Refused reason) {
    return refusals.sum(reason);
  }

  /** Keeps the turns of a record that has left the table; after it has left. */
  public void retired(long turns) {
    retiredTurns.add(turns);
  }

  /*
   * Both below read in an order that misses what changes meanwhile, and counts nothing twice: a
   * record that leaves while the table is walked is in neither of the first two sums for a moment,
   * and a turn of the engine's own is counted apart before it is counted. A counter that falls would
   * be taken for one that began anew, so it stays where it was; one that had been too high would
   * stay too high.
   */

  /**
   * All turns so far.
   *
   * @param living adds up the records in the table
   */
  public long turns(LongSupplier living) {
    long retired = retiredTurns.sum();
    return mostTurns.accumulateAndGet(retired + living.getAsLong(), Math::max);
  }

  /**
   * All turns so far that were calls.
   *
   * @param living as above
   */
  public long calls(LongSupplier living) {
    long retired = retiredTurns.sum();
    long turns = retired + living.getAsLong();
    return mostCalls.accumulateAndGet(turns - ownTurns.sum(), Math::max);
  }
}
