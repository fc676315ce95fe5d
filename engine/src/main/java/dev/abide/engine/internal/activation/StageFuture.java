package dev.abide.engine.internal.activation;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.CallCycleException;
import dev.abide.engine.internal.Access;
import dev.abide.engine.internal.compute.ComputePool;
import dev.abide.engine.internal.cycle.CycleSearch;
import dev.abide.engine.internal.cycle.Wait;
import dev.abide.engine.internal.observe.Refused;
import dev.abide.engine.spi.Door.Answer;
import dev.abide.engine.spi.StageCall;
import dev.abide.engine.spi.TurnStack;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What the caller of a method that returns a stage holds: completed when the object's own stage is,
 * and all that it depends on is durable, on a virtual thread of its own.
 *
 * <p>A turn that waits for it publishes what it waits for, as it does in a call, so that a cycle is
 * found. What is derived from it, by {@code thenApply} and its like, waits for the same call.
 */
final class StageFuture<T> extends CompletableFuture<T> {
  private final ObjectTarget target;
  private final StageCall call;
  private final boolean derived;

  /** Who has the call in its mailbox; null where it was refused. Read by whoever waits. */
  private volatile @Nullable Activation callee;

  StageFuture(ObjectTarget target, StageCall call) {
    this(target, call, false);
  }

  private StageFuture(ObjectTarget target, StageCall call, boolean derived) {
    this.target = target;
    this.call = call;
    this.derived = derived;
  }

  /** Who has accepted the call. */
  void accepted(Activation activation) {
    callee = activation;
  }

  /** Where the call's outcome goes. */
  Answer answer() {
    return new Answer() {
      @Override
      @SuppressWarnings({"unchecked", "NullAway"}) // the copier has seen to both
      public void value(@Nullable Object value) {
        complete((T) value);
      }

      @Override
      public void failure(Throwable failure) {
        if (failure instanceof CallCycleException) {
          target.type.meter().refused(Refused.CYCLE);
        }
        completeExceptionally(failure);
      }
    };
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    StageFuture<U> next = new StageFuture<>(target, call, true);
    next.callee = callee;
    return next;
  }

  /**
   * Takes the call out of the mailbox if it has not begun. If its turn runs, that is interrupted if
   * it may be; a stage that is open is left alone.
   */
  @Override
  public boolean cancel(boolean mayInterrupt) {
    boolean cancelled = super.cancel(mayInterrupt);
    if (cancelled && !derived && !call.tryCancel() && mayInterrupt) {
      var _ = call.tryInterrupt();
    }
    return cancelled;
  }

  @Override
  public T join() {
    Waiting waiting = Waiting.begin(this);
    try {
      CallCycleException refusal = waiting.refusal();
      if (refusal != null) {
        throw new CompletionException(refusal);
      }
      return super.join();
    } finally {
      waiting.end();
    }
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    Waiting waiting = Waiting.begin(this);
    try {
      waiting.mayGet();
      return super.get();
    } finally {
      waiting.end();
    }
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    Waiting waiting = Waiting.begin(this);
    try {
      waiting.mayGet();
      return super.get(timeout, unit);
    } finally {
      waiting.end();
    }
  }

  /**
   * A wait of the calling thread.
   *
   * @param mine of its turn, where it is in one and there is something to wait for; or null
   * @param holder that turn
   * @param before what that turn waited for already: a pool's thread that joins may run others'
   *     tasks meanwhile, and they call from within the turn
   * @param pool what has its permit back meanwhile, or null
   */
  private record Waiting(
      @Nullable Wait mine,
      @Nullable Activation holder,
      @Nullable Wait before,
      @Nullable ComputePool pool) {
    static Waiting begin(StageFuture<?> future) {
      Activation holder = (Activation) TurnStack.current().top();
      Activation callee = future.callee;
      if (future.isDone()) {
        return new Waiting(null, null, null, null);
      }
      if (holder == null || callee == null) {
        return new Waiting(null, null, null, ComputePool.waits());
      }
      // Before the wait is published: one that stays there is taken for a wait of later turns.
      StackRoom.require(TurnStack.current());
      Wait before = holder.waits();
      Wait wait = Wait.join(holder, callee, future.call, future);
      try {
        future.publish(wait, holder, callee);
        return new Waiting(wait, holder, before, ComputePool.waits());
      } catch (Throwable e) {
        holder.waits(before);
        throw e;
      }
    }

    /** Why the thread must not wait, or null. */
    @Nullable CallCycleException refusal() {
      CallCycleException refusal = mine == null ? null : mine.refusal();
      return refusal == null ? null : Access.get().cross(refusal);
    }

    void mayGet() throws ExecutionException {
      CallCycleException refusal = refusal();
      if (refusal != null) {
        throw new ExecutionException(refusal);
      }
    }

    void end() {
      // First: the wait for a permit may be long, and is no wait for the stage any more.
      if (holder != null) {
        holder.waits(before);
      }
      ComputePool.waited(pool);
    }
  }

  /** Publishes a wait and looks whether it is one of a cycle; it may be refused then. */
  private void publish(Wait wait, Activation holder, Activation waitedFor) {
    holder.waits(wait);
    if (waitsForOwnChain(holder, waitedFor)) {
      endInOwnChain(wait, holder, waitedFor);
    } else {
      // Also if the call runs. Its turn may have come to wait for this one before the line above,
      // and found nobody then that waits. If it comes to wait later, it finds this wait. Once the
      // turn is over nothing is searched: whoever has the stage may complete it.
      CycleSearch.follow(wait);
    }
    if (wait.refusal() != null) {
      target.type.meter().refused(Refused.CYCLE);
    }
  }

  private static boolean waitsForOwnChain(Activation holder, Activation waitedFor) {
    for (Activation link = holder; link != null; link = link.parent()) {
      if (link.equals(waitedFor)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The chain that waits holds the object for as long as it waits. So a call that is queued there
   * does not begin; it ends. One that runs is the very turn of this chain; it cannot end before the
   * wait does, so that is refused. One whose turn is over has left a stage, which somebody else may
   * complete.
   */
  private void endInOwnChain(Wait wait, Activation holder, Activation waitedFor) {
    if (call.tryCancel(ownChain(holder, waitedFor, Applied.NO))) {
      call.tell();
    } else if (call.running()) {
      // Asked again: the chain may have broken by a deadline since, and its object have gone on to
      // this very call.
      if (waitsForOwnChain(holder, waitedFor)) {
        wait.refuse(ownChain(holder, waitedFor, Applied.UNKNOWN));
      } else {
        CycleSearch.follow(wait);
      }
    }
  }

  private static CallCycleException ownChain(
      Activation holder, Activation waitedFor, Applied applied) {
    return Access.get()
        .cross(new CallCycleException(Calls.cycle(waitedFor, holder), null, false, applied));
  }
}
