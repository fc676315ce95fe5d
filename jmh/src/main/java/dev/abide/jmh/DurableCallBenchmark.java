package dev.abide.jmh;

import java.util.stream.IntStream;
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
    durability = "SYNC",
    briefMethods = {"groupCommitLoop", "abideInline", "abideOneObject", "rocksdb"},
    brief = "callers=1000")
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
public class DurableCallBenchmark extends Measured {
  private static final int CALLS = 40_000;
  private static final int CALLS_OF_DATABASES = 2_560;
  private static final byte[] RECORD = new byte[128];

  @Param({"16", "64", "1000", "10000"})
  private int callers;

  private void all(Engines.Disk engine, int objects) throws InterruptedException {
    Tally[] tallies =
        IntStream.range(0, objects)
            .mapToObj(n -> engine.abide.get(Tally.class, "of-" + n))
            .toArray(Tally[]::new);
    long before = stored(tallies);
    Crowd.virtual(callers, CALLS, caller -> tallies[caller % objects].store(1));
    Crowd.verify("calls stored", stored(tallies) - before, CALLS);
  }

  private static long stored(Tally[] tallies) {
    long sum = 0;
    for (Tally tally : tallies) {
      sum += tally.stored();
    }
    return sum;
  }

  private void all(Rows rows) throws Exception {
    long before = stored(rows);
    Crowd.platform(callers, CALLS_OF_DATABASES, rows::store);
    Crowd.verify("calls stored", stored(rows) - before, CALLS_OF_DATABASES);
  }

  private static long stored(Rows rows) throws Exception {
    long sum = 0;
    for (int row = 0; row < Crowd.PLATFORM_CALLERS_MAX; row++) {
      sum += rows.read(row);
    }
    return sum;
  }

  /** Own objects. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void abideInline(Engines.DiskInline engine) throws InterruptedException {
    all(engine, callers);
  }

  /** Own objects, queued. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void abideQueued(Engines.DiskQueued engine) throws InterruptedException {
    all(engine, callers);
  }

  /** One object. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void abideOneObject(Engines.DiskInline engine) throws InterruptedException {
    all(engine, 1);
  }

  /** A bare group-commit loop. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void groupCommitLoop(Databases.Loop loop) throws InterruptedException {
    Crowd.virtual(callers, CALLS, caller -> loop.opened.append(RECORD));
  }

  /** RocksDB, {@code sync=true}. */
  @Benchmark
  @OperationsPerInvocation(CALLS_OF_DATABASES)
  public void rocksdb(Databases.Rocks rocks) throws Exception {
    all(rocks.opened);
  }

  /** SQLite, {@code synchronous=FULL}. */
  @Benchmark
  @OperationsPerInvocation(CALLS_OF_DATABASES)
  public void sqlite(Databases.Sqlite sqlite) throws Exception {
    all(sqlite.opened);
  }
}
