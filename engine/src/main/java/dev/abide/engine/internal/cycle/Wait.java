package dev.abide.engine.internal.cycle;

import dev.abide.engine.internal.mailbox.QueuedTurn;
import java.util.concurrent.atomic.AtomicLong;

/** A turn that waits for a call in another object's mailbox, or for its end. One for each wait. */
public final class Wait {
  private static final AtomicLong NUMBERS = new AtomicLong();

  final Holder holder;
  final Holder callee;
  final QueuedTurn turn;

  /** Grows with every wait of the process: the greatest of a cycle is its youngest. */
  final long number = NUMBERS.incrementAndGet();

  /** A wait that begins. */
  public Wait(Holder holder, Holder callee, QueuedTurn turn) {
    this.holder = holder;
    this.callee = callee;
    this.turn = turn;
  }

  /** Whose mailbox the call is in. */
  public Holder callee() {
    return callee;
  }

  /** The call. */
  public QueuedTurn turn() {
    return turn;
  }

  /** Whether the holder need not wait any more, though it may not know yet. */
  public boolean over() {
    return turn.done() || turn.cancelled() || turn.departure() != null;
  }
}
