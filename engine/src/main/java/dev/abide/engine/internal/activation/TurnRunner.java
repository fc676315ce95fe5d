package dev.abide.engine.internal.activation;

import dev.abide.engine.Caller;
import dev.abide.engine.SleepReason;
import dev.abide.engine.internal.mailbox.QueuedTurn;
import dev.abide.engine.internal.storage.StorageView;
import dev.abide.engine.spi.Call;
import dev.abide.engine.spi.MethodDescriptor;
import dev.abide.engine.spi.StageCall;
import dev.abide.engine.spi.Turn;
import dev.abide.engine.spi.TurnStack;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs an object's turns, in one of two places. Inline: a stub takes the idle object with one
 * compare-and-set, or borrows a busy one that its drain lends, and runs the method on its caller's
 * thread ({@link #begin}, {@link #end}, {@link #failed}); if the object sleeps, a second one takes
 * it, and the same turn wakes it first. Queued: the object's virtual thread takes records from the
 * mailbox ({@link #run}). Both commit, adjust {@code seen} and free the object in the same order,
 * before anything is durable; what waits is the reply, at the gate.
 */
abstract class TurnRunner extends Life implements Runnable {
  /** Turns after which a drain lets others have its carrier. */
  private static final int BATCH = 64;

  /** So many inline turns may pass those that wait while the drain lets others have its carrier. */
  private static final short LOANS = 256;

  /** So many one-way turns are given back to the word at once. */
  private static final int OWED_MAX = 64;

  /** After so many one-way turns in a row the drain waits a moment for the next. */
  private static final int BURST = 8;

  /** About two microseconds, where there is another processor that may send meanwhile. */
  private static final int LINGER_SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 64 : 0;

  /** About two microseconds, in which a short turn on what is lent ends. */
  private static final int BACK_SPINS = LINGER_SPINS;

  private static final VarHandle PHASE;
  private static final VarHandle CURRENT;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      PHASE = lookup.findVarHandle(Turn.class, "phase", int.class);
      CURRENT = lookup.findVarHandle(TurnRunner.class, "current", QueuedTurn.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Whether the end of a turn has more to do than to free the object. */
  private final boolean special;

  /**
   * The queued turn that runs, but for a one-way one, of which nobody outside asks more than its
   * method. Released by the owner; read from outside, where an old value does no harm.
   */
  @SuppressWarnings("unused")
  private volatile @Nullable QueuedTurn current;

  /**
   * What the drain runs, if its last turn was a one-way one: the same in all of a burst, so that it
   * is written once. Racy as {@code current}.
   */
  private @Nullable MethodDescriptor oneWayMethod;

  /**
   * Counts turns; read by {@code awaitQuiet} and by the scanner, where an old value does no harm.
   */
  private long turns;

  /**
   * The engine's tick at the last turn's end, its lower half; read by the scanner, where an old
   * value does no harm.
   */
  private int lastUsed;

  /** One-way turns that have ended and are counted in the mailbox's word still. The drain's own. */
  private int owed;

  /** One-way turns since another one, or since the object was free. The drain's own. */
  private int burst;

  TurnRunner(Engine engine, HostedType<?> type, String id) {
    super(engine, type, id);
    this.special = type.idleNanos() == 0 || engine.alternating;
  }

  // ---- inline turns

  @Override
  public Object begin(MethodDescriptor method) {
    enterHere(method);
    return Objects.requireNonNull(instance);
  }

  /**
   * Takes the object for an inline turn that wakes it, on a stack that has room for this.
   *
   * @return false if it does not sleep, is not idle, or takes no inline turns
   */
  boolean takeAsleep(TurnStack mine) {
    if (!tryTakeAsleep()) {
      return false;
    }
    // Asked as the owner. If the engine is open now, close has not begun and will find the object
    // taken; one made behind close's walk through the table finds the engine closing here.
    if (!engine.mayInline()) {
      if (!release()) {
        handOff();
      }
      return false;
    }
    stack = mine;
    depth = mine.depth;
    return true;
  }

  /** Enters the turn that {@link #takeAsleep} took; returns the user's instance, which it makes. */
  Object beginAsleep(MethodDescriptor method) {
    WakeFailure failed = wakeFailure();
    if (failed != null) {
      // It was shared by those that waited when it came, and they have gone.
      wakeFailure(null);
    }
    enterHere(method);
    return instance == null ? wake(readOnly, true) : instance;
  }

  private void enterHere(MethodDescriptor method) {
    Activation outer = (Activation) stack.top();
    stack.push(this);
    Caller who = outer == null ? null : outer.caller;
    long commit = outer != null && outer.engine == engine ? outer.seen : 0;
    long written = outer != null && outer.engine == engine ? outer.seenWritten : 0;
    enter(outer, who, commit, written, method.readOnly());
    if (Observation.wanted(engine)) {
      observation().begin(this, method.name(), true);
    }
  }

  @Override
  public long end() {
    if (hasToCommit()) {
      commitTurn();
    }
    Observation observed = observation;
    if (observed != null) {
      observed.end(this, false);
    }
    Activation outer = parent;
    stack.depth = depth;
    if (outer != null) {
      outer.calleeEnded(this, seen, seenWritten, effects || !readOnly);
    }
    long gate = 0;
    if ((outer == null || outer.engine != engine) && !mayLeave()) {
      // Two numbers, and room for one: the other is read on this thread before anything else runs
      // here.
      stack.durableGate = seen;
      gate = effects ? -seenWritten : seenWritten;
    }
    leave();
    return gate;
  }

  @Override
  public RuntimeException failed(Throwable failure) {
    boolean mine = PHASE.compareAndSet(this, ABANDONED, KEPT);
    if (mine && stack.thread() != Thread.currentThread()) {
      // The scanner has finished our turn, and the mark that was swapped is of a later turn, on
      // another thread. It is given back; if that thread has missed it meanwhile, it goes the way
      // below too, and the scanner finishes its turn.
      phase = ABANDONED;
      mine = false;
    }
    if (!mine) {
      // This thread was held up between the stub's store and here for so long that the scanner has
      // finished the turn. Its fields are not ours to read any more: the newest commit there is
      // covers what it had seen, and what it did is not known.
      engine.gate.await(new Seen(engine.store.last(), 0), true);
      throw Engine.<RuntimeException>sneaky(Failures.outward(failure, this, true));
    }
    Throwable outcome;
    Seen saw;
    boolean inside;
    boolean more;
    try {
      outcome = fail(failure);
      saw = seen();
      more = effects;
      Activation outer = parent;
      inside = outer != null && outer.engine == engine;
      if (outer != null) {
        outer.calleeEnded(this, saw.durable(), saw.written(), effects);
      }
      stack.depth = depth;
      leave();
    } catch (Throwable again) {
      // The stack ended here too. One store, and the next who comes finishes; leave() is the last
      // step and throws only before it has freed the object.
      phase = ABANDONED;
      throw again;
    }
    if (!inside) {
      engine.gate.await(saw, more);
    }
    throw Engine.<RuntimeException>sneaky(outcome);
  }

  /** Finishes a turn whose runner's stack ended before it could. From any thread. */
  void rescue() {
    if (phase == ABANDONED && PHASE.compareAndSet(this, ABANDONED, KEPT)) {
      try {
        var _ = fail(new StackOverflowError());
        // This turn may still stand on the stack of the thread that left it.
        stack = TurnStack.NONE;
        leave();
      } catch (Throwable again) {
        // Whatever it was, the object must not stay taken for ever: the scanner tries again.
        phase = ABANDONED;
      }
    }
  }

  // ---- queued turns

  /** Drains the mailbox: the object's virtual thread. */
  @Override
  public void run() {
    // Before the object is this drain's: should this thread be lost there, the scanner starts
    // another.
    CarrierShare.begin();
    if (!PHASE.compareAndSet(this, HANDED_OFF, KEPT)) {
      return;
    }
    burst = 0;
    TurnStack mine = TurnStack.current();
    QueuedTurn ahead = null;
    long since = 0;
    for (int turn = 1; ; turn++) {
      QueuedTurn queued = poll(ahead);
      ahead = queued.nextAcquire();
      if (run(queued, ahead, mine)) {
        return;
      }
      if (type.compute()) {
        engine.compute.pass();
      } else if (turn % BATCH == 0) {
        if (since == 0) {
          since = CarrierShare.now();
        } else if (CarrierShare.isDue(since)) {
          // Not lent: those that it has woken must find nothing to do, or the carrier stays busy.
          since = CarrierShare.leave();
          continue;
        }
        boolean lent = tryLend(LOANS);
        CarrierShare.stepBack();
        if (lent && !tryTakeBack(BACK_SPINS)) {
          CarrierShare.endedEarly(turn);
          return;
        }
      }
    }
  }

  /** Runs one waiting turn; true if the object is free afterwards. */
  @SuppressWarnings("ReferenceEquality") // one descriptor for each method
  private boolean run(QueuedTurn queued, @Nullable QueuedTurn ahead, TurnStack mine) {
    boolean oneWay = queued instanceof Call call && call.method().oneWay();
    if (!oneWay || instance == null) {
      burst = 0;
      if (owed > 0) {
        // This turn is counted too, so this does not free the object. Before a wake the count has
        // to be right: if it fails, as many turns as are counted then get its failure.
        var _ = release(owed);
        owed = 0;
      }
    }
    WakeFailure failed = wakeFailure();
    if (failed != null && !failed.take()) {
      wakeFailure(null);
    }
    if (!queued.tryStart(Thread.currentThread())) {
      // Whoever cancelled it has told its caller.
      try {
        queued.passOver();
      } catch (Throwable thrown) {
        engine.reports.completionThrew(self(), thrown);
      }
      return freeOwed(ahead);
    }
    enterStack(mine);
    if (oneWay) {
      MethodDescriptor method = ((Call) queued).method();
      if (oneWayMethod != method) {
        oneWayMethod = method;
      }
    } else {
      CURRENT.setRelease(this, queued);
    }
    Activation outer = (Activation) queued.parent;
    Throwable failure = null;
    try {
      mine.scope = queued.goesOn ? null : DeadlineScope.of(engine, queued);
      boolean reading = queued instanceof Call call && call.method().readOnly();
      if (queued instanceof EngineTurn) {
        type.meter().ownTurns.increment();
      }
      enter(outer, queued.caller, queued.commit, queued.written, reading);
      Observation.started(this, queued);
      if (Observation.wanted(engine)) {
        observation().begin(this, Observation.nameOf(queued), false);
      }
      Refusals.refuseUnlessAdmitted(engine, queued);
      try (var _ = Carriers.restore(engine, queued.carried)) {
        perform(queued);
      }
      commitTurn();
      Observation observed = observation;
      if (observed != null) {
        observed.end(this, false);
      }
    } catch (Throwable thrown) {
      failure = failSafely(thrown);
      if (queued instanceof EngineTurn own) {
        tellFailed(own, failure);
      } else if (queued instanceof StageCall call) {
        call.forgetStage();
      }
    }
    if (oneWay) {
      queued.endUnreached();
    } else {
      queued.end();
      CURRENT.setRelease(this, null);
    }
    mine.scope = null;
    mine.depth = depth;
    queued.failure = failure;
    queued.commit = seen;
    queued.written = seenWritten;
    queued.effects = effects || (failure == null && !readOnly);
    queued.more = effects;
    // From here on whoever lets go of the stage writes the call's outcome, so it comes after the
    // runner's; and before the object is free, so that it stays awake.
    OpenStage opened = null;
    if (queued instanceof StageCall call && failure == null) {
      try {
        opened = background().stages.add(call);
      } catch (OutOfMemoryError e) {
        // Nobody will hear when it completes: what the turn did stands, what comes of it is lost.
        queued.failure = e;
        call.forgetStage();
      }
    }
    boolean gone = instance == null;
    boolean free = !(oneWay && staysForMore(ahead)) && freeOwed(ahead);
    // Published after the object is free, so that a caller who answers a reply with the next call
    // finds it idle and runs inline.
    if (oneWay) {
      queued.releaseDone();
    } else {
      queued.publishDone();
    }
    try {
      queued.tell();
    } catch (Throwable thrown) {
      // A door's answer or a wire may be foreign code. Whatever it does, what waits is drained.
      engine.reports.completionThrew(self(), thrown);
    }
    if (opened != null) {
      listen(opened, gone);
    }
    return free;
  }

  private void listen(OpenStage opened, boolean gone) {
    try {
      opened.listen();
      if (gone) {
        // The turn has deleted its object; what had completed by then has been told.
        opened.end(Letting.DELETED);
      }
    } catch (Throwable thrown) {
      // Memory has ended, most likely. The stage stays open, as one that never completes.
      engine.reports.completionThrew(self(), thrown);
    }
  }

  /**
   * Enters the turn on the drain's own stack. What is there already is not written again: it lies
   * beside what those who send write at the same time.
   */
  @SuppressWarnings("ReferenceEquality") // one stack per thread
  private void enterStack(TurnStack mine) {
    if (stack != mine) {
      stack = mine;
    }
    if (depth != mine.depth) {
      depth = mine.depth;
    }
    mine.push(this);
  }

  /** The code of a waiting turn. */
  private void perform(QueuedTurn queued) throws Throwable {
    if (queued instanceof EngineTurn own) {
      own.run(self());
      return;
    }
    Object awake = awake();
    Background works = backgroundOrNull();
    if (queued instanceof StageCall && works != null) {
      works.stages.requireRoom();
    }
    ((Call) queued).runOn(this, awake);
  }

  /** Asks for a thread that drains, as the owner. On a stack that has room for this. */
  void handOff() {
    phase = HANDED_OFF;
    tryStartDrain();
  }

  private void tryStartDrain() {
    try {
      startDrain();
    } catch (Throwable stuck) {
      // The stack, or the memory for a thread, ended; whether the thread began is not known.
      // Whoever swaps HANDED_OFF first is the one drain: that thread if it began, else the one that
      // the scanner starts, which watches all that have something waiting. Nothing may be called
      // here: the turn itself has ended well, and this stack may have no room for another frame.
    }
  }

  /** For the scanner, which has found the object handed over for a whole period. */
  void drainAgain() {
    if (phase == HANDED_OFF) {
      startDrain();
    }
  }

  private void startDrain() {
    if (type.compute()) {
      engine.compute.start(this);
    } else {
      Thread.startVirtualThread(this);
    }
  }

  // ---- what both have in common

  private void enter(
      @Nullable Activation outer,
      @Nullable Caller who,
      long commit,
      long written,
      boolean reading) {
    if (outer != null) {
      parent = outer;
    }
    if (who != null) {
      caller = who;
    }
    readOnly = reading;
    wrote = false;
    effects = false;
    deleting = false;
    turns++;
    saw(commit, written);
    StorageView storage = view;
    if (storage != null) {
      storage.lookApplied();
    }
  }

  /** Whatever happens, the drain goes on and the caller is answered. */
  private Throwable failSafely(Throwable failure) {
    try {
      return fail(failure);
    } catch (Throwable again) {
      // Cut off somewhere, perhaps with an instance that has lost its context.
      letGo();
      return suppressing(failure, again);
    }
  }

  /**
   * The same for what an own turn does when it has failed: it may call what is not the engine's.
   */
  private void tellFailed(EngineTurn own, Throwable failure) {
    try {
      own.failed(self(), failure);
    } catch (Throwable again) {
      var _ = suppressing(failure, again);
    }
  }

  /** Where the memory has ended there is none for a note either, and both may be the JVM's one. */
  @SuppressWarnings("ReferenceEquality")
  private static Throwable suppressing(Throwable failure, Throwable again) {
    if (failure != again) {
      try {
        failure.addSuppressed(again);
      } catch (OutOfMemoryError e) {
        // The failure says what there is to say.
      }
    }
    return failure;
  }

  /**
   * Frees the object after an inline turn. Nothing that can fail follows the freeing: not even
   * {@link #handOff}, for which there may be no frame where the calls up to the freeing were
   * compiled into one. Did that end in a throw, the turn would be ended a second time, and its
   * count be given back for a turn that waits.
   */
  private void leave() {
    if (!free(1)) {
      phase = HANDED_OFF;
      try {
        tryStartDrain();
      } catch (StackOverflowError stuck) {
        // As there.
      }
    }
  }

  /**
   * Whether the drain goes on to the next one-way turn without giving this one back to the word,
   * which those who send write at the same time. In a burst it waits a moment for the next: to give
   * the object back and to start a thread for each message costs both sides more than the moment.
   *
   * <p>While turns are owed nobody is told that the object is free, and close does not interrupt a
   * single one of them: so nothing is owed in an engine that is not open, and never more than an
   * eighth of what the mailbox holds.
   */
  private boolean staysForMore(@Nullable QueuedTurn ahead) {
    burst++;
    if (special
        || owed >= OWED_MAX
        || owed >= type.mailboxMax() >> 3
        || !engine.mayInline()
        || (ahead == null && !followed(burst < BURST ? 0 : LINGER_SPINS))) {
      return false;
    }
    forgetCaller();
    owed++;
    return true;
  }

  private boolean freeOwed(@Nullable QueuedTurn ahead) {
    if (ahead != null) {
      keepUp(ahead);
    }
    int ended = owed + 1;
    owed = 0;
    if (oneWayMethod != null) {
      oneWayMethod = null;
    }
    return free(ended);
  }

  private boolean free(int ended) {
    forgetCaller();
    lastUsed = (int) engine.tick;
    if (special) {
      if (type.idleNanos() == 0 && !othersWait()) {
        try {
          sleepUnused(SleepReason.IDLE);
        } catch (OutOfMemoryError e) {
          // The scanner puts it to sleep. Whoever waits for this turn is to be answered.
        }
      }
      if (engine.alternating) {
        alternate();
      }
    }
    return release(ended);
  }

  /**
   * The turn that waits for this one; null where the chain begins. A caller that a deadline has
   * made leave waits no longer: its object may be in another turn by now, in a chain of which this
   * one is no part. In a chain that is walked from its end all others wait, so they stay.
   */
  @Nullable Activation parent() {
    QueuedTurn queued = current;
    return queued != null && queued.departure() != null ? null : parent;
  }

  /**
   * The engine's tick at the last turn's end. The difference may be negative, where a turn ends
   * between the two reads, and is right while it fits: a tick is a tenth of a second, so an object
   * that has been idle for seven years may stay awake for as long again.
   */
  long lastUsed() {
    long now = engine.tick;
    return now - ((int) now - lastUsed);
  }

  /** Counts a turn of the engine's own that the owner runs without a record. */
  void countOwnTurn() {
    turns++;
    type.meter().ownTurns.increment();
  }

  /** Counts turns; see {@code Holder}. */
  public long turns() {
    return turns;
  }

  /** The queued turn that runs and is not one-way, or null. Racy: for looks from outside. */
  @Nullable QueuedTurn running() {
    return current;
  }

  /** What the queued turn that runs is called, or null. Racy: for looks from outside. */
  @Nullable String runningName() {
    QueuedTurn queued = current;
    if (queued != null) {
      return Observation.nameOf(queued);
    }
    MethodDescriptor told = oneWayMethod;
    return told == null ? null : told.name();
  }
}
