package dev.abide.engine.spi;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What every generated stub extends. A stub outlives sleep, restart and reset of its object, and
 * may be used by any thread.
 *
 * <p>{@code equals}, {@code hashCode} and {@code toString} speak of engine, type and id, and wake
 * nothing.
 */
public abstract class Stub {
  private final Target target;

  /*
   * The activation that was there at the last look. Racy on purpose: whatever a thread reads is an
   * activation of this object or null; a retired one refuses to be taken, for ever, and no other
   * leaves the table. It is fully built for any thread: its constructor has final fields to write
   * and so ends with a barrier, and what is read through a reference is not read before it.
   */
  private @Nullable Turn last;

  /** For generated code. */
  protected Stub(Target target) {
    this.target = target;
    this.last = target.known();
  }

  /** The object. */
  public final Target target() {
    return target;
  }

  /**
   * Takes the object for a turn on the calling thread.
   *
   * @return null if the call has to be queued; else the turn, taken: the caller's very next step is
   *     its {@code try}
   * @throws dev.abide.engine.CancelledException if the thread's interrupt flag is set
   * @throws IllegalStateException if a read-only turn makes a call that is not
   */
  protected final @Nullable Turn take(MethodDescriptor method) {
    TurnStack stack = TurnStack.current();
    int depth = stack.depth;
    boolean bounded = stack.scope != null;
    if (depth != 0 || bounded || Thread.currentThread().isInterrupted()) {
      RuntimeException refusal = target.refusal(method);
      if (refusal != null) {
        throw refusal;
      }
      if (bounded || depth >= TurnStack.INLINE_DEPTH_MAX) {
        return null;
      }
    }
    Turn turn = last;
    if (turn == null || !turn.tryTake()) {
      turn = takeAnew(turn);
      if (turn == null) {
        return null;
      }
    }
    if (turn.stack != stack) {
      turn.stack = stack;
    }
    turn.depth = depth;
    return turn;
  }

  /** Looks the activation up if the last one is not there any more, and takes that. */
  private @Nullable Turn takeAnew(@Nullable Turn refused) {
    if (refused != null && !refused.retired()) {
      return refused.tryBorrow() ? refused : null;
    }
    Turn turn = target.find();
    last = turn;
    return turn.tryTake() || turn.tryBorrow() ? turn : null;
  }

  /**
   * Queues a call that could not be run here, and waits for its outcome. A failure is thrown as it
   * is, checked exceptions included: the method that generated code implements has declared them.
   */
  protected final void queue(Call call) {
    try {
      target.queue(call);
    } catch (Throwable failure) {
      throw Stub.<RuntimeException>undeclared(failure);
    }
  }

  /** Throws what it is given; the type parameter hides a checked exception from the compiler. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <X extends Throwable> RuntimeException undeclared(Throwable failure) throws X {
    throw (X) failure;
  }

  /** Queues a call whose result comes later. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as the method declares it
  protected final <R> CompletionStage<R> stage(StageCall call) {
    return (CompletionStage<R>) target.stage(call);
  }

  /** Accepts a one-way call. */
  protected final void send(Call call) {
    target.send(call);
  }

  /** Waits until this commit is durable. */
  protected final void await(long commit) {
    target.await(commit);
  }

  /**
   * Checks an argument of a durable interface type.
   *
   * @throws IllegalArgumentException if it is not a stub of this engine
   */
  protected final <S> S stub(S value, String what) {
    return target.checked(value, what);
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    return other instanceof Stub that
        && target.sameEngine(that.target)
        && target.type().equals(that.target.type())
        && target.id().equals(that.target.id());
  }

  @Override
  public final int hashCode() {
    return 31 * target.type().hashCode() + target.id().hashCode();
  }

  @Override
  public final String toString() {
    return target.type() + "/" + target.id();
  }
}
