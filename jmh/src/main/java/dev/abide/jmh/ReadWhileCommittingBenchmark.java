package dev.abide.jmh;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does a read-only call cost on an object that has a commit in flight? Sixteen writers commit
 * without a pause, so that the next commit waits while one is synced; one reader or 64 read what
 * they write. An object's answer waits until what it saw is synced. A reader of RocksDB sees a
 * write before it is synced, one of SQLite only what was committed; neither waits, and the first
 * may tell what a power loss takes back. What the writers allocate counts as the readers'.
 */
@Question(
    value = "What does a read-only call cost on an object with a commit in flight?",
    yardstick = "abideQuiet",
    durability = "SYNC")
public class ReadWhileCommittingBenchmark extends Measured {
  private static final int WRITERS = 16;
  private static final int CALLERS = 64;
  private static final int CALLS = 6_400;

  /** Commit without a pause while an iteration runs, and say so if they could not. */
  private static final class Writers {
    private final List<Thread> threads;
    private final AtomicLong commits = new AtomicLong();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private volatile boolean stopped;

    Writers(Thread.Builder builder, Crowd.Call write) {
      threads =
          IntStream.range(0, WRITERS).mapToObj(n -> builder.start(() -> run(n, write))).toList();
    }

    private void run(int writer, Crowd.Call write) {
      try {
        while (!stopped) {
          write.by(writer);
          commits.incrementAndGet();
        }
      } catch (Exception e) {
        failure.set(e);
      }
    }

    void stop() throws InterruptedException {
      stopped = true;
      for (Thread thread : threads) {
        thread.join();
      }
      Exception failed = failure.get();
      if (failed != null || commits.get() == 0) {
        throw new AssertionError("a writer failed, after " + commits.get() + " commits", failed);
      }
    }
  }

  /** An object that is written. */
  public static class Written extends Engines.DiskInline {
    private Writers writers;

    /** Starts the writers. */
    @Setup(Level.Iteration)
    public void start() {
      writers = new Writers(Thread.ofVirtual(), caller -> tally.store(1));
    }

    /** Stops them. */
    @TearDown(Level.Iteration)
    public void stop() throws InterruptedException {
      writers.stop();
    }
  }

  /** An object that is written by queued calls. */
  public static class WrittenQueued extends Engines.DiskQueued {
    private Writers writers;

    /** Starts the writers. */
    @Setup(Level.Iteration)
    public void start() {
      writers = new Writers(Thread.ofVirtual(), caller -> tally.store(1));
    }

    /** Stops them. */
    @TearDown(Level.Iteration)
    public void stop() throws InterruptedException {
      writers.stop();
    }
  }

  /** A row that is written. */
  public static class RocksWritten extends Databases.Rocks {
    private Writers writers;

    /** Starts the writers. */
    @Setup(Level.Iteration)
    public void start() {
      writers = new Writers(Thread.ofPlatform(), opened::store);
    }

    /** Stops them. */
    @TearDown(Level.Iteration)
    public void stop() throws InterruptedException {
      writers.stop();
    }
  }

  /** A row that is written. */
  public static class SqliteWritten extends Databases.Sqlite {
    private Writers writers;

    /** Starts the writers. */
    @Setup(Level.Iteration)
    public void start() {
      writers = new Writers(Thread.ofPlatform(), opened::store);
    }

    /** Stops them. */
    @TearDown(Level.Iteration)
    public void stop() throws InterruptedException {
      writers.stop();
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
