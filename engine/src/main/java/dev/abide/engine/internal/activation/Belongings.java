package dev.abide.engine.internal.activation;

import dev.abide.engine.Caller;
import dev.abide.engine.internal.cycle.Wait;
import dev.abide.engine.internal.socket.ObjectSockets;
import dev.abide.engine.internal.socket.SocketsHandle;
import dev.abide.engine.internal.storage.StorageView;
import dev.abide.engine.spi.TurnStack;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an object has while it is awake: its instance and what that was given, its view of storage,
 * its work beside the turns, its sockets; and what is known of the running turn.
 */
abstract class Belongings extends Witness {
  @Nullable Object instance;

  /**
   * What the instance has of the engine. Written by the owner, before and after the instance; read
   * by whoever still holds one that is not this any more.
   */
  volatile @Nullable Context context;

  /** Null until the object's storage is asked for. Made anew only without an instance. */
  @Nullable StorageView view;

  @Nullable Activation parent;
  @Nullable Caller caller;

  boolean readOnly;
  boolean wrote;
  boolean effects;
  boolean deleting;

  /** Whether what wakes has set an alarm. */
  boolean setAlarms;

  /**
   * Null until it is needed. Volatile for what the running turn waits for: whoever publishes that
   * and then walks, as two at once may do, has to see that of the other.
   */
  private volatile @Nullable Seldom seldom;

  /** What few objects ever have. Kept until the object leaves the table. */
  private static final class Seldom {
    /** Work of this instance beside its turns; read from outside to see whether any runs. */
    @Nullable Background background;

    /** The object's sockets, if it has had some since it woke. */
    @Nullable ObjectSockets sockets;

    /** Why it could not wake, while some wait that waited then. */
    @Nullable WakeFailure wakeFailure;

    /** What the running turn waits for; written by its thread. */
    volatile @Nullable Wait waits;
  }

  Belongings(Engine engine, HostedType<?> type, String id) {
    super(engine, type, id);
  }

  StorageView view() {
    StorageView storage = view;
    if (storage == null) {
      storage =
          new StorageView(
              engine.store, engine.store.name(type.name(), id), engine.limits, synced());
      view = storage;
    }
    return storage;
  }

  private Seldom seldom() {
    Seldom made = seldom;
    if (made == null) {
      made = new Seldom();
      seldom = made;
    }
    return made;
  }

  /** Whether it has something beside instance and storage. */
  boolean hasSeldom() {
    return seldom != null;
  }

  @Nullable Background backgroundOrNull() {
    Seldom has = seldom;
    return has == null ? null : has.background;
  }

  @Nullable ObjectSockets socketsOrNull() {
    Seldom has = seldom;
    return has == null ? null : has.sockets;
  }

  @Nullable WakeFailure wakeFailure() {
    Seldom has = seldom;
    return has == null ? null : has.wakeFailure;
  }

  void wakeFailure(@Nullable WakeFailure failure) {
    if (failure != null || seldom != null) {
      seldom().wakeFailure = failure;
    }
  }

  /** See {@code Holder}. */
  public @Nullable Wait waits() {
    Seldom has = seldom;
    return has == null ? null : has.waits;
  }

  /** Publishes what the running turn waits for, or that it waits no more. */
  void waits(@Nullable Wait wait) {
    if (wait != null || seldom != null) {
      seldom().waits = wait;
    }
  }

  /** Whether something runs beside the turns. */
  boolean busy() {
    Background works = backgroundOrNull();
    return works != null && works.busy();
  }

  /** Ends what goes on beside the turns; its instance is gone or about to go. */
  void endBackground(Letting why) {
    Background works = backgroundOrNull();
    if (works != null) {
      works.end(why);
      seldom().background = null;
    }
  }

  /** For close, which leaves the instance: what runs beside the turns is interrupted. */
  void interruptBackground() {
    Background works = backgroundOrNull();
    if (works != null) {
      works.interrupt(Letting.CLOSED);
    }
  }

  /** Ends the open stages, whose object does nothing any more. From any thread. */
  void endStages(Letting why) {
    Background works = backgroundOrNull();
    if (works != null) {
      works.stages.end(why);
    }
  }

  /** Whether a stage with a deadline is open. From any thread that has seen the object free. */
  boolean hasTimedStages() {
    Background works = backgroundOrNull();
    return works != null && works.stages.timed();
  }

  /** Ends open stages whose deadline has passed. For the scanner. */
  void expireStages(long now) {
    Background works = backgroundOrNull();
    if (works != null) {
      works.stages.expire(now);
    }
  }

  Background background() {
    Background works = backgroundOrNull();
    if (works == null) {
      works = new Background(self());
      seldom().background = works;
    }
    return works;
  }

  /** The object's sockets. In its turns only. */
  ObjectSockets sockets() {
    ObjectSockets clients = socketsOrNull();
    if (clients == null) {
      clients = engine.sockets.of(type.name(), id);
      seldom().sockets = clients;
    }
    return clients;
  }

  /** The instance's way to them. In its turns, while there is an instance. */
  SocketsHandle socketsHandle() {
    return new SocketsHandle(sockets(), Objects.requireNonNull(context));
  }

  /** The instance goes; what it had been given says so from now on. For the owner. */
  void dropInstance(Letting why) {
    context = null;
    endBackground(why);
    letGo();
    StorageView storage = view;
    if (storage != null && !storage.dirty() && storage.settled()) {
      view = null;
    }
    ObjectSockets clients = socketsOrNull();
    if (clients != null && clients.idle()) {
      seldom().sockets = null;
    }
  }

  /** The instance goes, and nothing else. Takes no memory. */
  void letGo() {
    context = null;
    if (instance != null) {
      // In this order, because the stack may end at either call, and then this runs again: without
      // an instance the object is always marked asleep, and it is counted once.
      markAsleep();
      engine.awake.decrementAndGet();
      instance = null;
    }
  }

  /** Undoes what a turn of the engine's own has written and could not commit. */
  void undo() {
    StorageView storage = view;
    if (storage != null) {
      storage.rollback();
    }
    ObjectSockets clients = socketsOrNull();
    if (clients != null) {
      clients.rollback();
    }
  }

  @Nullable Object instance() {
    return instance;
  }

  boolean hasInstance() {
    return instance != null;
  }

  // ---- for the turn's own calls

  /** What a call that this turn made tells it, when it has ended. */
  void calleeEnded(@Nullable Witness callee, long commit, long written, boolean hadEffects) {
    if (callee == null || callee.engine == engine) {
      saw(commit, written);
    }
    if (hadEffects) {
      effects = true;
    }
  }

  void hadEffects() {
    effects = true;
  }

  @Nullable Caller caller() {
    return caller;
  }

  boolean readOnly() {
    return readOnly;
  }

  /** Whether the calling thread is in a turn of this object, and this turn is its innermost. */
  boolean runsHere() {
    TurnStack mine = stack;
    return mine.thread() == Thread.currentThread() && equals(mine.top());
  }

  /** Whether the calling thread is in a turn of this object, perhaps below others. */
  boolean runsUnder() {
    TurnStack mine = TurnStack.current();
    for (int place = 0; place < mine.depth; place++) {
      if (mine.at(place).equals(this)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public <S> S stub(S value, String what) {
    return engine.checked(value, what);
  }

  void forgetCaller() {
    // Most calls come from outside a turn and name nobody: they write no reference.
    if (parent != null) {
      parent = null;
    }
    if (caller != null) {
      caller = null;
    }
  }
}
