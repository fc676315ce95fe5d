package dev.abide.jmh;

import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * What does one caller wait for a call that is synced when it returns? Beside the bare write and
 * sync of about as many bytes (128), a bare group-commit loop (one thread hand-off there, one
 * back), RocksDB and SQLite.
 */
@Question(
    value = "What does a lone caller wait for a call that is synced before it returns?",
    yardstick = "rawWriteAndSync",
    durability = "SYNC",
    briefMethods = {"rawWriteAndSync", "abideInline", "groupCommitLoop", "rocksdb"})
public class DurableLoneCallBenchmark extends Measured {
  private static final byte[] RECORD = new byte[128];

  /** An object's storage. */
  @Benchmark
  public long abideInline(Engines.DiskInline engine) {
    return engine.stored.once();
  }

  /** An object's storage, by a queued call. */
  @Benchmark
  public long abideQueued(Engines.DiskQueued engine) {
    return engine.stored.once();
  }

  /** A file. */
  @Benchmark
  public void rawWriteAndSync(Databases.Raw raw) throws IOException {
    raw.opened.append(RECORD);
    raw.made++;
  }

  /** A thread that writes what it is given. */
  @Benchmark
  public void groupCommitLoop(Databases.Loop loop) {
    loop.opened.append(RECORD);
    loop.made++;
  }

  /** RocksDB, {@code sync=true}. */
  @Benchmark
  public void rocksdb(Databases.Rocks rocks) throws Exception {
    rocks.opened.store(0);
    rocks.made++;
  }

  /** SQLite, {@code synchronous=FULL}. */
  @Benchmark
  public void sqlite(Databases.Sqlite sqlite) throws Exception {
    sqlite.opened.store(0);
    sqlite.made++;
  }
}
