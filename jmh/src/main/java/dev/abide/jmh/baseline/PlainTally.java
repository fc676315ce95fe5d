package dev.abide.jmh.baseline;

/** A number behind nothing: for one thread only. */
public final class PlainTally {
  private long count;

  /** Adds. */
  public long add(long by) {
    count += by;
    return count;
  }
}
