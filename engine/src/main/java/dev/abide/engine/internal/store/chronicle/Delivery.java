package dev.abide.engine.internal.store.chronicle;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Up to which commit all have been handed over to the store threads; any thread may wait for it.
 */
final class Delivery {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Guarded by the lock for writing. */
  private volatile long number;

  private volatile @Nullable Throwable ended;

  long number() {
    return number;
  }

  /** All up to this number have been. */
  void reached(long last) {
    lock.lock();
    try {
      number = Math.max(number, last);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** No more will be. */
  void end(Throwable cause) {
    ended = cause;
    lookAgain();
  }

  /** Lets those who wait look whether there is a reason not to. */
  void lookAgain() {
    reached(number);
  }

  /**
   * Waits until all up to this number have been.
   *
   * @param check throws if it makes no sense to wait any longer
   */
  void await(long last, Runnable check) {
    if (number >= last) {
      return;
    }
    lock.lock();
    try {
      while (number < last) {
        check.run();
        Throwable cause = ended;
        if (cause != null) {
          throw new StorageException(
              "commit %,d will not come to the store, since the journal failed; close the engine and open it again: %s"
                  .formatted(last, cause.getMessage()),
              cause,
              false,
              Applied.NO);
        }
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }
}
