package dev.abide.engine.internal.store;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Bounds the bytes of replayed commits that wait for the maps, while a directory is opened. */
final class Unapplied {
  private final long max;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();

  /* Guarded by the lock. */
  private long bytes;
  private boolean ended;

  Unapplied(long max) {
    this.max = max;
  }

  /** Waits until there is room; a single larger commit passes alone. */
  void add(long more) {
    lock.lock();
    try {
      while (!ended && bytes > 0 && bytes + more > max) {
        room.awaitUninterruptibly();
      }
      bytes += more;
    } finally {
      lock.unlock();
    }
  }

  /** Gives bytes back; false if they are none of these. */
  boolean remove(long fewer) {
    lock.lock();
    try {
      if (bytes == 0) {
        return false;
      }
      bytes -= fewer;
      room.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Nothing waits from now on. */
  void end() {
    lock.lock();
    try {
      ended = true;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
