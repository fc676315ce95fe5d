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

  /** Deletes all that the object has, at the end of this turn, if the turn returns. */
  void delete();
}
