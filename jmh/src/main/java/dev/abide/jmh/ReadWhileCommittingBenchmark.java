package dev.abide.jmh;

import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * What does a read-only call cost on an object that has a commit in flight? An operation is a write
 * that nobody waits for, a one-way call, and a read-only call behind it, whose answer waits until
 * the write that it saw is synced: so every read here has a commit in flight, and none is counted
 * that has not. The file's operation is the same write and sync with nothing read. RocksDB puts
 * without a sync, gets, and syncs its log; SQLite updates, selects and commits. All see their own
 * write.
 */
@Question(
    value = "What does a write and a read behind it cost, whose answer waits for the sync of both?",
    yardstick = "rawWriteAndSync",
    unit = "writes, each with a read",
    durability = "SYNC",
    briefMethods = {"rawWriteAndSync", "abideInline"})
public class ReadWhileCommittingBenchmark extends Measured {
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

  /** A file. */
  @Benchmark
  public void rawWriteAndSync(Databases.Raw raw) throws IOException {
    raw.opened.append(RECORD);
    raw.made++;
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
