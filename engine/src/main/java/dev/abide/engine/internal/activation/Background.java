package dev.abide.engine.internal.activation;

import dev.abide.engine.OverloadedException;
import dev.abide.engine.Report;
import dev.abide.engine.Steps;
import dev.abide.engine.internal.observe.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Work beside the turns of one instance. Held until the turn that asked for it has ended well, then
 * each on a virtual thread of its own, behind the gate; interrupted when the instance goes.
 */
final class Background {
  private static final int WORKS_MAX = 64;

  private final Activation activation;

  /** What the running turn asked for. In turns of the object only. */
  private final List<Steps<?>> held = new ArrayList<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Both: guarded by the lock.
  private final Set<Thread> running = new HashSet<>();
  private boolean ended;

  Background(Activation activation) {
    this.activation = activation;
  }

  /** Holds work for the end of the turn. */
  void hold(Steps<?> work) {
    if (held.size() + count() >= WORKS_MAX) {
      activation.engine.meter.met(Limit.BACKGROUND);
      throw new OverloadedException(
          activation
              + " has "
              + WORKS_MAX
              + " pieces of background work, as many as an object may; let some end first, or spread"
              + " the work over more objects",
          Duration.ofMillis(100));
    }
    held.add(work);
  }

  /** The turn ended well: its work begins when this commit is durable. */
  void release(Seen seen) {
    if (held.isEmpty()) {
      return;
    }
    List<Steps<?>> works = List.copyOf(held);
    held.clear();
    for (Steps<?> work : works) {
      Thread thread = Thread.ofVirtual().unstarted(() -> run(seen, work));
      lock.lock();
      try {
        if (ended) {
          gone(work);
          continue;
        }
        running.add(thread);
        activation.engine.works.incrementAndGet();
      } finally {
        lock.unlock();
      }
      thread.start();
    }
  }

  /** The turn failed: what it asked for is forgotten. */
  void drop() {
    held.clear();
  }

  /** The instance goes. */
  void end() {
    held.clear();
    lock.lock();
    try {
      ended = true;
      // Under the lock: one that has left the set may be back in a pool of the user's.
      running.forEach(Thread::interrupt);
    } finally {
      lock.unlock();
    }
  }

  /** Whether work runs. From any thread. */
  boolean busy() {
    return count() > 0;
  }

  private int count() {
    lock.lock();
    try {
      return running.size();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the calling thread is one of this work. */
  boolean runsHere() {
    lock.lock();
    try {
      return running.contains(Thread.currentThread());
    } finally {
      lock.unlock();
    }
  }

  /** Waits until no work runs; false if the engine's clock came to that time first. */
  boolean awaitIdle(long expiresAt) {
    lock.lock();
    try {
      boolean interrupted = false;
      while (!running.isEmpty() && activation.engine.now() - expiresAt < 0) {
        try {
          // The engine's clock may be one that is moved by hand: it is looked at every few moments.
          var _ = changed.await(10, TimeUnit.MILLISECONDS);
        } catch (InterruptedException later) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      return running.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private boolean isEnded() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  /** Work that will not begin, because its instance has gone; who waits for it is told. */
  private static void gone(Steps<?> work) {
    if (work instanceof RequestTurn.Writer writer) {
      writer.gone();
    }
  }

  private void run(Seen seen, Steps<?> work) {
    try {
      activation.engine.gate.await(seen);
      if (isEnded()) {
        gone(work);
      } else {
        work.run();
      }
    } catch (Throwable failure) {
      // What ends because its instance is gone has been told so.
      if (!isEnded()) {
        activation.engine.reports.tell(
            new Report(
                Report.Kind.BACKGROUND_FAILED,
                activation.name.type(),
                activation.name.id(),
                "background work of " + activation + " failed: " + failure,
                failure));
      }
    } finally {
      lock.lock();
      try {
        running.remove(Thread.currentThread());
        changed.signalAll();
      } finally {
        lock.unlock();
      }
      activation.engine.works.decrementAndGet();
    }
  }
}
