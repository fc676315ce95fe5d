package dev.abide.engine.internal.activation;

import dev.abide.engine.AbideException;
import dev.abide.engine.ClosedException;
import dev.abide.engine.OnSleep;
import dev.abide.engine.SleepReason;
import dev.abide.engine.internal.cycle.Holder;
import dev.abide.engine.internal.mailbox.QueuedTurn;
import dev.abide.engine.internal.storage.StorageView;
import dev.abide.engine.spi.TurnStack;
import org.jspecify.annotations.Nullable;

/**
 * The engine's record of one object: who runs it, its instance, its view of storage, and the newest
 * commit that it depends on. One Java object in layers, a file for each: {@link Witness} what it
 * has seen, {@link Belongings} what it has while awake, {@link Life} wake, reset and sleep, {@link
 * TurnRunner} its turns, and here what others ask of it: callers, the scanner, close, and the
 * search for cycles. Layers, because parts of their own would cost each awake object their headers
 * and references, and each turn the way there.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>All fields belong to the owner of the mailbox.
 *   <li>{@code seen} only grows, and survives reset, sleep and deletion.
 *   <li>An activation stays in the table until nothing of it is unapplied or not durable; sleep,
 *       reset and deletion replace the instance only.
 *   <li>The mailbox is marked asleep exactly while there is no instance, so inline turns find one.
 * </ul>
 */
public final class Activation extends TurnRunner implements Holder {
  /** About a second, after which an idle object forgets its last thread. */
  private static final int IDLE_TICKS = 10;

  Activation(Engine engine, HostedType<?> type, String id) {
    super(engine, type, id);
  }

  @Override
  Activation self() {
    return this;
  }

  /** Accepts a turn, or says why not. */
  Accepted accept(QueuedTurn turn) {
    return accept(turn, type.mailboxMax());
  }

  /** Accepts a turn of the engine's own: a full mailbox does not stop it. */
  Accepted acceptReserved(EngineTurn turn) {
    turn.expiresAt = engine.now() + Long.MAX_VALUE / 4;
    return accept(turn, LENGTH_MAX);
  }

  private Accepted accept(QueuedTurn turn, int max) {
    Observation.queued(engine, turn);
    Accepted accepted = offer(turn, max);
    if (accepted == Accepted.OWNED) {
      handOff();
    }
    if (accepted == Accepted.OWNED || accepted == Accepted.QUEUED) {
      watchIfWanted();
    }
    return accepted;
  }

  private void watchIfWanted() {
    if (tryWatch()) {
      try {
        engine.watch(this);
      } catch (OutOfMemoryError e) {
        // The turn has been accepted, and its caller is told so. The scanner comes by when it walks
        // over the table.
        dropWatch();
      }
    }
  }

  /** Asks to be watched where turns wait and there was no memory to ask. For the scanner. */
  void watchIfForgotten() {
    if (firstWaiting() != null) {
      watchIfWanted();
    }
  }

  /** Sleeps if it has been idle since that tick. For the scanner. */
  void sleepIfIdleSince(long tick, SleepReason reason) {
    Object awake = instance;
    if (awake == null || lastUsed() > tick || busy()) {
      return;
    }
    if (awake instanceof OnSleep) {
      // User code does not run on the scanner's thread. A call that comes first keeps it awake.
      if (length() == 0) {
        fallsAsleep = true;
        var _ = acceptReserved(new EngineTurn.Sleep(reason));
      }
    } else if (tryTakeIdle()) {
      // Asked again, as the owner: a turn may have begun something since.
      if (lastUsed() <= tick && !busy()) {
        fallAsleep(reason);
        stack = TurnStack.NONE;
      }
      if (!release()) {
        handOff();
      }
    }
  }

  /**
   * Sleeps if nothing is to be run for it, on the calling thread: a turn that puts it to sleep,
   * without record, queue and thread. The caller's stack has room for it.
   *
   * @return what the object had seen; null if it is not idle, or wants to hear of it
   */
  @Nullable Seen sleepIfIdle() {
    if (instance instanceof OnSleep || busy() || !tryTakeIdle()) {
      return null;
    }
    Seen seen = null;
    try {
      // Asked again, as the owner: another instance may have come since.
      if (!(instance instanceof OnSleep) && !busy()) {
        countOwnTurn();
        fallAsleep(SleepReason.ASKED);
        stack = TurnStack.NONE;
        seen = seen();
      }
      if (!release()) {
        handOff();
      }
    } catch (Throwable thrown) {
      // Memory has ended, before the release: that is the last step that may fail. The scanner, or
      // who comes next, finishes.
      phase = ABANDONED;
      throw thrown;
    }
    return seen;
  }

  /** Tells the instance that the engine closes, if it wants to hear of it. */
  void sleepAtClose() {
    if (instance instanceof OnSleep) {
      var _ = acceptReserved(new EngineTurn.Sleep(SleepReason.CLOSE));
    }
  }

  /** Leaves the table if nothing is left of it but its place there. For the scanner. */
  void retireIfSettled() {
    if (!asleep()) {
      forgetThread();
      return;
    }
    if (!tryTakeIdle()) {
      return;
    }
    StorageView storage = view;
    if (storage != null && instance == null && storage.settled()) {
      view = null;
    }
    boolean settled = view == null && instance == null && mayLeave();
    if (settled) {
      // Stubs may keep what is left of it, and must not keep a thread or a failure with it.
      stack = TurnStack.NONE;
      wakeFailure(null);
    }
    if (settled && tryRetire()) {
      type.remove(this);
    } else if (!release()) {
      handOff();
    }
  }

  /**
   * An object that has been idle for a while keeps the thread of its last turn no longer: it may
   * have ended, and would cost as much as the object. Not at the turn's end, where one object that
   * is called again and again would pay for it.
   */
  private void forgetThread() {
    // Racy looks, at fields of the owner's: an old value means that the next pass comes back.
    if (stack.equals(TurnStack.NONE) || lastUsed() >= engine.tick - IDLE_TICKS || !tryTakeIdle()) {
      return;
    }
    stack = TurnStack.NONE;
    if (!release()) {
      handOff();
    }
  }

  /** The first waiting turn, for the scanner. */
  @Nullable QueuedTurn firstWaiting() {
    return peek();
  }

  /**
   * Interrupts the running turn, once, for close. Misses one that is just beginning, and one that
   * runs another on its own thread: the inner comes first, and this one when that has ended.
   */
  void interruptTurn() {
    var _ = interruptOwner();
  }

  @Override
  protected @Nullable Thread ownersThread() {
    // Who took the object may not have written its own stack yet, and then this is the stack of an
    // earlier owner, on which this turn does not stand any more.
    TurnStack running = stack;
    return running.innermost(this) ? running.thread() : null;
  }

  @Override
  protected void takeInterruptBack() {
    // Else the scanner finishes the turn of a thread that had lost it.
    TurnStack mine = stack;
    if (mine.equals(TurnStack.NONE)) {
      return;
    }
    super.takeInterruptBack();
    // This turn has left the stack already, so the one that called it here may have been
    // interrupted since, and the flag that was just cleared have been that one's. Set again, if the
    // mark is seen; if it is not, the interrupt comes after the clearing.
    if (mine.thread() == Thread.currentThread()
        && mine.top() instanceof Activation outer
        && outer.wasInterrupted()) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether a turn that puts it to sleep is on its way. For the scanner. */
  boolean fallsAsleep() {
    return fallsAsleep;
  }

  /** The turn that puts it to sleep has done so, or has not: after the instance has gone. */
  void fellAsleep() {
    fallsAsleep = false;
  }

  // ---- for the search for cycles

  @Override
  public @Nullable Holder innermost() {
    return (Activation) stack.innermostWith(this);
  }

  @Override
  public @Nullable Holder outer() {
    return parent();
  }

  /** Lets the callers of turns that will not end go, for close. */
  void leaveCallers() {
    QueuedTurn queued = running();
    // Who made a one-way call has left long ago; what it counts ends with the turn.
    if (queued != null && queued.running()) {
      queued.leave(
          new ClosedException(
              "the engine was closed while the turn of "
                  + this
                  + " was running; what it does is not known",
              null,
              false,
              AbideException.Applied.UNKNOWN));
    }
  }
}
