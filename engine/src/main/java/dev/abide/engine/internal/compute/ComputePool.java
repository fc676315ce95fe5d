package dev.abide.engine.internal.compute;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Runs what drains mailboxes of objects whose turns are heavy on the processor: on platform
 * threads, which the operating system shares out, so that nobody keeps the carriers of virtual
 * threads.
 *
 * <p>The bound is one of permits, as many as processors, and not one of threads: whoever waits, in
 * a call, for the disk, for a stage, gives its permit back for that time. With a bound on threads
 * two turns that call a third object of this kind would wait for ever for a thread to run it.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>Permits that are free or held are as many as at the beginning; none is free while somebody
 *       waits for one.
 *   <li>Who comes back from a wait is served before work that has not begun: it holds an object.
 *   <li>Work waits here at most once.
 * </ul>
 */
public final class ComputePool {
  /** Threads that have nothing to do end after this, so there is nothing to close. */
  private static final long IDLE_SECONDS = 10;

  private final ExecutorService threads;

  private final ReentrantLock lock = new ReentrantLock();

  /* Guarded by the lock. */
  private final Deque<Return> returning = new ArrayDeque<>();
  private final SequencedSet<Runnable> waiting = new LinkedHashSet<>();
  private int free;

  /** One that comes back from a wait. Guarded by the lock. */
  private static final class Return {
    private final Condition granted;
    private boolean may;

    Return(Condition granted) {
      this.granted = granted;
    }
  }

  /** A thread of a pool. */
  private static final class Worker extends Thread {
    private final ComputePool pool;

    Worker(ComputePool pool, Runnable work) {
      super(null, work, "abide-compute", 0, false);
      setDaemon(true);
      this.pool = pool;
    }
  }

  /**
   * @param permits how many may run at once
   */
  public ComputePool(int permits) {
    this(permits, workers -> workers);
  }

  /**
   * @param through what makes the threads, given what makes them here
   */
  ComputePool(int permits, UnaryOperator<ThreadFactory> through) {
    this.free = permits;
    this.threads =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            through.apply(work -> new Worker(this, work)));
  }

  /** Runs the work as soon as there is a permit; does nothing if it waits for one already. */
  public void start(Runnable work) {
    lock.lock();
    try {
      if (free == 0) {
        waiting.add(work);
        return;
      }
      free--;
    } finally {
      lock.unlock();
    }
    runOnThread(work);
  }

  private void runOnThread(Runnable work) {
    boolean begun = false;
    try {
      threads.execute(() -> {
        try {
          work.run();
        } finally {
          giveBack();
        }
      });
      begun = true;
    } finally {
      if (!begun) {
        giveBack();
      }
    }
  }

  private void giveBack() {
    Runnable next = null;
    lock.lock();
    try {
      Return first = returning.poll();
      if (first != null) {
        first.may = true;
        first.granted.signal();
      } else if (!waiting.isEmpty()) {
        next = waiting.removeFirst();
      } else {
        free++;
      }
    } finally {
      lock.unlock();
    }
    if (next != null) {
      runOnThread(next);
    }
  }

  /** Whether the calling thread has a permit, which it gives back where it waits. */
  public static boolean isHere() {
    return Thread.currentThread() instanceof Worker;
  }

  /**
   * Before the calling thread waits: gives its permit back.
   *
   * @return for {@link #waited}; null if it has none, as all threads but those of a pool
   */
  public static @Nullable ComputePool waits() {
    if (Thread.currentThread() instanceof Worker worker) {
      worker.pool.giveBack();
      return worker.pool;
    }
    return null;
  }

  /** After the wait: waits for a permit again. An interrupt is kept for whom it may concern. */
  public static void waited(@Nullable ComputePool pool) {
    if (pool != null) {
      pool.takeAgain();
    }
  }

  private void takeAgain() {
    lock.lock();
    try {
      if (free > 0) {
        free--;
        return;
      }
      Return mine = new Return(lock.newCondition());
      returning.add(mine);
      while (!mine.may) {
        mine.granted.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many have come back and wait for a permit. */
  int returning() {
    lock.lock();
    try {
      return returning.size();
    } finally {
      lock.unlock();
    }
  }

  /** Between two turns: lets somebody else have the calling thread's permit, if anybody waits. */
  public void pass() {
    lock.lock();
    try {
      if (waiting.isEmpty() && returning.isEmpty()) {
        return;
      }
    } finally {
      lock.unlock();
    }
    giveBack();
    takeAgain();
  }
}
