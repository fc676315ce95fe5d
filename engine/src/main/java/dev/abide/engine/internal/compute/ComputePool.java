package dev.abide.engine.internal.compute;

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
 *
 * <p>Where no thread can be made, work that waits is let go of, and its permit goes to the next:
 * the engine's scanner starts it again. Nothing else here takes memory once a thread has begun, so
 * who waits always gets a permit again.
 */
public final class ComputePool {
  /** Threads that have nothing to do end after this, so there is nothing to close. */
  private static final long IDLE_SECONDS = 10;

  private final ExecutorService threads;

  private final ReentrantLock lock = new ReentrantLock();

  /* Guarded by the lock. */
  private @Nullable Worker firstReturning;

  private @Nullable Worker lastReturning;
  private final SequencedSet<Runnable> waiting = new LinkedHashSet<>();
  private int free;

  /** A thread of a pool. */
  private static final class Worker extends Thread {
    private final ComputePool pool;

    /* While it comes back from a wait. Guarded by the pool's lock. */
    private final Condition granted;
    private boolean may;
    private @Nullable Worker next;

    Worker(ComputePool pool, Runnable work) {
      super(null, work, "abide-compute", 0, false);
      setDaemon(true);
      this.pool = pool;
      this.granted = pool.lock.newCondition();
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
    try {
      runOnThread(work);
    } catch (Throwable noThread) {
      giveBack();
      throw noThread;
    }
  }

  private void runOnThread(Runnable work) {
    threads.execute(() -> {
      try {
        work.run();
      } finally {
        giveBack();
      }
    });
  }

  private void giveBack() {
    Runnable next = passOn();
    while (next != null) {
      try {
        runOnThread(next);
        return;
      } catch (OutOfMemoryError noThread) {
        // Not this thread's work, so not its failure.
        next = passOn();
      }
    }
  }

  /** Gives the permit to whoever waits for one; what has to begin with it, or null. */
  private @Nullable Runnable passOn() {
    lock.lock();
    try {
      Worker first = firstReturning;
      if (first != null) {
        firstReturning = first.next;
        if (first.next == null) {
          lastReturning = null;
        }
        first.next = null;
        first.may = true;
        first.granted.signal();
      } else if (!waiting.isEmpty()) {
        return waiting.removeFirst();
      } else {
        free++;
      }
      return null;
    } finally {
      lock.unlock();
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
      pool.takeAgain((Worker) Thread.currentThread());
    }
  }

  private void takeAgain(Worker mine) {
    lock.lock();
    try {
      if (free > 0) {
        free--;
        return;
      }
      mine.may = false;
      if (lastReturning == null) {
        firstReturning = mine;
      } else {
        lastReturning.next = mine;
      }
      lastReturning = mine;
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
      int count = 0;
      for (Worker each = firstReturning; each != null; each = each.next) {
        count++;
      }
      return count;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Between two turns, on a thread of this pool: lets somebody else have its permit, if anybody
   * waits.
   */
  public void pass() {
    lock.lock();
    try {
      if (waiting.isEmpty() && firstReturning == null) {
        return;
      }
    } finally {
      lock.unlock();
    }
    giveBack();
    takeAgain((Worker) Thread.currentThread());
  }
}
