package dev.abide.jmh.baseline;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Methods that call each other, each under its own lock. */
public final class LockedChain {
  private final ReentrantLock lock = new ReentrantLock();
  private final @Nullable LockedChain next;

  /** This many, this one included. */
  public LockedChain(int length) {
    next = length == 1 ? null : new LockedChain(length - 1);
  }

  /** How many were called. */
  public int follow() {
    lock.lock();
    try {
      return next == null ? 1 : 1 + next.follow();
    } finally {
      lock.unlock();
    }
  }
}
