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
    crowds = true,
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
  private long sum;

  private long next(long found) {
    sum++;
    Crowd.verify("sum", found, sum);
    return found;
  }

  private void crowd(Counter counter) throws InterruptedException {
    Crowd.virtual(CALLERS, CALLS, caller -> counter.increment(1));
    sum += CALLS;
    Crowd.verify("sum", counter.increment(0), sum);
  }

  /** In memory. */
  @Benchmark
  public long abideMemoryInline(Engines.Inline engine) {
    return next(engine.counter.increment(1));
  }

  /** In memory, queued. */
  @Benchmark
  public long abideMemoryQueued(Engines.Queued engine) {
    return next(engine.counter.increment(1));
  }

  /** On disk, one caller. */
  @Benchmark
  public long abideDiskLoneCaller(Engines.DiskInline engine) {
    return next(engine.counter.increment(1));
  }

  /** On disk, 1,000 callers of one counter. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void abideDisk1000Callers(Engines.DiskInline engine) throws InterruptedException {
    crowd(engine.counter);
  }

  /** On disk, one caller, queued. */
  @Benchmark
  public long abideDiskLoneCallerQueued(Engines.DiskQueued engine) {
    return next(engine.counter.increment(1));
  }

  /** On disk, 1,000 callers of one counter, queued. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void abideDisk1000CallersQueued(Engines.DiskQueued engine) throws InterruptedException {
    crowd(engine.counter);
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
