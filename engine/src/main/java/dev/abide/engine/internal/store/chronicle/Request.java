package dev.abide.engine.internal.store.chronicle;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that one thread waits for while a store thread does it. The wait keeps an interrupt for
 * later and does not end by it: an answer is always on its way.
 */
final class Request<T extends @Nullable Object> {
  private static final long LOOK_NANOS = 20_000_000;

  private final Supplier<T> work;
  private final Thread waiter = Thread.currentThread();

  // Written by the store thread before done; read by the waiter after it.
  private @Nullable T answer;
  private @Nullable RuntimeException failure;
  private volatile boolean done;

  Request(Supplier<T> work) {
    this.work = work;
  }

  /**
   * On the store thread. A throwable of the work is the store's end, and the caller's to handle.
   */
  void run() {
    answer = work.get();
    finish();
  }

  /** On any thread: the answer is that there is none. */
  void fail(RuntimeException why) {
    failure = why;
    finish();
  }

  private void finish() {
    done = true;
    LockSupport.unpark(waiter);
  }

  /** Whether it was done; false while it waits, and if there will be no answer. */
  boolean succeeded() {
    return done && failure == null;
  }

  T await() {
    boolean interrupted = false;
    while (!done) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return outcome();
  }

  /**
   * Waits for an answer that may never come. Not for reads: it looks at the clock.
   *
   * @param refusal why not to wait any longer, or null
   */
  T awaitUnless(Supplier<? extends @Nullable RuntimeException> refusal) {
    boolean interrupted = false;
    RuntimeException why = null;
    while (!done && why == null) {
      LockSupport.parkNanos(this, LOOK_NANOS);
      interrupted |= Thread.interrupted();
      why = refusal.get();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (!done && why != null) {
      throw why;
    }
    return outcome();
  }

  @SuppressWarnings("NullAway") // The answer is null only where T is nullable.
  private T outcome() {
    if (failure != null) {
      throw failure;
    }
    return answer;
  }
}
