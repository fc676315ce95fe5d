package dev.abide.engine.internal.observe;

import java.util.concurrent.atomic.LongAdder;

/** Counts how often something took time, and how much in all. For any thread. */
public final class TimeMeter {
  private final LongAdder count = new LongAdder();
  private final LongAdder nanos = new LongAdder();

  /** A meter at zero. */
  public TimeMeter() {}

  /** Counts one that took so long. */
  public void add(long took) {
    count.increment();
    nanos.add(took);
  }

  /** How many. */
  public long count() {
    return count.sum();
  }

  /** How long altogether. */
  public long nanos() {
    return nanos.sum();
  }
}
