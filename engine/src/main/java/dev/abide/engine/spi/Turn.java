package dev.abide.engine.spi;

import dev.abide.engine.internal.mailbox.Mailbox;

/**
 * An object's activation as generated stubs see it: what they need to run a turn on the caller's
 * own thread.
 *
 * <p>The caller's stack may end anywhere in a turn. So between the compare-and-set that takes the
 * object and the stub's {@code try} there is no call, and the stub's {@code catch} begins with
 * plain field stores: they cannot overflow. From the second store on, whoever comes next may finish
 * the turn; see {@link #phase}.
 */
public abstract class Turn extends Mailbox implements StubCheck {
  /** The normal {@link #phase}: nobody has left the turn behind. */
  public static final int KEPT = 0;

  /** The {@link #phase} of a turn whose runner met a Throwable and has not finished it yet. */
  public static final int ABANDONED = 1;

  /** The {@link #phase} of an object whose owner has asked for a thread to drain it. */
  public static final int HANDED_OFF = 2;

  /**
   * Whether the turn was left behind. Volatile, so that a plain store publishes all that the runner
   * did before; in the normal course it is never written.
   */
  public volatile int phase;

  /** The running thread's stack of turns. Owned by the turn. */
  public TurnStack stack = TurnStack.NONE;

  /** How deep that stack was before this turn. Owned by the turn. */
  public int depth;

  /** For the engine. */
  protected Turn(boolean barred) {
    super(barred);
  }

  /** Enters the turn that was taken; returns the user's instance. */
  public abstract Object begin(MethodDescriptor method);

  /**
   * Ends the turn well: commits what it wrote, frees the object. Nothing that can fail follows the
   * freeing.
   *
   * @return the commit that the reply must wait for, or 0 if it need not wait; negative if the turn
   *     may have changed more than that commit holds
   */
  public abstract long end();

  /**
   * Ends the turn badly: drops what it wrote, resets the object if it must, frees it, and waits at
   * the gate.
   *
   * @return never; the type lets the compiler see that the stub ends here
   */
  public abstract RuntimeException failed(Throwable failure);

  /**
   * Checks a result of a durable interface type.
   *
   * @throws IllegalArgumentException if it is not a stub of this engine
   */
  @Override
  public abstract <S> S stub(S value, String what);
}
