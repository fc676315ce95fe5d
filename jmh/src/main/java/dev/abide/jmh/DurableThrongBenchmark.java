package dev.abide.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;

/**
 * What does a synced call cost where 10,000 callers wait at the same time, each on an object of its
 * own, or all on one? It is {@link DurableCallBenchmark} with so many calls that each caller makes
 * twenty, since the first ones are made while the crowd still gathers. The databases are not asked:
 * they have at most 256 callers.
 */
@Question(
    value = "What does a synced call cost where 10,000 callers wait at the same time?",
    yardstick = "groupCommitLoop",
    crowds = true,
    durability = "SYNC",
    longOnly = true,
    warmMillis = 20_000)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
public class DurableThrongBenchmark extends Measured {
  private static final int CALLS = 200_000;
  private static final byte[] RECORD = new byte[128];

  @Param("10000")
  private int callers; // read by Engines.Disk too

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
}
