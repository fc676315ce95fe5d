package dev.abide.engine.internal.activation;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The one-way calls of one thread that have been accepted and have not ended. */
final class Accepted {
  private final AtomicInteger pending = new AtomicInteger();
  private volatile @Nullable Thread waiter;

  void add() {
    pending.incrementAndGet();
  }

  void remove() {
    if (pending.decrementAndGet() == 0) {
      // The waiter names itself before it looks at the count: it sees zero, or is seen here.
      LockSupport.unpark(waiter);
    }
  }

  /** Waits until none is left; keeps an interrupt for later. */
  void awaitNone() {
    boolean interrupted = false;
    waiter = Thread.currentThread();
    while (pending.get() != 0) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    waiter = null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
