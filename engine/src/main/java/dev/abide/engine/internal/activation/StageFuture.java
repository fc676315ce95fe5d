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
      return super.join();
    } finally {
      waiting.end();
    }
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    Waiting waiting = Waiting.begin(this);
    try {
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
      return super.get(timeout, unit);
    } finally {
      waiting.end();
    }
  }

  /**
   * A wait of the calling thread.
   *
   * @param holder its turn, where it is in one and there is something to wait for; or null
   * @param pool what has its permit back meanwhile, or null
   */
  private record Waiting(@Nullable Activation holder, @Nullable ComputePool pool) {
    static Waiting begin(StageFuture<?> future) {
      return future.isDone()
          ? new Waiting(null, null)
          : new Waiting(future.publishWait(), ComputePool.waits());
    }

    void end() {
      ComputePool.waited(pool);
      if (holder != null) {
        holder.waits(null);
      }
    }
  }

  /** The turn whose wait was published, or null if there is none, or nothing to wait for. */
  private @Nullable Activation publishWait() {
    Activation holder = (Activation) TurnStack.current().top();
    Activation waitedFor = callee;
    if (holder == null || waitedFor == null) {
      return null;
    }
    Wait wait = new Wait(holder, waitedFor, call);
    holder.waits(wait);
    if (!refuseOwnChain(holder, waitedFor) && call.queued()) {
      CycleSearch.follow(wait);
    }
    return holder;
  }

  /** Ends a call that waits for the very chain that waits for it; true if it was one. */
  private boolean refuseOwnChain(Activation holder, Activation waitedFor) {
    for (Activation link = holder; link != null; link = link.parent()) {
      if (link.equals(waitedFor)) {
        if (call.tryCancel(
            Access.get()
                .cross(
                    new CallCycleException(
                        Calls.cycle(waitedFor, holder), null, false, Applied.NO)))) {
          call.tell();
        }
        return true;
      }
    }
    return false;
  }
}
