package dev.abide.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/**
 * What does a read-only call cost on an object that has a commit in flight, where 64 callers write
 * to it and read behind their writes at the same time? An operation is that of {@link
 * ReadWhileCommittingBenchmark}. The loop's is the same write and sync with nothing read. The
 * databases have no such operation for many callers of one row: RocksDB keeps nobody apart, and
 * SQLite has one transaction at a time.
 */
@Question(
    value = "What does a write and a read behind it cost where 64 callers share one object?",
    yardstick = "groupCommitLoop",
    crowds = true,
    unit = "writes, each with a read",
    durability = "SYNC",
    briefMethods = {"groupCommitLoop", "abideInline"},
    warmMillis = 20_000)
public class ReadWhileCommittingCrowdBenchmark extends Measured {
  private static final int CALLERS = 64;
  private static final int CALLS = 6_400;
  private static final byte[] RECORD = new byte[128];

  /** One object. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void abideInline(Engines.DiskInline engine) throws InterruptedException {
    engine.stored.toldAndReadBy(CALLERS, CALLS);
  }

  /** One object, queued. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void abideQueued(Engines.DiskQueued engine) throws InterruptedException {
    engine.stored.toldAndReadBy(CALLERS, CALLS);
  }

  /** A bare group-commit loop. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void groupCommitLoop(Databases.Loop loop) throws InterruptedException {
    Crowd.virtual(CALLERS, CALLS, caller -> loop.opened.append(RECORD));
    loop.made += CALLS;
  }
}
