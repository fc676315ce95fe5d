package dev.abide.engine.internal.store.chronicle;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that one thread waits for while a store thread does it. The wait keeps an interrupt for
 * later and does not end by it: an answer is always on its way.
 */
final class Request<T extends @Nullable Object> {
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

  @SuppressWarnings("NullAway") // The answer is null only where T is nullable.
  T await() {
    boolean interrupted = false;
    while (!done) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw failure;
    }
    return answer;
  }
}
