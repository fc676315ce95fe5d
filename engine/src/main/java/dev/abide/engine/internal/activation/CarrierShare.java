package dev.abide.engine.internal.activation;

import java.util.concurrent.locks.LockSupport;

/**
 * How a drain that finds its mailbox never empty lets others have its carrier.
 *
 * <p>To yield is not enough. A carrier runs what waits in its own queue until that is empty, and
 * only then what threads that are no carriers have put into queues beside it: drains that platform
 * threads began, callers that the journal's thread released. Behind a drain that wakes its callers,
 * and that they keep busy, that queue is never empty, and a carrier that comes to help stays at it
 * too. Measured: with one carrier, and with two, a call from a platform thread to another object
 * did not begin in a minute.
 *
 * <p>So a drain that has been at it for a while leaves: it waits to be woken by the JDK's timer,
 * whose thread puts it where those others are, behind them. Those that it has woken run, have
 * nothing to do, and the carrier's queue is empty. Where several drains keep a queue full each
 * leaves in its time, and none comes back before those others have run.
 */
final class CarrierShare {
  /** A leave costs about as much as some hundred turns: a small part of so long. */
  private static final long LEAVE_NANOS = 5_000_000;

  private CarrierShare() {}

  /**
   * Between two turns, on the drain's thread.
   *
   * @param since what this returned before in the same drain, 0 for the first time
   */
  static long pass(long since) {
    long now = System.nanoTime();
    if (since == 0 || now - since < LEAVE_NANOS) {
      Thread.yield();
      return since == 0 ? now | 1 : since;
    }
    // May return at once, if a turn has left a permit to this thread; then it leaves the next time.
    LockSupport.parkNanos(1);
    return System.nanoTime() | 1;
  }
}
