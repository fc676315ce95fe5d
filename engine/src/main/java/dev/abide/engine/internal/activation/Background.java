package dev.abide.engine.internal.activation;

import dev.abide.engine.OverloadedException;
import dev.abide.engine.Report;
import dev.abide.engine.Steps;
import dev.abide.engine.internal.compute.ComputePool;
import dev.abide.engine.internal.observe.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What goes on beside the turns of one instance: its open stages, and background work. That is held
 * until the turn that asked for it has ended well, then runs on a virtual thread of its own, behind
 * the gate; it is interrupted when the instance goes.
 */
final class Background {
  private static final int WORKS_MAX = 64;

  private final Activation activation;

  /** Work, and what was current where it was asked for. */
  private static final class Work {
    final Steps<?> steps;
    final Object @Nullable [] carried;

    Work(Steps<?> steps, Object @Nullable [] carried) {
      this.steps = steps;
      this.carried = carried;
    }
  }

  /** What the running turn asked for. In turns of the object only. */
  private final List<Work> held = new ArrayList<>();

  /** What turns of this instance returned and has not completed. */
  final Stages stages;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Both: guarded by the lock.
  private final Set<Thread> running = new HashSet<>();
  private boolean ended;

  Background(Activation activation) {
    this.activation = activation;
    this.stages = new Stages(activation, this::tellChanged);
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
    held.add(new Work(work, Carriers.capture(activation.engine)));
  }

  /** The turn ended well: its work begins when this commit is durable. */
  void release(Seen seen) {
    stages.release(seen);
    if (held.isEmpty()) {
      return;
    }
    List<Work> works = List.copyOf(held);
    held.clear();
    for (Work work : works) {
      Thread thread = Thread.ofVirtual().unstarted(() -> run(seen, work));
      lock.lock();
      try {
        if (ended) {
          gone(work.steps);
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

  /**
   * The instance goes; its turn may be the one that asked for work, and has deleted the object. For
   * the owner.
   */
  void end(Letting why) {
    for (Work work : held) {
      activation.engine.gate.after(activation.seen(), () -> gone(work.steps));
    }
    held.clear();
    interrupt(why);
  }

  /**
   * Ends what goes on. From any thread: what the running turn still holds never begins. Close comes
   * here, and then the sleep that it asks for; the second finds nothing to do, or it would
   * interrupt the clean-up that work does because of the first.
   */
  void interrupt(Letting why) {
    stages.end(why);
    lock.lock();
    try {
      if (!ended) {
        ended = true;
        // Under the lock: one that has left the set may be back in a pool of the user's.
        running.forEach(Thread::interrupt);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether work runs, or a stage is open. From any thread. */
  boolean busy() {
    return stages.isOpen() || count() > 0;
  }

  private void tellChanged() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
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

  /**
   * Waits until no work runs and no stage is open; false if the engine's clock came to that time
   * first.
   */
  boolean awaitIdle(long expiresAt) {
    ComputePool left = ComputePool.waits();
    try {
      return awaitIdleHere(expiresAt);
    } finally {
      ComputePool.waited(left);
    }
  }

  private boolean awaitIdleHere(long expiresAt) {
    lock.lock();
    try {
      boolean interrupted = false;
      while ((!running.isEmpty() || stages.isOpen()) && activation.engine.now() - expiresAt < 0) {
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
      return running.isEmpty() && !stages.isOpen();
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

  private void run(Seen seen, Work work) {
    try {
      activation.engine.gate.await(seen);
      if (isEnded()) {
        gone(work.steps);
      } else {
        try (var _ = Carriers.restore(activation.engine, work.carried)) {
          work.steps.run();
        }
      }
    } catch (Throwable failure) {
      // What ends because its instance is gone has been told so.
      if (!isEnded()) {
        activation.engine.reports.tell(
            new Report(
                Report.Kind.BACKGROUND_FAILED,
                activation.type.name(),
                activation.id,
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
