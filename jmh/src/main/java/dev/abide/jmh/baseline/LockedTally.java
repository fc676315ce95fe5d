package dev.abide.jmh.baseline;

import java.util.concurrent.locks.ReentrantLock;

/** A number behind a lock. */
public final class LockedTally {
  private final ReentrantLock lock = new ReentrantLock();
  private long count;

  /** Adds under the lock. */
  public long add(long by) {
    lock.lock();
    try {
      count += by;
      return count;
    } finally {
      lock.unlock();
    }
  }
}
