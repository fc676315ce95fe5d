package dev.abide.engine.internal.activation;

import dev.abide.engine.Alarms;
import dev.abide.engine.Caller;
import dev.abide.engine.EngineClock;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.OnAlarm;
import dev.abide.engine.Sockets;
import dev.abide.engine.Steps;
import dev.abide.engine.Storage;
import dev.abide.engine.internal.alarm.AlarmsHandle;
import dev.abide.engine.internal.socket.SocketGuard;
import dev.abide.engine.internal.socket.SocketsHandle;
import dev.abide.engine.internal.storage.StorageHandle;
import dev.abide.engine.internal.storage.TurnGuard;
import java.util.Objects;
import java.util.Optional;

/**
 * What one instance has of the engine; dies with the instance: it lives while it is the one that
 * its object has.
 */
final class Context implements ObjectContext, TurnGuard, SocketGuard {
  private final Activation activation;

  Context(Activation activation) {
    this.activation = activation;
  }

  @Override
  public void reading() {
    requireAlive();
    if (!activation.runsHere()) {
      throw new IllegalStateException(
          "storage or sockets of "
              + activation
              + " were used outside of its turns; use them only on the thread that runs the object's method, while the method runs");
    }
  }

  void requireAlive() {
    if (!equals(activation.context)) {
      throw new IllegalStateException(
          "this instance of "
              + activation
              + " is gone: it was reset, put to sleep or deleted; do not keep contexts, cells or maps outside of the instance");
    }
  }

  @Override
  public void sending() {
    reading();
    if (activation.readOnly()) {
      throw new IllegalStateException(
          "a @ReadOnly turn of "
              + activation
              + " tried to send to a socket, or to change one; remove @ReadOnly from the method");
    }
  }

  @Override
  public void writing() {
    reading();
    activation.willWrite();
  }

  @Override
  public long turn() {
    return activation.turns();
  }

  @Override
  public String type() {
    alive();
    return activation.type.name();
  }

  @Override
  public String id() {
    alive();
    return activation.id;
  }

  @Override
  public EngineClock clock() {
    alive();
    return activation.engine.options.clock();
  }

  @Override
  public Storage storage() {
    reading();
    return new StorageHandle(activation.view(), this, activation.engine.schemas);
  }

  @Override
  public Alarms alarms() {
    reading();
    Engine engine = activation.engine;
    return new AlarmsHandle(
        activation.view(),
        this,
        engine.options.clock(),
        activation::lastOfStore,
        this::settingAlarm);
  }

  @Override
  public Sockets sockets() {
    reading();
    return new SocketsHandle(activation.sockets(), this);
  }

  private void settingAlarm() {
    Object instance = activation.instance();
    if (instance != null) {
      checkAlarms(instance);
    }
    activation.setAlarms = true;
  }

  /** Refuses an instance that has set alarms and could not be told of them. */
  void checkAlarms(Object instance) {
    if (!(instance instanceof OnAlarm) && (activation.setAlarms || activation.instance() != null)) {
      throw new IllegalStateException(
          instance.getClass().getName()
              + " set an alarm and has no OnAlarm to be told of it; implement dev.abide.engine.OnAlarm");
    }
  }

  @Override
  public <T> T get(Class<T> type, String id) {
    alive();
    return activation.engine.stub(type, id);
  }

  @Override
  public Optional<Caller> caller() {
    reading();
    return Optional.ofNullable(activation.caller());
  }

  @Override
  public void commit() {
    reading();
    activation.commitNow();
  }

  @Override
  public void awaitDurable() {
    commit();
    activation.engine.gate.sync(activation.seen());
  }

  @Override
  public void background(Steps<?> work) {
    reading();
    if (activation.readOnly()) {
      throw new IllegalStateException(
          "a @ReadOnly turn of "
              + activation
              + " asked for background work, which may change something; remove @ReadOnly");
    }
    activation.background().hold(Objects.requireNonNull(work, "work"));
  }

  @Override
  @SuppressWarnings("NullAway") // null only where R is nullable
  public <R, X extends Exception> R enter(dev.abide.engine.Calls<R, X> turn) throws X {
    EnterTurn<R> entering = new EnterTurn<>(this, turn);
    enter(entering);
    return entering.result;
  }

  @Override
  public <X extends Exception> void enter(Steps<X> turn) throws X {
    enter(
        new EnterTurn<>(
            this,
            () -> {
              turn.run();
              return true;
            }));
  }

  private void enter(EnterTurn<?> turn) {
    requireAlive();
    Background works = activation.backgroundOrNull();
    if (works == null || !works.runsHere()) {
      throw new IllegalStateException(
          "enter was called outside of the background work of "
              + activation
              + "; it is for the thread that runs such work. A turn is in the object already");
    }
    Calls.call(activation.engine.target(activation.type, activation.id), turn);
  }

  @Override
  public void delete() {
    reading();
    activation.deleteAtEnd();
  }

  private void alive() {
    requireAlive();
  }
}
