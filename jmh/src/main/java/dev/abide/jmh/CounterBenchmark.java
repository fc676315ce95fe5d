package dev.abide.jmh;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/**
 * What does the README's own counter cost, whose every call changes a stored cell? In memory, and
 * on disk where a call returns when it is synced, for one caller and for 1,000. The lock guards a
 * map of boxed numbers, and keeps nothing.
 */
@Question(
    value = "What does the README's counter cost, which writes at every call?",
    yardstick = "reentrantLockAndMap",
    durability = "SYNC where the name says disk, else none",
    briefMethods = {
      "reentrantLockAndMap",
      "abideMemoryInline",
      "abideDiskLoneCaller",
      "abideDisk1000Callers"
    })
public class CounterBenchmark extends Measured {
  private static final int CALLERS = 1_000;
  private static final int CALLS = 10_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Long> counts = new HashMap<>();

  /** In memory. */
  @Benchmark
  public long abideMemoryInline(Engines.Inline engine) {
    return engine.counter.increment(1);
  }

  /** In memory, queued. */
  @Benchmark
  public long abideMemoryQueued(Engines.Queued engine) {
    return engine.counter.increment(1);
  }

  /** On disk, one caller. */
  @Benchmark
  public long abideDiskLoneCaller(Engines.DiskInline engine) {
    return engine.counter.increment(1);
  }

  /** On disk, 1,000 callers of one counter. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void abideDisk1000Callers(Engines.DiskInline engine) throws InterruptedException {
    Counter counter = engine.counter;
    long before = counter.increment(0);
    Crowd.virtual(CALLERS, CALLS, caller -> counter.increment(1));
    Crowd.verify("increments", counter.increment(0) - before, CALLS);
  }

  /** A map under a lock. */
  @Benchmark
  public long reentrantLockAndMap() {
    lock.lock();
    try {
      return counts.merge("home-page", 1L, Long::sum);
    } finally {
      lock.unlock();
    }
  }
}
