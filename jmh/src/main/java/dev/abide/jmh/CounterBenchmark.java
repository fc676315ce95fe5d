package dev.abide.jmh;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * What does the README's own counter cost in memory, whose every call changes a stored cell? The
 * lock guards a map of boxed numbers.
 */
@Question(
    value = "What does the README's counter cost in memory, which writes at every call?",
    yardstick = "reentrantLockAndMap",
    briefMethods = {"reentrantLockAndMap", "abideInline"})
public class CounterBenchmark extends Measured {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Long> counts = new HashMap<>();
  private long sum;

  private long next(long found) {
    sum++;
    Crowd.verify("sum", found, sum);
    return found;
  }

  /** An object. */
  @Benchmark
  public long abideInline(Engines.Inline engine) {
    return next(engine.counter.increment(1));
  }

  /** An object, queued. */
  @Benchmark
  public long abideQueued(Engines.Queued engine) {
    return next(engine.counter.increment(1));
  }

  /** A map under a lock. */
  @Benchmark
  public long reentrantLockAndMap() {
    lock.lock();
    try {
      return next(counts.merge("home-page", 1L, Long::sum));
    } finally {
      lock.unlock();
    }
  }
}
