package dev.abide.engine.spi;

import dev.abide.engine.internal.mailbox.QueuedTurn;
import org.jspecify.annotations.Nullable;

/**
 * A call that waits in a mailbox: its arguments, and then its result. Generated, one class per
 * method; the record itself is the queue's node.
 */
public abstract class Call extends QueuedTurn {
  private final MethodDescriptor method;

  /** For generated code. */
  protected Call(MethodDescriptor method) {
    this.method = method;
  }

  /** The method. */
  public final MethodDescriptor method() {
    return method;
  }

  /**
   * Calls the method on the instance, copies its result and keeps it. Runs in the object's turn.
   *
   * @param turn the running turn
   * @param instance the user's object
   */
  protected abstract void run(Turn turn, Object instance) throws Throwable;

  /** For the engine: {@link #run}. */
  public final void runOn(Turn turn, Object instance) throws Throwable {
    run(turn, instance);
  }

  /** For the engine: {@link #boxedResult}. */
  public final @Nullable Object answer() {
    return boxedResult();
  }

  /** The result, boxed; null for {@code void}. Read after the turn only. */
  protected abstract @Nullable Object boxedResult();
}
