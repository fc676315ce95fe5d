package dev.abide.engine.internal.mailbox;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Who may run an object's next turn, and the turns that wait.
 *
 * <p>The idea: one word holds a count and a few flags. The count is of turns that were accepted and
 * have not ended, the running one included; whoever raises it from zero owns the object, and owns
 * it until the count is back at zero, but for what is lent. So "idle, awake and nothing waits" is
 * the word 0, and taking the object for an inline turn is one compare-and-set from 0 to 1.
 *
 * <p>Where a queue has formed it would stay: each caller whose turn has ended comes back before the
 * last of the others is through, waits too, and every call pays for a wait and a wake. So a drain
 * that lets others have its carrier lends the object meanwhile ({@link #tryLend}), to callers that
 * come by: each takes it for one inline turn, past those that wait ({@link #tryBorrow}). That is
 * allowed only while all that wait are callers who do nothing else until they are answered. So
 * nobody passes a turn that its own thread has issued before (G2).
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>There is an owner exactly while the count is above zero, unless LENT is set and BORROWED is
 *       not.
 *   <li>While LENT is set there is one drain that will call {@link #tryTakeBack}, which alone
 *       clears it: nobody else becomes the owner above a count of zero but by borrowing, and who
 *       gives back what is lent hands nothing on.
 *   <li>LENT is set only above a count of turns that wait, and BORROWED is set only beside it. They
 *       wait until it is cleared: nobody else takes them from the queue.
 *   <li>UNATTENDED is set from the acceptance of the first turn that nobody waits for until the
 *       count is back at zero. It comes with the count, before the turn is linked and its sender
 *       goes on. While it is set nobody begins to lend or to borrow.
 *   <li>Each count is either the inline turn that is running or a node that is linked, or is about
 *       to be linked by a thread that has just raised the count.
 *   <li>Nodes leave in the order in which they were exchanged into {@code tail}; a thread raises
 *       the count and links within one call, so its own turns keep their order (G2).
 *   <li>A retired mailbox never changes again.
 *   <li>While INTERRUPTING is set nobody releases or retires: who owns the object then owns it
 *       until the interrupter is through. INTERRUPTED is set only above a count of zero, and the
 *       release clears it.
 * </ul>
 *
 * <p>The queue is Vyukov's intrusive one for many producers and one consumer, without its stub
 * node: an empty queue has neither head nor tail.
 */
public abstract class Mailbox {
  /** What became of a node that was offered. */
  public enum Accepted {
    /** It waits; the owner will come to it. */
    QUEUED,
    /** It waits, and the caller owns the object: it must see to it that somebody drains. */
    OWNED,
    /** There is no room. */
    FULL,
    /** The activation has left the table: look again. */
    RETIRED
  }

  private static final int RETIRED = 1 << 31;

  /**
   * No instance, or one that has to go: the next turn wakes a new one. Set and cleared by the
   * owner.
   */
  private static final int ASLEEP = 1 << 30;

  /**
   * No inline turns: set for good when the engine closes or fails, or where every call is queued.
   */
  private static final int BARRED = 1 << 29;

  /** No inline turn for the next call; tests alternate. Set and cleared by the owner. */
  private static final int ODD = 1 << 28;

  /** Somebody is about to interrupt the owner's thread, which may not leave meanwhile. */
  private static final int INTERRUPTING = 1 << 27;

  /** The owner's thread was interrupted from here; its flag must not leave with it. */
  private static final int INTERRUPTED = 1 << 26;

  /** A drain is away and comes back; until then callers may borrow the object. */
  private static final int LENT = 1 << 25;

  /** An inline turn has what is lent. */
  private static final int BORROWED = 1 << 24;

  /** Among those that wait there may be a turn whose sender goes on meanwhile. */
  private static final int UNATTENDED = 1 << 23;

  private static final int COUNT = UNATTENDED - 1;

  /** The highest bound on a mailbox. */
  public static final int LENGTH_MAX = COUNT / 2;

  private static final VarHandle WORD;
  private static final VarHandle HEAD;
  private static final VarHandle TAIL;
  private static final VarHandle WATCHED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      WORD = lookup.findVarHandle(Mailbox.class, "word", int.class);
      HEAD = lookup.findVarHandle(Mailbox.class, "head", QueuedTurn.class);
      TAIL = lookup.findVarHandle(Mailbox.class, "tail", QueuedTurn.class);
      WATCHED = lookup.findVarHandle(Mailbox.class, "watched", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused")
  private volatile int word;

  /** Written by the producer that found the queue empty, and by the owner. */
  @SuppressWarnings("unused")
  private @Nullable QueuedTurn head;

  /** Exchanged by producers; set to null by the owner that took the last node. */
  @SuppressWarnings("unused")
  private @Nullable QueuedTurn tail;

  /**
   * Whether somebody has the mailbox in hand, to look at what waits. Read by each producer, so it
   * stands beside what they write; elsewhere it would share a line with what each turn writes.
   */
  @SuppressWarnings("unused")
  private volatile boolean watched;

  /** How many turns more may borrow what is lent. Of the owner. Short: it fits into a gap. */
  private short loans;

  /** A mailbox of an object that sleeps. */
  protected Mailbox(boolean barred) {
    word = ASLEEP | (barred ? BARRED : 0);
  }

  /**
   * Takes the object if it is awake, idle, nothing waits and inline turns are allowed. One
   * compare-and-set and nothing after it: the stack may end at any later call.
   */
  public final boolean tryTake() {
    return WORD.compareAndSet(this, 0, 1);
  }

  /**
   * Takes the object if it sleeps, nothing runs or waits, and inline turns are allowed otherwise:
   * for a turn on the calling thread that wakes it. One compare-and-set, as above.
   */
  protected final boolean tryTakeAsleep() {
    // Read first: most that come here find an object that runs.
    return word == ASLEEP && WORD.compareAndSet(this, ASLEEP, ASLEEP + 1);
  }

  /**
   * Takes the object for an inline turn past those that wait, if it is lent. One compare-and-set
   * and a store, as above.
   */
  public final boolean tryBorrow() {
    int seen = word;
    // What is left is the owner's to write, and read here before this is one: an old value lets
    // some turns more or fewer pass.
    if ((seen & ~COUNT) != LENT
        || loans <= 0
        || !WORD.compareAndSet(this, seen, (seen | BORROWED) + 1)) {
      return false;
    }
    loans--;
    return true;
  }

  /**
   * Lends the object to those that come by; false if it may not be lent. For the drain that owns
   * it, while others wait. It must call {@link #tryTakeBack} after a short while, and touch nothing
   * of the object's in between.
   *
   * @param turns how many may pass those that wait. The next caller waits too, and that gives its
   *     carrier to the drain: one that called again and again on the only one would keep it
   */
  protected final boolean tryLend(short turns) {
    int seen = word;
    if ((seen & ~COUNT) != 0) {
      return false;
    }
    loans = turns;
    return WORD.compareAndSet(this, seen, seen | LENT);
  }

  /**
   * Ends a loan.
   *
   * @param spinsMax how often to look again while a turn has what is lent
   * @return whether the caller owns the object again, and others wait. If not, the turn that has
   *     the object now hands it on when it ends
   */
  protected final boolean tryTakeBack(int spinsMax) {
    for (int spins = 0; ; ) {
      int seen = word;
      if ((seen & BORROWED) == 0) {
        // Who is counted or bars in between makes this fail, and it looks again.
        if (WORD.compareAndSet(this, seen, seen & ~LENT)) {
          return true;
        }
      } else if (spins++ < spinsMax) {
        Thread.onSpinWait();
      } else if (WORD.compareAndSet(this, seen, seen & ~(LENT | BORROWED))) {
        // A turn has it, this one or a later one that made the word the same: its release comes
        // after this, and finds no loan and that others wait.
        return false;
      }
    }
  }

  /** Takes the object if nothing runs and nothing waits, asleep or barred as it may be. */
  protected final boolean tryTakeIdle() {
    int seen = word;
    return seen >= 0 && (seen & COUNT) == 0 && WORD.compareAndSet(this, seen, seen + 1);
  }

  /**
   * Accepts a turn.
   *
   * @param max the bound on turns that have not ended
   */
  protected final Accepted offer(QueuedTurn turn, int max) {
    int unattended = turn.waiter == null ? UNATTENDED : 0;
    int seen;
    do {
      seen = word;
      if (seen < 0) {
        return Accepted.RETIRED;
      }
      if ((seen & COUNT) >= max) {
        return Accepted.FULL;
      }
      // Counted before it is linked: were it linked first, the mailbox could retire in between with
      // the node inside, and nobody would ever come to it.
    } while (!WORD.compareAndSet(this, seen, (seen + 1) | unattended));
    QueuedTurn before = (QueuedTurn) TAIL.getAndSet(this, turn);
    if (before == null) {
      HEAD.setRelease(this, turn);
    } else {
      before.linkRelease(turn);
    }
    return (seen & COUNT) == 0 ? Accepted.OWNED : Accepted.QUEUED;
  }

  /**
   * The next waiting turn. For the owner, and only while the count says that there is one; it may
   * have to wait for a producer between its two steps.
   *
   * <p>While there are more, {@code head} is left behind, for producers write beside it: the owner
   * goes on with what stands behind the turn that it took, and calls {@link #keepUp} now and then.
   * If nothing stands there, the queue was empty and {@code head} is right again.
   *
   * @param following what stands behind the turn that was taken before, or null
   */
  protected final QueuedTurn poll(@Nullable QueuedTurn following) {
    QueuedTurn first = following == null ? (QueuedTurn) HEAD.getAcquire(this) : following;
    for (int spins = 0; first == null; spins++) {
      pause(spins);
      first = (QueuedTurn) HEAD.getAcquire(this);
    }
    QueuedTurn second = first.nextAcquire();
    if (second == null) {
      // Head goes first: a producer that then finds no tail may set it at once.
      HEAD.setRelease(this, null);
      if (TAIL.compareAndSet(this, first, null)) {
        return first;
      }
      // A producer has exchanged the tail and is about to link: head is ours until then.
      second = first.nextAcquire();
      for (int spins = 0; second == null; spins++) {
        pause(spins);
        second = first.nextAcquire();
      }
      HEAD.setRelease(this, second);
    }
    return first;
  }

  /** Lets go of the turns before this one. For the owner. */
  protected final void keepUp(QueuedTurn following) {
    HEAD.setRelease(this, following);
  }

  /**
   * Ends a turn. True if the caller has let go of the object, which is free now or lent; false if
   * others wait, and then the caller still owns it. Nothing follows the one atomic step: what an
   * interrupter leaves to do is done before, as the owner.
   */
  protected final boolean release() {
    return release(1);
  }

  /**
   * Ends so many turns at once; see {@link #release()}.
   *
   * @param turns the last ones, which nobody interrupts between each other: see {@link
   *     #interruptOwner}
   */
  protected final boolean release(int turns) {
    // Most often nobody waits and nothing is marked.
    return (word == turns && WORD.compareAndSet(this, turns, 0)) || releaseMarked(turns);
  }

  private boolean releaseMarked(int turns) {
    int seen;
    int after;
    do {
      seen = word;
      if ((seen & (INTERRUPTING | INTERRUPTED)) != 0) {
        seen = settleInterrupt();
      }
      after = (seen - turns) & ~(INTERRUPTED | BORROWED);
      if ((after & COUNT) == 0) {
        after &= ~UNATTENDED;
      }
    } while (!WORD.compareAndSet(this, seen, after));
    return (after & COUNT) == 0 || (after & LENT) != 0;
  }

  /** Waits until no interrupt is under way, and takes back one that came; returns the word then. */
  private int settleInterrupt() {
    int seen = word;
    for (int spins = 0; (seen & INTERRUPTING) != 0; spins++) {
      pause(spins);
      seen = word;
    }
    if ((seen & INTERRUPTED) != 0) {
      takeInterruptBack();
    }
    return seen;
  }

  /**
   * Interrupts the thread that runs the present turn, at most once in a turn; from any thread.
   *
   * <p>The interrupt meets this turn or none. Between the two atomic steps below the count cannot
   * fall, so the owner is one and the same. Then, wherever that owner stands:
   *
   * <ul>
   *   <li>It has just taken the object, and has not said on which thread: {@link #ownersThread}
   *       finds none, and nothing is interrupted.
   *   <li>It is in the turn: the flag is set while it is.
   *   <li>It has left the method and is before its release: it waits there for the second step,
   *       finds INTERRUPTED, and clears its flag before it lets go.
   *   <li>It has read the word without a mark and is about to release: the first step below makes
   *       its compare-and-set fail, and it looks again.
   *   <li>It has released: the first step finds a count of zero, or the next owner's.
   * </ul>
   *
   * @return whether the turn is interrupted, by this call or an earlier one
   */
  protected final boolean interruptOwner() {
    int seen;
    do {
      seen = word;
      if (seen < 0
          || (seen & COUNT) == 0
          || (seen & (LENT | BORROWED)) == LENT
          || (seen & INTERRUPTING) != 0) {
        return false;
      }
      if ((seen & INTERRUPTED) != 0) {
        return true;
      }
    } while (!WORD.compareAndSet(this, seen, seen | INTERRUPTING));
    int marks = INTERRUPTING;
    try {
      Thread thread = ownersThread();
      if (thread != null) {
        // Both bits change below: the one goes, the other comes.
        marks |= INTERRUPTED;
        thread.interrupt();
      }
    } finally {
      WORD.getAndBitwiseXor(this, marks);
    }
    return (marks & INTERRUPTED) != 0;
  }

  /**
   * The thread that runs the present turn, or null if there is none or it cannot be told yet. For
   * {@link #interruptOwner}, on its thread, while the owner cannot change.
   */
  protected @Nullable Thread ownersThread() {
    return null;
  }

  /** Clears the interrupt flag that {@link #interruptOwner} set. On the owner's thread. */
  protected void takeInterruptBack() {
    var _ = Thread.interrupted();
  }

  /**
   * Whether the present turn was interrupted by {@link #interruptOwner}; waits until one that is
   * under way is through. On the owner's thread.
   */
  protected final boolean wasInterrupted() {
    int seen = word;
    for (int spins = 0; (seen & INTERRUPTING) != 0; spins++) {
      pause(spins);
      seen = word;
    }
    return (seen & INTERRUPTED) != 0;
  }

  /**
   * Leaves for ever, from one turn's ownership.
   *
   * @return false if others wait: then the caller still owns it
   */
  protected final boolean tryRetire() {
    int seen = word;
    // One that is being interrupted goes the longer way, through the release.
    return (seen & (INTERRUPTING | INTERRUPTED | COUNT)) == 1
        && WORD.compareAndSet(this, seen, RETIRED);
  }

  /** Whether more turns than the caller's own have been accepted. For the owner. */
  protected final boolean othersWait() {
    return (word & COUNT) > 1;
  }

  /** Begins to be watched; false if it is. After a turn was accepted. */
  protected final boolean tryWatch() {
    return !watched && WATCHED.compareAndSet(this, false, true);
  }

  /** Takes {@link #tryWatch} back, if nobody watches. The next one that is accepted asks again. */
  protected final void dropWatch() {
    watched = false;
  }

  /** Ends the watch; false if there is again something to watch. */
  public final boolean unwatch() {
    watched = false;
    // A turn accepted after the watcher had looked, and before the line above, found the mark set
    // and did not call for the watcher.
    return length() == 0 || !WATCHED.compareAndSet(this, false, true);
  }

  /** Turns that were accepted and have not ended. */
  public final int length() {
    int seen = word;
    return seen < 0 ? 0 : seen & COUNT;
  }

  /** Whether this has left the table. */
  public final boolean retired() {
    return word < 0;
  }

  /** Whether there is no instance to run an inline turn on. */
  public final boolean asleep() {
    return (word & ASLEEP) != 0;
  }

  /** Forbids inline turns until {@link #markAwake}. For the owner. */
  protected final void markAsleep() {
    WORD.getAndBitwiseOr(this, ASLEEP);
  }

  /** Allows inline turns again. For the owner. */
  protected final void markAwake() {
    WORD.getAndBitwiseAnd(this, ~ASLEEP);
  }

  /** Forbids inline turns for good; from any thread. A retired mailbox is left alone. */
  public final void bar() {
    int seen;
    do {
      seen = word;
      if (seen < 0) {
        return;
      }
    } while (!WORD.compareAndSet(this, seen, seen | BARRED));
  }

  /** Lets every second turn be queued. For the owner. */
  protected final void alternate() {
    WORD.getAndBitwiseXor(this, ODD);
  }

  /**
   * Whether there is a node behind the one that was the last; if not, looks again a moment later,
   * once: a queue that is emptied after each node is dear to both sides, and some nodes are there
   * by then. For the owner.
   */
  protected final boolean followed(int spins) {
    if (HEAD.getAcquire(this) != null) {
      return true;
    }
    for (int spin = 0; spin < spins; spin++) {
      Thread.onSpinWait();
    }
    return HEAD.getAcquire(this) != null;
  }

  /** The first node, for a look from outside; it and some that follow may have left. */
  protected final @Nullable QueuedTurn peek() {
    return (QueuedTurn) HEAD.getAcquire(this);
  }

  private static void pause(int spins) {
    // The producer is between two instructions; only if it lost its processor there does this take
    // long, and then yielding is what lets it go on.
    if (spins < 64) {
      Thread.onSpinWait();
    } else {
      Thread.yield();
    }
  }
}
