package dev.abide.jmh;

import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does a read-only call cost on an object that has a commit in flight? One writer commits
 * without a pause, one reader or 64 read what it writes. An object's answer waits until what it saw
 * is synced. A reader of RocksDB sees a write before it is synced, one of SQLite only what was
 * committed; neither waits, and the first may tell what a power loss takes back.
 */
@Question(
    value = "What does a read-only call cost on an object with a commit in flight?",
    yardstick = "abideQuiet",
    durability = "SYNC")
public class ReadWhileCommittingBenchmark extends Measured {
  private static final int CALLERS = 64;
  private static final int CALLS = 6_400;

  /** Commits without a pause while an iteration runs, and says so if it could not. */
  private static final class Writer {
    private final Thread thread;
    private volatile boolean stopped;
    private final AtomicLong commits = new AtomicLong();

    Writer(Thread.Builder threads, Crowd.Call write) {
      thread =
          threads.start(() -> {
            try {
              while (!stopped) {
                write.by(0);
                commits.incrementAndGet();
              }
            } catch (Exception e) {
              throw new IllegalStateException("the writer failed", e);
            }
          });
    }

    void stop() throws InterruptedException {
      boolean failed = !thread.isAlive();
      stopped = true;
      thread.join();
      if (failed || commits.get() == 0) {
        throw new AssertionError("the writer ended early, after " + commits.get() + " commits");
      }
    }
  }

  /** An object that is written. */
  public static class Written extends Engines.DiskInline {
    private Writer writer;

    /** Starts the writer. */
    @Setup(Level.Iteration)
    public void start() {
      writer = new Writer(Thread.ofVirtual(), caller -> tally.store(1));
    }

    /** Stops it. */
    @TearDown(Level.Iteration)
    public void stop() throws InterruptedException {
      writer.stop();
    }
  }

  /** An object that is written by queued calls. */
  public static class WrittenQueued extends Engines.DiskQueued {
    private Writer writer;

    /** Starts the writer. */
    @Setup(Level.Iteration)
    public void start() {
      writer = new Writer(Thread.ofVirtual(), caller -> tally.store(1));
    }

    /** Stops it. */
    @TearDown(Level.Iteration)
    public void stop() throws InterruptedException {
      writer.stop();
    }
  }

  /** A row that is written. */
  public static class RocksWritten extends Databases.Rocks {
    private Writer writer;

    /** Starts the writer. */
    @Setup(Level.Iteration)
    public void start() {
      writer = new Writer(Thread.ofPlatform(), caller -> opened.store(0));
    }

    /** Stops it. */
    @TearDown(Level.Iteration)
    public void stop() throws InterruptedException {
      writer.stop();
    }
  }

  /** A row that is written. */
  public static class SqliteWritten extends Databases.Sqlite {
    private Writer writer;

    /** Starts the writer. */
    @Setup(Level.Iteration)
    public void start() {
      writer = new Writer(Thread.ofPlatform(), caller -> opened.store(0));
    }

    /** Stops it. */
    @TearDown(Level.Iteration)
    public void stop() throws InterruptedException {
      writer.stop();
    }
  }

  /** An object that nobody writes. */
  @Benchmark
  public long abideQuiet(Engines.DiskInline engine) {
    return engine.tally.stored();
  }

  /** One reader. */
  @Benchmark
  public long abideInline(Written written) {
    return written.tally.stored();
  }

  /** One reader, by queued calls. */
  @Benchmark
  public long abideQueued(WrittenQueued written) {
    return written.tally.stored();
  }

  /** 64 readers. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void abide64Readers(Written written) throws InterruptedException {
    Crowd.virtual(CALLERS, CALLS, caller -> written.tally.stored());
  }

  /** RocksDB, one reader. */
  @Benchmark
  public long rocksdb(RocksWritten written) throws Exception {
    return written.opened.read(0);
  }

  /** SQLite, one reader. */
  @Benchmark
  public long sqlite(SqliteWritten written) throws Exception {
    return written.opened.read(0);
  }
}
