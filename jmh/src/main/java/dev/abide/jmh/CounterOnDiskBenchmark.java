package dev.abide.jmh;

import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * What does one caller of the README's own counter wait on disk, where a call returns when it is
 * synced? Beside the bare write and sync of about as many bytes (128), and databases that add one
 * to a row.
 */
@Question(
    value = "What does one caller of the README's counter wait, which is synced at every call?",
    yardstick = "rawWriteAndSync",
    durability = "SYNC",
    longOnly = true)
public class CounterOnDiskBenchmark extends Measured {
  private static final byte[] RECORD = new byte[128];

  private long sum;

  private long next(long found) {
    sum++;
    Crowd.verify("sum", found, sum);
    return found;
  }

  private static void add(Databases.OnDisk<? extends Rows> rows) throws Exception {
    rows.opened.store(0);
    rows.made++;
  }

  /** An object. */
  @Benchmark
  public long abideInline(Engines.DiskInline engine) {
    return next(engine.counter.increment(1));
  }

  /** An object, queued. */
  @Benchmark
  public long abideQueued(Engines.DiskQueued engine) {
    return next(engine.counter.increment(1));
  }

  /** A file. */
  @Benchmark
  public void rawWriteAndSync(Databases.Raw raw) throws IOException {
    raw.opened.append(RECORD);
    raw.made++;
  }

  /** RocksDB. */
  @Benchmark
  public void rocksdb(Databases.Rocks rocks) throws Exception {
    add(rocks);
  }

  /** SQLite. */
  @Benchmark
  public void sqlite(Databases.Sqlite sqlite) throws Exception {
    add(sqlite);
  }
}
