package dev.abide.jmh.baseline;

/** A number behind {@code synchronized}. */
public final class SynchronizedTally {
  private long count;

  /** Adds under the monitor. */
  public synchronized long add(long by) {
    count += by;
    return count;
  }
}
