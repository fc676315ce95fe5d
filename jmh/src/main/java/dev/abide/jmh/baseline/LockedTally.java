package dev.abide.jmh.baseline;

import dev.abide.jmh.Tally.Parcel;
import java.util.concurrent.locks.ReentrantLock;

/** A number behind a {@code ReentrantLock}, unfair as it is by default. */
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

  /** Adds what stands in a record. */
  public long addParcel(Parcel parcel) {
    return add(parcel.by());
  }
}
