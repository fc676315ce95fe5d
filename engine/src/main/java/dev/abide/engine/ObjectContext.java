package dev.abide.engine;

import java.util.Optional;

/**
 * What an instance has of its engine. Given to the constructor and valid as long as the instance
 * is; afterwards everything throws {@link IllegalStateException}.
 *
 * <p>Threading: {@link #type}, {@link #id}, {@link #clock} and {@link #get} from any thread, all
 * else in the object's own turns only.
 */
public interface ObjectContext {
  /** The name of the object's type, as in {@code @DurableObject}. */
  String type();

  /** The object's id. */
  String id();

  /** The engine's clock. */
  EngineClock clock();

  /** The object's storage. */
  Storage storage();

  /** The object's alarms. */
  Alarms alarms();

  /** The object's sockets. */
  Sockets sockets();

  /**
   * A stub of another object, or of this one: {@code context.get(type, context.id())}. Wakes
   * nothing.
   */
  <T> T get(Class<T> type, String id);

  /** Who began the chain of calls that this turn belongs to, if that is known. */
  Optional<Caller> caller();

  /**
   * Makes what this turn wrote so far a commit of its own, now. It stays even if the turn throws
   * later. Waits for nothing: a commit of an object that is called afterwards implies this one.
   *
   * @throws StorageException if the commit was refused
   */
  void commit();

  /**
   * {@link #commit()}, and then waits until everything that this turn has seen is durable. For
   * turns that talk to the world outside by themselves.
   */
  void awaitDurable();

  /**
   * Has work done beside the turns: it begins on a virtual thread of its own when this turn has
   * ended well and is durable, and not at all if the turn throws. It keeps the object awake. It is
   * interrupted when the instance goes: at a reset, a deletion, a close. It is not in the object's
   * turns: storage refuses it, and what it wants of the object it asks for by {@link #enter}. What
   * it throws is reported ({@link Report.Kind#BACKGROUND_FAILED}); it is not done again after a
   * crash.
   *
   * @throws OverloadedException if 64 pieces of work of this object run or wait
   * @throws IllegalStateException in a read-only turn
   */
  void background(Steps<?> work);

  /**
   * For background work: runs this as one turn of the object, and returns when it is durable.
   * Begins a chain of calls of its own. What it throws undoes the turn and reaches the work.
   *
   * @throws IllegalStateException outside of the object's background work, or if the instance that
   *     began it is gone
   * @throws CancelledException if the work is interrupted while this is queued
   */
  <R, X extends Exception> R enter(Calls<R, X> turn) throws X;

  /** As {@link #enter(Calls)}, without a result. */
  <X extends Exception> void enter(Steps<X> turn) throws X;

  /** Deletes all that the object has, at the end of this turn, if the turn returns. */
  void delete();
}
