package dev.abide.engine.internal.activation;

import dev.abide.engine.OnSleep;
import dev.abide.engine.OnWake;
import dev.abide.engine.Report;
import dev.abide.engine.ResetException;
import dev.abide.engine.SleepReason;
import dev.abide.engine.internal.Access;
import dev.abide.engine.internal.observe.ResetEvent;
import dev.abide.engine.internal.observe.SleepEvent;
import dev.abide.engine.internal.observe.WakeEvent;
import dev.abide.engine.internal.socket.ObjectSockets;
import dev.abide.engine.internal.storage.StorageView;
import org.jspecify.annotations.Nullable;

/**
 * An object's life: it wakes, commits what its turns wrote, is reset by one that fails, sleeps, is
 * deleted. For the owner of the mailbox.
 */
abstract class Life extends Belongings {
  /**
   * Set by the scanner when it sends the object to sleep by a turn, cleared by that turn. An old
   * value lets the scanner count one object too many or too few, until its next pass.
   */
  volatile boolean fallsAsleep;

  /** Null until a turn is timed or recorded. Of the owner. */
  @Nullable Observation observation;

  Life(Engine engine, HostedType<?> type, String id) {
    super(engine, type, id);
  }

  /** The instance, made now if there is none. */
  Object awake() {
    Object awake = instance;
    if (awake != null) {
      return awake;
    }
    WakeFailure failed = wakeFailure();
    if (failed != null) {
      throw failed.again();
    }
    return wake(readOnly, false);
  }

  /**
   * Constructor and {@code onWake} are one turn, with a commit of their own.
   *
   * @param here whether this is the caller's thread, and not the object's
   */
  Object wake(boolean reading, boolean here) {
    WakeEvent event = WakeEvent.begun();
    Context fresh = new Context(self());
    context = fresh;
    setAlarms = false;
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
      // For what follows up to the mark that it is awake: a wake may stand anywhere on its caller's
      // stack, and an instance that is there without being counted would be counted off at its end.
      StackRoom.require(stack);
      commitTurn();
    } catch (Throwable thrown) {
      undo();
      context = null;
      endBackground(Letting.RESET);
      type.meter().failedWakes.increment();
      tellRecorder(event, true);
      if (here && thrown instanceof StackOverflowError overflow) {
        // It is this caller's stack that has ended: it says nothing to others that wait by now.
        throw overflow;
      }
      if (here && thrown instanceof InterruptedException) {
        // As the caller of a queued turn has its flag: that the call did not end well is no answer.
        Thread.currentThread().interrupt();
      }
      // All that wait now waited for this wake; the next call constructs afresh.
      WakeFailure failure =
          new WakeFailure(hook + " of " + this + " failed: " + thrown, thrown, length());
      wakeFailure(failure);
      throw failure.again();
    }
    instance = made;
    engine.awake.incrementAndGet();
    type.meter().woke();
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

  private void tellRecorder(@Nullable WakeEvent event, boolean failed) {
    if (event == null) {
      return;
    }
    event.end();
    if (event.shouldCommit()) {
      event.objectType = type.name();
      event.objectId = id;
      event.failed = failed;
      event.commit();
    }
  }

  Observation observation() {
    Observation made = observation;
    if (made == null) {
      made = new Observation();
      observation = made;
    }
    return made;
  }

  /**
   * Whether {@link #commitTurn} has anything to do. Asked where a turn must be cheap that has not:
   * once many have written, the compiler makes so much code of a commit that none of it becomes
   * part of its caller's.
   */
  boolean hasToCommit() {
    StorageView storage = view;
    return deleting || hasSeldom() || (storage != null && storage.dirty());
  }

  /** Makes what the turn wrote a commit, if it wrote, and lets go what it held. */
  void commitTurn() {
    if (deleting) {
      commitDeletion();
    } else {
      commitWrites();
    }
    Background works = backgroundOrNull();
    if (works != null) {
      works.release(seen());
    }
    ObjectSockets clients = socketsOrNull();
    if (clients != null) {
      if (clients.hasOutput()) {
        StackRoom.require(stack);
      }
      clients.commit(seen, seenWritten);
    }
  }

  private void commitDeletion() {
    StorageView storage = view();
    storage.rollback();
    StackRoom.require(stack);
    committed(storage.commitDeletion());
    effects = true;
    sockets().removeAll();
    Background works = backgroundOrNull();
    if (works != null) {
      works.stages.release(seen());
    }
    dropInstance(Letting.DELETED);
  }

  /** True if there was something. */
  private boolean commitWrites() {
    StorageView storage = view;
    if (storage == null || !storage.dirty()) {
      return false;
    }
    StackRoom.require(stack);
    committed(storage.commit());
    return true;
  }

  /**
   * Undoes what the turn has not committed, resets the object if it must; returns what goes out.
   */
  Throwable fail(Throwable failure) {
    if (view != null && view.dirty()) {
      // A rollback takes keys from a tree, which must not be left in the middle of that.
      StackRoom.require(stack);
    }
    // What is undone comes before what may need memory: should that fail, nothing of this turn is
    // left for the next one to commit.
    StorageView storage = view;
    if (storage != null) {
      storage.rollback();
    }
    type.meter().failedTurns.increment();
    Observation observed = observation;
    if (observed != null) {
      observed.end(this, true);
    }
    Background works = backgroundOrNull();
    if (works != null) {
      works.drop();
    }
    ObjectSockets clients = socketsOrNull();
    if (clients != null) {
      clients.rollback();
    }
    boolean asked = failure instanceof ResetException own && !Access.get().crossed(own);
    if (wrote || asked || failure instanceof Error) {
      reset(failure);
    } else if (works != null) {
      // What completed in it stays so: there is nothing that the turn takes back.
      works.stages.release(seen());
    }
    return Failures.outward(failure, this, effects);
  }

  private void reset(Throwable failure) {
    boolean there = instance != null;
    dropInstance(Letting.RESET);
    if (there) {
      type.meter().resets.increment();
      ResetEvent event = new ResetEvent();
      if (event.isEnabled()) {
        event.objectType = type.name();
        event.objectId = id;
        event.cause = failure.getClass().getName();
        event.commit();
      }
    }
  }

  /** The instance goes because it is not wanted now. */
  void fallAsleep(SleepReason reason) {
    boolean there = instance != null;
    dropInstance(reason == SleepReason.CLOSE ? Letting.CLOSED : Letting.ASLEEP);
    if (there) {
      type.meter().sleeps.increment();
      SleepEvent event = new SleepEvent();
      if (event.isEnabled()) {
        event.objectType = type.name();
        event.objectId = id;
        event.reason = reason.name();
        event.commit();
      }
    }
  }

  /**
   * Lets the instance go; one that wants to hear of it does in a turn of its own. For the owner.
   */
  void sleepUnused(SleepReason reason) {
    if (busy()) {
      return;
    }
    // One that closes would refuse the turn, and it would be asked for again and again.
    if (instance instanceof OnSleep && engine.state.takesAll()) {
      var _ = self().acceptReserved(new EngineTurn.Sleep(reason));
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
      return backgroundOrNull();
    }
    if (instance instanceof OnSleep hook) {
      try {
        hook.onSleep(reason);
        commitTurn();
      } catch (Throwable thrown) {
        undo();
        engine.gate.after(
            seen(),
            () ->
                engine.reports.tell(
                    new Report(
                        Report.Kind.SLEEP_FAILED,
                        type.name(),
                        id,
                        "onSleep of "
                            + this
                            + " failed; the object sleeps all the same, without what onSleep wrote: "
                            + thrown,
                        thrown)));
      }
      deleting = false;
    }
    fallAsleep(reason);
    return null;
  }

  /** For {@link EngineTurn.Delete}. */
  boolean deleteNow() {
    boolean existed = !view().isEmpty();
    if (existed) {
      deleting = true;
    } else {
      sockets().removeAll();
      dropInstance(Letting.DELETED);
    }
    return existed;
  }

  /** Called by storage before any change. */
  void willWrite() {
    if (readOnly) {
      throw new IllegalStateException(
          "a @ReadOnly turn of "
              + this
              + " tried to write; remove @ReadOnly from the method or the write from the turn");
    }
    wrote = true;
  }

  void commitNow() {
    if (commitWrites()) {
      effects = true;
    }
  }

  void deleteAtEnd() {
    willWrite();
    if (instance == null) {
      throw new IllegalStateException(
          "context.delete() was called while "
              + this
              + " woke, in its constructor or onWake; call it in a method");
    }
    deleting = true;
  }
}
