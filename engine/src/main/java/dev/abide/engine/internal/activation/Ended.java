package dev.abide.engine.internal.activation;

import java.io.Serial;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** How many one-way calls of a thread have ended; by itself on its cache lines. */
final class Ended {
  private final Padded count = new Padded();
  private volatile @Nullable Thread waiter;

  /** Fields of a superclass come first: so the number has a line's length of its own behind it. */
  @SuppressWarnings("unused")
  private static final class Padded extends AtomicLong {
    @Serial private static final long serialVersionUID = 1;

    private long a;
    private long b;
    private long c;
    private long d;
    private long e;
    private long f;
    private long g;
    private long h;
  }

  void add() {
    count.incrementAndGet();
    // The waiter names itself before it looks at the count: it sees this one, or is seen here. A
    // wait for earlier ones looks again and waits on.
    Thread waiting = waiter;
    if (waiting != null) {
      LockSupport.unpark(waiting);
    }
  }

  void await(long number) {
    boolean interrupted = false;
    waiter = Thread.currentThread();
    while (count.get() < number) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    waiter = null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
