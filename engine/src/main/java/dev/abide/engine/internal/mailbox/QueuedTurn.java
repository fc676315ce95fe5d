package dev.abide.engine.internal.mailbox;

import dev.abide.engine.Caller;
import dev.abide.engine.internal.observe.QueueWaitEvent;
import dev.abide.engine.spi.Turn;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A turn that waits in a mailbox, and what became of it.
 *
 * <p>States and their successors:
 *
 * <ul>
 *   <li>QUEUED: RUNNING (the owner came to it), CANCELLED (its caller was interrupted, its bound
 *       passed, the engine closes)
 *   <li>RUNNING: INTERRUPTING, ENDED
 *   <li>INTERRUPTING: RUNNING. The interrupter is between two steps, and the runner cannot leave,
 *       so that the interrupt meets this turn or none
 *   <li>ENDED: DONE. The turn is over, its outcome is being written
 *   <li>CANCELLED, DONE: none
 * </ul>
 */
public abstract class QueuedTurn {
  /** No time. A clock that happens to count so lets one turn wait for twice as long. */
  public static final long UNSEEN = 0;

  private static final int QUEUED = 0;
  private static final int RUNNING = 1;
  private static final int INTERRUPTING = 2;
  private static final int ENDED = 3;
  private static final int DONE = 4;
  private static final int CANCELLED = 5;

  private static final VarHandle STATE;
  private static final VarHandle NEXT;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(QueuedTurn.class, "state", int.class);
      NEXT = lookup.findVarHandle(QueuedTurn.class, "next", QueuedTurn.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile int state;

  @SuppressWarnings("unused")
  private @Nullable QueuedTurn next;

  /** Written before RUNNING is published, read by an interrupter that has seen RUNNING. */
  private @Nullable Thread runner;

  /*
   * The fields below are written by the caller before the turn is offered, and then by the runner
   * before DONE is published: each side reads the other's writes through the queue and the state.
   */

  /** The thread that waits for the outcome, or null. */
  public @Nullable Thread waiter;

  /** The turn that waits for the outcome, or null where the chain begins. */
  public @Nullable Turn parent;

  /** Who began the chain, or null. */
  public @Nullable Caller caller;

  /** What was current on the caller's thread, as the engine's carriers took it; or null. */
  public Object @Nullable [] carried;

  /**
   * On the way in the newest commit that the caller has seen, on the way out the object: of those
   * that have to be durable before anything leaves that depends on them.
   */
  public long commit;

  /** The same of all commits; this one has to be written. */
  public long written;

  /**
   * The engine clock's count at which the turn is given up while it is queued. {@link #UNSEEN} of a
   * one-way call until the scanner first meets it: its time counts from there, at most a pass later
   * than from when it was sent.
   */
  public long expiresAt;

  /** Whether the caller leaves at that time even if the turn runs. */
  public boolean deadline;

  /**
   * Whether a turn that runs at that time goes on untouched, and so do its calls: a client's
   * patience has ended, not the time of the call.
   */
  public boolean goesOn;

  /** What the turn ended with, or null. */
  public @Nullable Throwable failure;

  private volatile @Nullable Throwable refusal;
  private volatile @Nullable Throwable departure;

  /** Whether the turn may have changed something that stays. */
  public boolean effects;

  /** Whether it may have changed something besides what its last commit holds. */
  public boolean more;

  /** The machine's clock when it was offered, where waits are timed; else 0. */
  public long queuedAt;

  /** Its wait, where waits are recorded; else null. */
  public @Nullable QueueWaitEvent waitEvent;

  /** Told when the turn has ended, where nobody waits; or null. */
  public @Nullable Completion completion;

  /** For calls and for the engine's own turns. */
  protected QueuedTurn() {}

  /** What follows the end of a turn that nobody waits for. */
  @FunctionalInterface
  public interface Completion {
    /**
     * The turn was cancelled, or is done, or its caller has to leave it. Must be short and must not
     * throw. A turn that is left is told again when it is done.
     */
    void ended(QueuedTurn turn);

    /**
     * The owner has come to the turn, which was cancelled, and lets go of it. Must be short and
     * must not throw.
     */
    default void passedOver(QueuedTurn turn) {}
  }

  final void linkRelease(QueuedTurn following) {
    NEXT.setRelease(this, following);
  }

  /** The node behind this one, or null. Stays after this one has left, for readers from outside. */
  public final @Nullable QueuedTurn nextAcquire() {
    return (QueuedTurn) NEXT.getAcquire(this);
  }

  /** Begins to run; false if the turn was cancelled. */
  public final boolean tryStart(Thread thread) {
    runner = thread;
    return STATE.compareAndSet(this, QUEUED, RUNNING);
  }

  /**
   * Takes the turn out before it ran, for a reason that its caller gets; false if it runs or has
   * run.
   */
  public final boolean tryCancel(Throwable reason) {
    // Before the swap, so that whoever sees CANCELLED finds a reason. Two who try at once may each
    // have written theirs: both are true.
    refusal = reason;
    return tryCancel();
  }

  /** Why the turn was taken out, or null if its own caller did it. */
  public final @Nullable Throwable refusal() {
    return refusal;
  }

  /** Lets the caller go while the turn runs on. */
  public final void leave(Throwable reason) {
    departure = reason;
    tell();
  }

  /** Why the caller has to go while the turn runs on, or null. */
  public final @Nullable Throwable departure() {
    return departure;
  }

  /** Wakes the caller, or whoever stands for it, to look at what became of the turn. */
  public final void tell() {
    Completion whenEnded = completion;
    if (whenEnded != null) {
      whenEnded.ended(this);
    } else {
      LockSupport.unpark(waiter);
    }
  }

  /** For the owner, who has come to a turn that it may not start. */
  public final void passOver() {
    Completion whenEnded = completion;
    if (whenEnded != null) {
      whenEnded.passedOver(this);
    }
  }

  /** Takes the turn out before it ran; false if it runs or has run. */
  public final boolean tryCancel() {
    return STATE.compareAndSet(this, QUEUED, CANCELLED);
  }

  /**
   * Interrupts the running turn; false if none is running. From the first step to the last the
   * runner stays in this turn.
   */
  public final boolean tryInterrupt() {
    if (!STATE.compareAndSet(this, RUNNING, INTERRUPTING)) {
      return false;
    }
    Thread thread = runner;
    if (thread != null) {
      thread.interrupt();
    }
    state = RUNNING;
    return true;
  }

  /** Ends the turn: from here on no interrupt reaches its runner. Clears one that came too late. */
  public final void end() {
    while (!STATE.compareAndSet(this, RUNNING, ENDED)) {
      Thread.onSpinWait();
    }
    runner = null;
    var _ = Thread.interrupted();
  }

  /**
   * Ends a turn that {@link #tryInterrupt} is never called for, since nobody waits for it and it
   * has no deadline: there is nobody to be shut out first. The outcome may be written next.
   */
  public final void endUnreached() {
    runner = null;
    // What the method itself did to its thread does not meet the next turn.
    var _ = Thread.interrupted();
  }

  /** Publishes the outcome of a turn that {@link #endUnreached} has ended. */
  public final void releaseDone() {
    // No fence: nobody but this thread asks for the state of such a turn.
    STATE.setRelease(this, DONE);
  }

  /** Publishes the outcome. */
  public final void publishDone() {
    state = DONE;
  }

  /** Whether the turn has ended and its outcome may be read. */
  public final boolean done() {
    return state == DONE;
  }

  /**
   * Whether the turn has ended, before its outcome may be read. Its object may be in another turn
   * by now.
   */
  public final boolean ended() {
    int seen = state;
    return seen == ENDED || seen == DONE;
  }

  /** Whether the turn was taken out before it ran. */
  public final boolean cancelled() {
    return state == CANCELLED;
  }

  /** Whether nobody has come to the turn yet. */
  public final boolean queued() {
    return state == QUEUED;
  }

  /** Whether the turn runs. */
  public final boolean running() {
    int seen = state;
    return seen == RUNNING || seen == INTERRUPTING;
  }
}
