package dev.abide.engine.internal.activation;

import dev.abide.engine.AbideException;
import dev.abide.engine.Caller;
import dev.abide.engine.ClosedException;
import dev.abide.engine.Durability;
import dev.abide.engine.OnSleep;
import dev.abide.engine.OnWake;
import dev.abide.engine.Report;
import dev.abide.engine.ResetException;
import dev.abide.engine.SleepReason;
import dev.abide.engine.internal.Access;
import dev.abide.engine.internal.cycle.Holder;
import dev.abide.engine.internal.cycle.Wait;
import dev.abide.engine.internal.mailbox.QueuedTurn;
import dev.abide.engine.internal.observe.ResetEvent;
import dev.abide.engine.internal.observe.SleepEvent;
import dev.abide.engine.internal.observe.WakeEvent;
import dev.abide.engine.internal.socket.ObjectSockets;
import dev.abide.engine.internal.socket.SocketsHandle;
import dev.abide.engine.internal.storage.StorageView;
import dev.abide.engine.internal.store.ApplyListener;
import dev.abide.engine.internal.store.ObjectName;
import dev.abide.engine.spi.Call;
import dev.abide.engine.spi.MethodDescriptor;
import dev.abide.engine.spi.Turn;
import dev.abide.engine.spi.TurnStack;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The engine's record of one object: who runs it, its instance, its view of storage, and the newest
 * commit that it depends on.
 *
 * <p>A turn runs in one of two places. Inline: a stub takes the idle object with one
 * compare-and-set and runs the method on its caller's thread ({@link #begin}, {@link #end}, {@link
 * #failed}). Queued: the object's virtual thread takes records from the mailbox ({@link #run}).
 * Both commit, adjust {@code seen} and free the object in the same order, before anything is
 * durable; what waits is the reply, at the gate.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>All fields but {@code applied} and {@code watched} belong to the owner of the mailbox.
 *   <li>{@code seen} only grows, and survives reset, sleep and deletion.
 *   <li>An activation stays in the table until nothing of it is unapplied or not durable; sleep,
 *       reset and deletion replace the instance only.
 *   <li>The mailbox is marked asleep exactly while there is no instance, so inline turns find one.
 * </ul>
 */
public final class Activation extends Turn implements ApplyListener, Runnable, Holder {
  /** Turns after which a drain lets others have its carrier. */
  private static final int BATCH = 64;

  /** So many one-way turns are given back to the word at once. */
  private static final int OWED_MAX = 64;

  /** After so many one-way turns in a row the drain waits a moment for the next. */
  private static final int BURST = 8;

  /** About two microseconds, where there is another processor that may send meanwhile. */
  private static final int LINGER_SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 64 : 0;

  private static final VarHandle PHASE;
  private static final VarHandle WATCHED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      PHASE = lookup.findVarHandle(Turn.class, "phase", int.class);
      WATCHED = lookup.findVarHandle(Activation.class, "watched", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Engine engine;
  final HostedType<?> type;
  final ObjectName name;

  /** Whether the end of a turn has more to do than to free the object. */
  private final boolean special;

  private @Nullable Object instance;
  private @Nullable Context context;
  private @Nullable StorageView view;

  /** The newest commit of the level SYNC that anything here depends on: it has to be durable. */
  private long seen;

  /** The newest commit of any level that the journal takes: it has to be written. */
  private long seenWritten;

  /** How far everything was durable at the last look. */
  private long knownDurable;

  /** How far everything was written at the last look. */
  private long knownWritten;

  /** What {@code applied} was when the view was told last. */
  private long lookedApplied;

  private @Nullable Activation parent;
  private @Nullable Caller caller;
  private boolean readOnly;
  private boolean wrote;
  private boolean effects;
  private boolean deleting;
  private @Nullable WakeFailure wakeFailure;

  /** Work of this instance beside its turns, or null; read from outside to see whether any runs. */
  private @Nullable Background background;

  /** The object's sockets, or null if it has had none since it woke. */
  private @Nullable ObjectSockets sockets;

  /** Written by the owner; read from outside, where an old value does no harm. */
  private volatile @Nullable QueuedTurn current;

  /**
   * Counts turns; read by {@code awaitQuiet} and by the scanner, where an old value does no harm.
   */
  private long turns;

  /**
   * The engine's tick at the last turn's end; read by the scanner, where an old value does no harm.
   */
  private long lastUsed;

  /**
   * Set by the scanner when it sends the object to sleep by a turn, cleared by that turn. An old
   * value lets the scanner count one object too many or too few, until its next pass.
   */
  private volatile boolean fallsAsleep;

  private volatile long applied;

  /** What the running turn waits for; written by its thread. */
  private volatile @Nullable Wait waits;

  @SuppressWarnings("unused")
  private volatile boolean watched;

  /** Null until a turn is timed or recorded. Of the owner. */
  private @Nullable Observation observation;

  /** One-way turns that have ended and are counted in the mailbox's word still. The drain's own. */
  private int owed;

  /** One-way turns since another one, or since the object was free. The drain's own. */
  private int burst;

  Activation(Engine engine, HostedType<?> type, ObjectName name) {
    super(!type.inline());
    this.engine = engine;
    this.type = type;
    this.name = name;
    this.special = type.idleNanos() == 0 || engine.alternating;
  }

  // ---- inline turns

  @Override
  public Object begin(MethodDescriptor method) {
    Activation outer = (Activation) stack.top();
    stack.push(this);
    Caller who = outer == null ? null : outer.caller;
    long commit = outer != null && outer.engine == engine ? outer.seen : 0;
    long written = outer != null && outer.engine == engine ? outer.seenWritten : 0;
    enter(outer, who, commit, written, method.readOnly());
    if (Observation.wanted(engine)) {
      observation().begin(this, method.name(), true);
    }
    return Objects.requireNonNull(instance);
  }

  @Override
  public long end() {
    commitTurn();
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
      engine.gate(new Seen(engine.store.last(), 0), true);
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
      engine.gate(saw, more);
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
    if (!PHASE.compareAndSet(this, HANDED_OFF, KEPT)) {
      return;
    }
    burst = 0;
    QueuedTurn ahead = null;
    for (int turn = 1; ; turn++) {
      QueuedTurn queued = poll(ahead);
      ahead = queued.nextAcquire();
      if (run(queued, ahead)) {
        return;
      }
      if (turn % BATCH == 0) {
        Thread.yield();
      }
    }
  }

  /** Runs one waiting turn; true if the object is free afterwards. */
  private boolean run(QueuedTurn queued, @Nullable QueuedTurn ahead) {
    boolean oneWay = queued instanceof Call call && call.method().oneWay();
    if (!oneWay || instance == null) {
      burst = 0;
      if (owed > 0) {
        // This turn is counted too, so this does not free the object. Before a wake the count has
        // to
        // be right: if it fails, as many turns as are counted then get its failure.
        var _ = release(owed);
        owed = 0;
      }
    }
    if (!queued.tryStart(Thread.currentThread())) {
      // Whoever cancelled it has told its caller.
      return freeOwed(ahead);
    }
    stack = TurnStack.current();
    depth = stack.depth;
    stack.push(this);
    stack.scope = DeadlineScope.of(engine, queued);
    current = queued;
    Activation outer = (Activation) queued.parent;
    if (wakeFailure != null && !wakeFailure.take()) {
      wakeFailure = null;
    }
    Throwable failure = null;
    try {
      boolean reading = queued instanceof Call call && call.method().readOnly();
      if (queued instanceof EngineTurn) {
        type.meter().ownTurns.increment();
      }
      enter(outer, queued.caller, queued.commit, queued.written, reading);
      Observation.started(this, queued);
      if (Observation.wanted(engine)) {
        observation().begin(this, Observation.nameOf(queued), false);
      }
      engine.admit(queued);
      if (queued instanceof EngineTurn own) {
        own.run(this);
      } else {
        ((Call) queued).runOn(this, awake());
      }
      commitTurn();
      Observation observed = observation;
      if (observed != null) {
        observed.end(this, false);
      }
    } catch (Throwable thrown) {
      failure = failSafely(thrown);
      if (queued instanceof EngineTurn own) {
        own.failed(this, failure);
      }
    }
    queued.end();
    current = null;
    stack.scope = null;
    stack.depth = depth;
    queued.failure = failure;
    queued.commit = seen;
    queued.written = seenWritten;
    queued.effects = effects || (failure == null && !readOnly);
    queued.more = effects;
    boolean free = !(oneWay && staysForMore(ahead)) && freeOwed(ahead);
    // Published after the object is free, so that a caller who answers a reply with the next call
    // finds it idle and runs inline.
    queued.publishDone();
    queued.tell();
    return free;
  }

  /** Asks for a thread that drains, as the owner. */
  void handOff() {
    phase = HANDED_OFF;
    try {
      Thread.startVirtualThread(this);
    } catch (Throwable stuck) {
      // The stack, or the memory for a thread, ended; whether the thread began is not known.
      // Whoever
      // swaps HANDED_OFF first is the one drain: that thread if it began, else the one that the
      // scanner starts, which watches all that have something waiting. Nothing may be called here:
      // the turn itself has ended well, and this stack may have no room for another frame.
    }
  }

  /** For the scanner, which has found the object handed over for a whole period. */
  void drainAgain() {
    if (phase == HANDED_OFF) {
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
    if (storage != null && applied != lookedApplied) {
      lookedApplied = applied;
      storage.applied(lookedApplied);
    }
  }

  /** Whether what was seen is safe; a number that was found so is not asked for again. */
  private boolean mayLeave() {
    if (seen > knownDurable) {
      knownDurable = engine.store.durable();
    }
    if (seenWritten > knownWritten) {
      knownWritten = engine.store.written();
    }
    return seen <= knownDurable && seenWritten <= knownWritten;
  }

  /** Takes note of a commit of this object. */
  private void committed(long number) {
    switch (type.durability()) {
      case SYNC -> saw(number, number);
      case PROCESS -> saw(0, number);
      // A number of another order, and nothing to wait for.
      case MEMORY -> {}
    }
  }

  @Override
  public boolean synced() {
    return type.durability() == Durability.SYNC;
  }

  /** A number that grows with each of this object's commits. */
  long lastOfStore() {
    return engine.store.lastOf(name.type());
  }

  /** The instance, made now if there is none. */
  Object awake() {
    Object awake = instance;
    if (awake != null) {
      return awake;
    }
    if (wakeFailure != null) {
      throw wakeFailure.again();
    }
    return wake(readOnly);
  }

  /** Constructor and {@code onWake} are one turn, with a commit of their own. */
  private Object wake(boolean reading) {
    WakeEvent event = new WakeEvent();
    event.begin();
    StorageView storage = view();
    Context fresh = new Context(this, storage);
    context = fresh;
    readOnly = false;
    Object made;
    String hook = "the constructor";
    try {
      made = type.factory().create(fresh);
      if (made == null) {
        throw new NullPointerException("the factory of " + type.name() + " returned null");
      }
      if (made instanceof OnWake waking) {
        hook = "onWake";
        waking.onWake();
      }
      fresh.checkAlarms(made);
      commitTurn();
    } catch (Throwable thrown) {
      storage.rollback();
      fresh.kill();
      context = null;
      endBackground();
      type.meter().failedWakes.increment();
      tellRecorder(event, true);
      if (sockets != null) {
        sockets.rollback();
      }
      // All that wait now waited for this wake; the next call constructs afresh.
      wakeFailure = new WakeFailure(hook + " of " + name + " failed: " + thrown, thrown, length());
      throw wakeFailure.again();
    }
    instance = made;
    engine.awake.incrementAndGet();
    type.meter().wakes.increment();
    tellRecorder(event, false);
    if (!engine.mayInline()) {
      bar();
    }
    markAwake();
    readOnly = reading;
    wrote = false;
    engine.checkAwake();
    return made;
  }

  private void tellRecorder(WakeEvent event, boolean failed) {
    event.end();
    if (event.shouldCommit()) {
      event.objectType = name.type();
      event.objectId = name.id();
      event.failed = failed;
      event.commit();
    }
  }

  private Observation observation() {
    Observation made = observation;
    if (made == null) {
      made = new Observation();
      observation = made;
    }
    return made;
  }

  StorageView view() {
    StorageView storage = view;
    if (storage == null) {
      storage = new StorageView(engine.store, name, engine.limits, this);
      view = storage;
      lookedApplied = 0;
    }
    return storage;
  }

  /** Makes what the turn wrote a commit, if it wrote, and lets go what it held. */
  private void commitTurn() {
    StorageView storage = view;
    if (storage != null) {
      commitWrites(storage);
    }
    ObjectSockets clients = sockets;
    if (clients != null) {
      if (clients.hasOutput()) {
        StackRoom.require(stack);
      }
      clients.commit(seen, seenWritten);
    }
  }

  private void commitWrites(StorageView storage) {
    if (deleting) {
      storage.rollback();
      StackRoom.require(stack);
      committed(storage.commitDeletion());
      effects = true;
      sockets().removeAll();
      dropInstance();
    } else if (storage.dirty()) {
      StackRoom.require(stack);
      committed(storage.commit());
    }
    Background works = background;
    if (works != null) {
      works.release(seen());
    }
  }

  /**
   * Undoes what the turn has not committed, resets the object if it must; returns what goes out.
   */
  private Throwable fail(Throwable failure) {
    type.meter().failedTurns.increment();
    Observation observed = observation;
    if (observed != null) {
      observed.end(this, true);
    }
    StorageView storage = view;
    if (storage != null) {
      storage.rollback();
    }
    if (background != null) {
      background.drop();
    }
    if (sockets != null) {
      sockets.rollback();
    }
    boolean asked = failure instanceof ResetException own && !Access.get().crossed(own);
    if (wrote || asked || failure instanceof Error) {
      reset(failure);
    }
    return Failures.outward(failure, this, effects);
  }

  private void reset(Throwable failure) {
    boolean there = instance != null;
    dropInstance();
    if (there) {
      type.meter().resets.increment();
      ResetEvent event = new ResetEvent();
      if (event.isEnabled()) {
        event.objectType = name.type();
        event.objectId = name.id();
        event.cause = failure.getClass().getName();
        event.commit();
      }
    }
  }

  /** The instance goes because it is not wanted now. */
  private void fallAsleep(SleepReason reason) {
    boolean there = instance != null;
    dropInstance();
    if (there) {
      type.meter().sleeps.increment();
      SleepEvent event = new SleepEvent();
      if (event.isEnabled()) {
        event.objectType = name.type();
        event.objectId = name.id();
        event.reason = reason.name();
        event.commit();
      }
    }
  }

  /** Whatever happens, the drain goes on and the caller is answered. */
  private Throwable failSafely(Throwable failure) {
    try {
      return fail(failure);
    } catch (Throwable again) {
      failure.addSuppressed(again);
      return failure;
    }
  }

  /** Frees the object after an inline turn. Nothing that can fail follows the freeing. */
  private void leave() {
    if (!free(1)) {
      handOff();
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
    return free(ended);
  }

  private void forgetCaller() {
    // Most calls come from outside a turn and name nobody: they write no reference.
    if (parent != null) {
      parent = null;
    }
    if (caller != null) {
      caller = null;
    }
  }

  private boolean free(int ended) {
    forgetCaller();
    lastUsed = engine.tick;
    if (special) {
      if (type.idleNanos() == 0 && !othersWait()) {
        sleepUnused(SleepReason.IDLE);
      }
      if (engine.alternating) {
        alternate();
      }
    }
    return release(ended);
  }

  /**
   * Lets the instance go; one that wants to hear of it does in a turn of its own. For the owner.
   */
  private void sleepUnused(SleepReason reason) {
    if (busy()) {
      return;
    }
    // An engine that is not open would refuse the turn, and it would be asked for again and again.
    if (instance instanceof OnSleep && engine.mayInline()) {
      var _ = acceptReserved(new EngineTurn.Sleep(reason));
    } else {
      fallAsleep(reason);
    }
  }

  /** For {@link EngineTurn.Sleep}; what keeps it awake, or null. */
  @Nullable Background sleepNow(SleepReason reason) {
    boolean unused = reason == SleepReason.IDLE || reason == SleepReason.AWAKE_MAX;
    if (unused && othersWait()) {
      return null;
    }
    if (reason != SleepReason.CLOSE && busy()) {
      return background;
    }
    if (instance instanceof OnSleep hook) {
      try {
        hook.onSleep(reason);
        commitTurn();
      } catch (Throwable thrown) {
        undo();
        engine.afterGate(
            seen(),
            () ->
                engine.report(
                    new Report(
                        Report.Kind.SLEEP_FAILED,
                        name.type(),
                        name.id(),
                        "onSleep of "
                            + name
                            + " failed; the object sleeps all the same, without what onSleep wrote: "
                            + thrown,
                        thrown)));
      }
      deleting = false;
    }
    fallAsleep(reason);
    return null;
  }

  /** Whether something runs beside the turns. */
  boolean busy() {
    Background works = background;
    return works != null && works.busy();
  }

  /** Interrupts what runs beside the turns; its instance is gone or about to go. */
  void endBackground() {
    Background works = background;
    if (works != null) {
      works.end();
      background = null;
    }
  }

  /** For close, which leaves the instance: what runs beside the turns is interrupted. */
  void interruptBackground() {
    Background works = background;
    if (works != null) {
      works.end();
    }
  }

  Background background() {
    Background works = background;
    if (works == null) {
      works = new Background(this);
      background = works;
    }
    return works;
  }

  /** The object's sockets. In its turns only. */
  ObjectSockets sockets() {
    ObjectSockets clients = sockets;
    if (clients == null) {
      clients = engine.sockets.of(name.type(), name.id());
      sockets = clients;
    }
    return clients;
  }

  /** The instance's way to them. In its turns, while there is an instance. */
  SocketsHandle socketsHandle() {
    return new SocketsHandle(sockets(), Objects.requireNonNull(context));
  }

  @Nullable Background backgroundOrNull() {
    return background;
  }

  /** The instance goes; what it had been given says so from now on. For the owner. */
  void dropInstance() {
    Context gone = context;
    if (gone != null) {
      gone.kill();
      context = null;
    }
    endBackground();
    if (instance != null) {
      // In this order, because the stack may end at either call, and then this runs again: without
      // an
      // instance the object is always marked asleep, and it is counted once.
      markAsleep();
      engine.awake.decrementAndGet();
      instance = null;
    }
    StorageView storage = view;
    if (storage != null && !storage.dirty() && storage.settled(applied)) {
      view = null;
    }
    if (sockets != null && sockets.idle()) {
      sockets = null;
    }
  }

  /** For {@link EngineTurn.Delete}. */
  boolean deleteNow() {
    boolean existed = !view().isEmpty();
    if (existed) {
      deleting = true;
    } else {
      sockets().removeAll();
      dropInstance();
    }
    return existed;
  }

  // ---- for the turn's own calls

  /** What a call that this turn made tells it, when it has ended. */
  void calleeEnded(@Nullable Activation callee, long commit, long written, boolean hadEffects) {
    if (callee == null || callee.engine == engine) {
      saw(commit, written);
    }
    if (hadEffects) {
      effects = true;
    }
  }

  private void saw(long commit, long written) {
    if (commit > seen) {
      seen = commit;
    }
    if (written > seenWritten) {
      seenWritten = written;
    }
  }

  void hadEffects() {
    effects = true;
  }

  Seen seen() {
    return new Seen(seen, seenWritten);
  }

  long seenDurable() {
    return seen;
  }

  long seenWritten() {
    return seenWritten;
  }

  @Nullable Caller caller() {
    return caller;
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

  boolean readOnly() {
    return readOnly;
  }

  /** Whether the calling thread is in a turn of this object, and this turn is its innermost. */
  boolean runsHere() {
    TurnStack mine = stack;
    return mine.thread() == Thread.currentThread() && mine.top() == this;
  }

  /** Called by storage before any change. */
  void willWrite() {
    if (readOnly) {
      throw new IllegalStateException(
          "a @ReadOnly turn of "
              + name
              + " tried to write; remove @ReadOnly from the method or the write from the turn");
    }
    wrote = true;
  }

  /** Undoes what a turn of the engine's own has written and could not commit. */
  void undo() {
    StorageView storage = view;
    if (storage != null) {
      storage.rollback();
    }
    if (sockets != null) {
      sockets.rollback();
    }
  }

  @Nullable Object instance() {
    return instance;
  }

  void commitNow() {
    StorageView storage = Objects.requireNonNull(view);
    if (storage.dirty()) {
      StackRoom.require(stack);
      committed(storage.commit());
      effects = true;
    }
  }

  void deleteAtEnd() {
    willWrite();
    if (instance == null) {
      throw new IllegalStateException(
          "context.delete() was called while "
              + name
              + " woke, in its constructor or onWake; call it in a method");
    }
    deleting = true;
  }

  @Override
  public <S> S stub(S value, String what) {
    return engine.checked(value, what);
  }

  // ---- mailbox, table and scanner

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
    if ((accepted == Accepted.OWNED || accepted == Accepted.QUEUED)
        && !watched
        && WATCHED.compareAndSet(this, false, true)) {
      engine.watch(this);
    }
    return accepted;
  }

  /** Ends the scanner's watch; false if there is again something to watch. */
  boolean unwatch() {
    watched = false;
    // A turn accepted after the scanner had looked, and before the line above, found the mark set
    // and did not call for the scanner.
    return length() == 0 || !WATCHED.compareAndSet(this, false, true);
  }

  /** Sleeps if it has been idle since that tick. For the scanner. */
  void sleepIfIdleSince(long tick, SleepReason reason) {
    Object awake = instance;
    if (awake == null || lastUsed > tick || busy()) {
      return;
    }
    if (awake instanceof OnSleep) {
      // User code does not run on the scanner's thread. A call that comes first keeps it awake.
      if (length() == 0) {
        fallsAsleep = true;
        var _ = acceptReserved(new EngineTurn.Sleep(reason));
      }
    } else if (tryTakeIdle()) {
      if (lastUsed <= tick) {
        fallAsleep(reason);
      }
      if (!release()) {
        handOff();
      }
    }
  }

  /** Tells the instance that the engine closes, if it wants to hear of it. */
  void sleepAtClose() {
    if (instance instanceof OnSleep) {
      var _ = acceptReserved(new EngineTurn.Sleep(SleepReason.CLOSE));
    }
  }

  /** Leaves the table if nothing is left of it but its place there. For the scanner. */
  void retireIfSettled() {
    if (!asleep() || !tryTakeIdle()) {
      return;
    }
    StorageView storage = view;
    if (storage != null && instance == null && storage.settled(applied)) {
      view = null;
    }
    boolean settled = view == null && instance == null && mayLeave();
    if (settled && tryRetire()) {
      type.remove(this);
    } else if (!release()) {
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
    if (!stack.equals(TurnStack.NONE)) {
      super.takeInterruptBack();
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

  boolean hasInstance() {
    return instance != null;
  }

  long lastUsed() {
    return lastUsed;
  }

  @Override
  public long turns() {
    return turns;
  }

  // ---- for the search for cycles

  @Override
  public @Nullable Holder innermost() {
    return (Activation) stack.innermostWith(this);
  }

  @Override
  public @Nullable Wait waits() {
    return waits;
  }

  /** Publishes what the running turn waits for, or that it waits no more. */
  void waits(@Nullable Wait wait) {
    waits = wait;
  }

  @Override
  public @Nullable Holder outer() {
    return parent();
  }

  @Override
  public void applied(long number) {
    if (number > applied) {
      applied = number;
    }
  }

  long applied() {
    return applied;
  }

  /** The queued turn that runs, or null. Racy: for looks from outside. */
  @Nullable QueuedTurn running() {
    return current;
  }

  /** Lets the callers of turns that will not end go, for close. */
  void leaveCallers() {
    QueuedTurn queued = current;
    // Who made a one-way call has left long ago; what it counts ends with the turn.
    boolean awaited = !(queued instanceof Call call && call.method().oneWay());
    if (queued != null && awaited && queued.running()) {
      queued.leave(
          new ClosedException(
              "the engine was closed while the turn of "
                  + name
                  + " was running; what it does is not known",
              null,
              false,
              AbideException.Applied.UNKNOWN));
    }
  }

  @Override
  public String toString() {
    return name.toString();
  }
}
