package dev.abide.jmh;

import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/**
 * What does a read-only call cost on an object that has a commit in flight? An operation is a write
 * that nobody waits for, a one-way call, and a read-only call behind it, whose answer waits until
 * the write that it saw is synced: so every read here has a commit in flight, and none is counted
 * that has not. The file's operation is the same write and sync with nothing read. RocksDB puts
 * without a sync, gets, and syncs its log; SQLite updates, selects and commits. All see their own
 * write.
 */
@Question(
    value =
        "What does a write and a read behind it cost, whose answer waits until both are synced?",
    yardstick = "rawWriteAndSync",
    crowds = true,
    unit = "writes, each with a read",
    durability = "SYNC",
    briefMethods = {"rawWriteAndSync", "abideInline", "abide64Callers", "rocksdb"})
public class ReadWhileCommittingBenchmark extends Measured {
  private static final int CALLERS = 64;
  private static final int CALLS = 6_400;
  private static final byte[] RECORD = new byte[128];

  /** One caller. */
  @Benchmark
  public long abideInline(Engines.DiskInline engine) {
    return engine.stored.toldAndRead();
  }

  /** One caller, queued. */
  @Benchmark
  public long abideQueued(Engines.DiskQueued engine) {
    return engine.stored.toldAndRead();
  }

  /** 64 callers of one object. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void abide64Callers(Engines.DiskInline engine) throws InterruptedException {
    engine.stored.toldAndReadBy(CALLERS, CALLS);
  }

  /** A file. */
  @Benchmark
  public void rawWriteAndSync(Databases.Raw raw) throws IOException {
    raw.opened.append(RECORD);
    raw.made++;
  }

  /** A bare group-commit loop, 64 callers. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void groupCommitLoop64Callers(Databases.Loop loop) throws InterruptedException {
    Crowd.virtual(CALLERS, CALLS, caller -> loop.opened.append(RECORD));
    loop.made += CALLS;
  }

  private static long next(Databases.OnDisk<? extends Rows> rows) throws Exception {
    long found = rows.opened.addAndReadSynced(0);
    rows.made++;
    Crowd.verify("sum read behind a write", found, Rows.FIRST + rows.made);
    return found;
  }

  /** RocksDB. */
  @Benchmark
  public long rocksdb(Databases.Rocks rocks) throws Exception {
    return next(rocks);
  }

  /** SQLite. */
  @Benchmark
  public long sqlite(Databases.Sqlite sqlite) throws Exception {
    return next(sqlite);
  }
}
