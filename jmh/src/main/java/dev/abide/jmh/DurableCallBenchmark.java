package dev.abide.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;

/**
 * What does a synced call cost where many callers wait at the same time, each on an object of its
 * own, or all on one? The sums are checked after each run. The loop writes 128 bytes a call and
 * keeps nothing apart; RocksDB and SQLite are called by at most 256 platform threads, since native
 * code holds a virtual thread's carrier.
 */
@Question(
    value = "What does a synced call cost where many callers wait at the same time?",
    yardstick = "groupCommitLoop",
    crowds = true,
    durability = "SYNC",
    briefMethods = {"groupCommitLoop", "abideInline", "abideOneObject", "rocksdb"},
    brief = "callers=1000",
    warmMillis = 20_000)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
public class DurableCallBenchmark extends Measured {
  private static final int CALLS = 40_000;
  private static final int CALLS_OF_DATABASES = 2_560;
  private static final byte[] RECORD = new byte[128];

  @Param({"16", "64", "1000"})
  private int callers;

  private void all(Databases.OnDisk<? extends Rows> rows) throws Exception {
    Crowd.platform(callers, CALLS_OF_DATABASES, rows.opened::store);
    rows.made += CALLS_OF_DATABASES;
  }

  /** Own objects. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void abideInline(Engines.DiskInline engine) throws InterruptedException {
    engine.stored.by(CALLS);
  }

  /** Own objects, queued. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void abideQueued(Engines.DiskQueued engine) throws InterruptedException {
    engine.stored.by(CALLS);
  }

  /** One object. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void abideOneObject(Engines.DiskInline engine) throws InterruptedException {
    engine.stored.byAllOfOne(CALLS);
  }

  /** One object, queued. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void abideOneObjectQueued(Engines.DiskQueued engine) throws InterruptedException {
    engine.stored.byAllOfOne(CALLS);
  }

  /** A bare group-commit loop. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void groupCommitLoop(Databases.Loop loop) throws InterruptedException {
    Crowd.virtual(callers, CALLS, caller -> loop.opened.append(RECORD));
    loop.made += CALLS;
  }

  /** RocksDB, {@code sync=true}. */
  @Benchmark
  @OperationsPerInvocation(CALLS_OF_DATABASES)
  public void rocksdb(Databases.Rocks rocks) throws Exception {
    all(rocks);
  }

  /** SQLite, {@code synchronous=FULL}. */
  @Benchmark
  @OperationsPerInvocation(CALLS_OF_DATABASES)
  public void sqlite(Databases.Sqlite sqlite) throws Exception {
    all(sqlite);
  }
}
