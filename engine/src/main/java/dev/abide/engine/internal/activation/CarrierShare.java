package dev.abide.engine.internal.activation;

import java.util.concurrent.locks.LockSupport;

/**
 * How drains let others have their carriers.
 *
 * <p>To yield is not enough. A carrier runs what waits in its own queue until that is empty, and
 * only then what threads that are no carriers have put into queues beside it: drains that platform
 * threads began, callers that the journal's thread released. Behind a drain that wakes its callers,
 * and that they keep busy, that queue is never empty, and a carrier that comes to help stays at it
 * too. Nor is it where a drain ends with each turn and its caller, which it woke, begins the next.
 * Measured: with one carrier, and with two, a call from a platform thread to another object did not
 * begin in a minute.
 *
 * <p>So a drain now and then leaves: it waits to be woken by the JDK's timer, whose thread puts it
 * where those others are, behind them. Those that it has woken run, have nothing to do, and the
 * carrier's queue is empty. A drain that has been at it for a while leaves, and where drains are
 * short the next that begins, once many have begun since one has left. Where several drains keep a
 * queue full each leaves in its time, and none comes back before those others have run.
 */
final class CarrierShare {
  /** A leave costs about as much as some hundred turns: a small part of so long. */
  private static final long LEAVE_NANOS = 5_000_000;

  /** Where fewer drains have begun since one has left, each carrier's queue has been empty. */
  private static final int BEGUN_MIN = 256;

  /** Nobody knows on which carrier a drain is; so one of them leaves in each part of that time. */
  private static final long SHARE_NANOS = LEAVE_NANOS / Runtime.getRuntime().availableProcessors();

  /*
   * Carriers are the whole JVM's, and so are these. Racy on purpose: a number that is lost, and two
   * that leave at once, do no harm.
   */
  private static int begun;
  private static long left;

  private CarrierShare() {}

  /** At the beginning of a drain, on its thread. */
  static void begin() {
    int drains = begun + 1;
    begun = drains;
    if (drains >= BEGUN_MIN && System.nanoTime() - left >= SHARE_NANOS) {
      leave();
    }
  }

  /**
   * At the end of a drain whose object somebody else hands on: the next one does not know for how
   * long those that it follows have been at it.
   *
   * @param turns what it has run: so many drains of one turn would have begun
   */
  static void endedEarly(int turns) {
    begun += turns;
  }

  /** When a drain has begun, for {@link #isDue}; never 0. */
  static long now() {
    return System.nanoTime() | 1;
  }

  /**
   * Lets those go first that wait for the carrier, if there is memory for what this thread left.
   */
  static void stepBack() {
    try {
      Thread.yield();
    } catch (OutOfMemoryError e) {
      // It stays where it is, and its object is not lost.
    }
  }

  /** Whether a drain that has been at it since then has to leave. Between two turns. */
  static boolean isDue(long since) {
    return System.nanoTime() - since >= LEAVE_NANOS;
  }

  /** Leaves, on the drain's thread; returns when it came back, for {@link #isDue}. */
  static long leave() {
    begun = 0;
    left = System.nanoTime();
    // May return at once, if a turn has left a permit to this thread; then it leaves the next time.
    LockSupport.parkNanos(1);
    return now();
  }
}
