package dev.abide.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/**
 * What do 1,000 callers of one counter, the README's own, wait on disk, where a call returns when
 * it is synced? The loop writes 128 bytes a call and counts nothing. SQLite adds one to a row, for
 * at most 256 callers. RocksDB is not asked: it keeps no two callers of a number apart, and behind
 * a lock it would be called by one at a time.
 */
@Question(
    value = "What do 1,000 callers of the README's counter wait, which is synced at every call?",
    yardstick = "groupCommitLoop",
    crowds = true,
    durability = "SYNC",
    briefMethods = {"groupCommitLoop", "abideInline"},
    warmMillis = 20_000)
public class CounterOnDiskCrowdBenchmark extends Measured {
  private static final int CALLERS = 1_000;
  private static final int CALLS = 20_000;
  private static final int CALLS_OF_DATABASE = 2_560;
  private static final byte[] RECORD = new byte[128];

  private long sum;

  private void all(Counter counter) throws InterruptedException {
    Crowd.virtual(CALLERS, CALLS, caller -> counter.increment(1));
    sum += CALLS;
    Crowd.verify("sum", counter.increment(0), sum);
  }

  /** An object. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void abideInline(Engines.DiskInline engine) throws InterruptedException {
    all(engine.counter);
  }

  /** An object, queued. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void abideQueued(Engines.DiskQueued engine) throws InterruptedException {
    all(engine.counter);
  }

  /** A bare group-commit loop. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void groupCommitLoop(Databases.Loop loop) throws InterruptedException {
    Crowd.virtual(CALLERS, CALLS, caller -> loop.opened.append(RECORD));
    loop.made += CALLS;
  }

  /** SQLite. */
  @Benchmark
  @OperationsPerInvocation(CALLS_OF_DATABASE)
  public void sqlite(Databases.Sqlite sqlite) throws Exception {
    Crowd.platform(CALLERS, CALLS_OF_DATABASE, caller -> sqlite.opened.store(0));
    sqlite.made += CALLS_OF_DATABASE;
  }
}
