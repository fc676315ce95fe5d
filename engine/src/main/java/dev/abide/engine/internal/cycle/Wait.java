package dev.abide.engine.internal.cycle;

import dev.abide.engine.CallCycleException;
import dev.abide.engine.internal.mailbox.QueuedTurn;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A turn that waits for a call in another object's mailbox, or for its end. One for each wait. */
public final class Wait {
  private static final AtomicLong NUMBERS = new AtomicLong();

  final Holder holder;
  final Holder callee;
  final QueuedTurn turn;

  /** Grows with every wait of the process: the greatest of a cycle is its youngest. */
  final long number = NUMBERS.incrementAndGet();

  /** What a join waits for, or what follows it; null where the caller waits in its call. */
  private final @Nullable Future<?> joined;

  /** Written by the search of the joining thread, read by all others. */
  private volatile @Nullable CallCycleException refusal;

  /** The wait of a caller in its call. */
  public Wait(Holder holder, Holder callee, QueuedTurn turn) {
    this(holder, callee, turn, null);
  }

  /** A wait for the outcome of a call that was made before, by whomever. */
  public static Wait join(Holder holder, Holder callee, QueuedTurn turn, Future<?> joined) {
    return new Wait(holder, callee, turn, joined);
  }

  private Wait(Holder holder, Holder callee, QueuedTurn turn, @Nullable Future<?> joined) {
    this.holder = holder;
    this.callee = callee;
    this.turn = turn;
    this.joined = joined;
  }

  /** Whose mailbox the call is in. */
  public Holder callee() {
    return callee;
  }

  /** The call. */
  public QueuedTurn turn() {
    return turn;
  }

  /** Whether it is for a call that was made before. */
  public boolean joins() {
    return joined != null;
  }

  /** Ends a join whose call runs, so that nothing but its own thread can be made to go on. */
  public void refuse(CallCycleException reason) {
    refusal = reason;
  }

  /** Why the joining thread must not wait, or null. */
  public @Nullable CallCycleException refusal() {
    return refusal;
  }

  /**
   * Whether the holder waits for the callee's turn no more, though it may not know yet. Asked of
   * the turn and not of its outcome alone: the callee may be in another turn before that is
   * published, and a stage that a turn has returned may be completed by anyone. A future that is
   * done ends the wait too, whoever has completed it: its thread goes on when it gets a processor.
   */
  public boolean over() {
    return turn.ended()
        || turn.cancelled()
        || turn.departure() != null
        || refusal != null
        || (joined != null && joined.isDone());
  }

  /** Whether the holder waits at all, be it for a turn or for a stage that is open. */
  public boolean stands() {
    Future<?> future = joined;
    return future == null ? !over() : !future.isDone();
  }
}
