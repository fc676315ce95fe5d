package dev.abide.engine.internal.journal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Threads that wait for numbers to become durable.
 *
 * <p>Waiters push themselves on a stack; after a sync the journal's thread takes the whole stack,
 * pushes back who must wait on, and wakes one of the rest. Each that is woken wakes two more, so
 * that a thousand are not woken one after the other by the thread that should be syncing.
 *
 * <p>A waiter that finds its number durable before it is woken leaves by itself; whoever comes to
 * wake it sees that by a compare-and-set, and wakes in its place those that it was to wake.
 */
final class DurableWaiters {
  private static final int WAITING = 0;
  private static final int WOKEN = 1;
  private static final int LEFT = 2;

  /** A power of two; about every two microseconds. */
  private static final int YIELD_EACH = 64;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Waiter.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final class Waiter {
    final long number;
    final Thread thread = Thread.currentThread();

    /** The next on the stack; of those that are released, the next released. */
    @Nullable Waiter below;

    /* Whom this one wakes when it is woken; set before. */
    @Nullable Waiter left;
    @Nullable Waiter right;

    volatile int state;

    Waiter(long number) {
      this.number = number;
    }
  }

  private final AtomicReference<@Nullable Waiter> top = new AtomicReference<>();
  private final AtomicInteger count = new AtomicInteger();
  private volatile boolean failed;

  /**
   * Waits until the number is durable or the journal has failed. Keeps an interrupt for later.
   *
   * @param spinNanos how long to look before parking, if no other thread waits
   */
  void await(long number, LongSupplier durable, long spinNanos) {
    boolean alone = count.incrementAndGet() == 1;
    try {
      if (!alone || !spin(number, durable, spinNanos)) {
        park(number, durable);
      }
    } finally {
      count.decrementAndGet();
    }
  }

  private boolean spin(long number, LongSupplier durable, long spinNanos) {
    long start = System.nanoTime();
    int looks = 0;
    do {
      if (durable.getAsLong() >= number || failed) {
        return true;
      }
      Thread.onSpinWait();
      if ((++looks & (YIELD_EACH - 1)) == 0) {
        // Where there are no more processors than threads that are at work, it is the journal's
        // own that this one would keep from its processor, for a time slice of milliseconds.
        Thread.yield();
      }
    } while (count.get() == 1 && System.nanoTime() - start < spinNanos);
    return false;
  }

  private void park(long number, LongSupplier durable) {
    Waiter self = new Waiter(number);
    push(self, self);
    boolean interrupted = false;
    // Pushed before this look: either it sees the number durable, or the journal's thread, which
    // publishes the number before it takes the stack, finds the waiter there.
    while (self.state == WAITING) {
      if (durable.getAsLong() >= number || failed) {
        if (STATE.compareAndSet(self, WAITING, LEFT)) {
          break;
        }
      } else {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
    }
    if (self.state == WOKEN) {
      wakeBelow(self);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Wakes all whose number is durable. For the journal's thread, after it has published the number.
   *
   * <p>Takes no memory: once the stack is taken, nobody else knows those that were on it, and an
   * error between here and their wake would leave them parked for ever.
   */
  void release(long durable) {
    if (top.get() == null) {
      return;
    }
    Waiter first = null;
    Waiter last = null;
    Waiter root = null;
    Waiter newest = null;
    Waiter parent = null;
    for (Waiter waiter = top.getAndSet(null); waiter != null; ) {
      Waiter below = waiter.below;
      if (waiter.number <= durable || failed) {
        waiter.below = null;
        if (newest == null || parent == null) {
          root = waiter;
          parent = waiter;
        } else {
          // Level by level: the released are a chain in the order in which they get their two.
          newest.below = waiter;
          if (parent.left == null) {
            parent.left = waiter;
          } else {
            parent.right = waiter;
            parent = parent.below;
          }
        }
        newest = waiter;
      } else {
        waiter.below = first;
        first = waiter;
        last = last == null ? waiter : last;
      }
      waiter = below;
    }
    if (first != null && last != null) {
      push(first, last);
    }
    wake(root);
  }

  /** Wakes all: the journal has failed. */
  void fail() {
    failed = true;
    release(Long.MAX_VALUE);
  }

  private void push(Waiter first, Waiter last) {
    Waiter before;
    do {
      before = top.get();
      last.below = before;
    } while (!top.compareAndSet(before, first));
  }

  /** As deep as the tree is high. */
  private static void wake(@Nullable Waiter waiter) {
    if (waiter == null) {
      return;
    }
    if (STATE.compareAndSet(waiter, WAITING, WOKEN)) {
      LockSupport.unpark(waiter.thread);
    } else {
      wakeBelow(waiter);
    }
  }

  private static void wakeBelow(Waiter waiter) {
    wake(waiter.left);
    wake(waiter.right);
  }
}
