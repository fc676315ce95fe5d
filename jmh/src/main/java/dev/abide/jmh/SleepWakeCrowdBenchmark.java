package dev.abide.jmh;

import dev.abide.jmh.SleepWakeBenchmark.Asleep;
import dev.abide.jmh.SleepWakeBenchmark.AsleepQueued;
import dev.abide.jmh.SleepWakeBenchmark.Inline;
import dev.abide.jmh.SleepWakeBenchmark.Queued;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/**
 * What does it cost 64 callers to put objects to sleep and to wake them from disk by a call, and
 * what does the waking alone? The objects are those of {@link SleepWakeBenchmark}; no two callers
 * have the same one. As many callers read rows of the databases, on platform threads; these start
 * within the operation, so they read ten times as many.
 */
@Question(
    value = "What does a wake from storage cost where 64 callers wake at the same time?",
    yardstick = "rocksdbGet",
    crowds = true,
    unit = "wakes",
    durability = "SYNC",
    briefMethods = {"rocksdbGet", "abideSleepAndWake"},
    briefWarmMillis = 4_000,
    warmMillis = 20_000)
public class SleepWakeCrowdBenchmark extends Measured {
  private static final int CALLERS = 64;
  private static final int WAKES = 6_400;

  private int taken;

  /** The first of the objects that are taken now. */
  private int next() {
    int first = taken;
    taken = (taken + WAKES) % Databases.ROWS;
    return first;
  }

  /** They wake what sleeps. */
  @Benchmark
  @OperationsPerInvocation(WAKES)
  public void abideWake(Asleep asleep) throws InterruptedException {
    asleep.sleepers.callAll(CALLERS, next(), WAKES);
  }

  /** The same, queued. */
  @Benchmark
  @OperationsPerInvocation(WAKES)
  public void abideWakeQueued(AsleepQueued asleep) throws InterruptedException {
    asleep.sleepers.callAll(CALLERS, next(), WAKES);
  }

  /** They put to sleep and wake. */
  @Benchmark
  @OperationsPerInvocation(WAKES)
  public void abideSleepAndWake(Inline engine) throws InterruptedException {
    engine.sleepers.sleepAndCallAll(CALLERS, next(), WAKES);
  }

  /** The same, queued. */
  @Benchmark
  @OperationsPerInvocation(WAKES)
  public void abideSleepAndWakeQueued(Queued engine) throws InterruptedException {
    engine.sleepers.sleepAndCallAll(CALLERS, next(), WAKES);
  }

  /** Each caller reads every 64th row, from its own on. */
  private static void readAll(Rows rows) throws InterruptedException {
    int[] made = new int[CALLERS];
    Crowd.platform(
        CALLERS,
        Crowd.CALLS,
        caller -> {
          int row = (caller + CALLERS * made[caller]) % Databases.ROWS;
          made[caller]++;
          Crowd.verify("read", rows.read(row), Rows.FIRST);
        });
  }

  /** RocksDB. */
  @Benchmark
  @OperationsPerInvocation(Crowd.CALLS)
  public void rocksdbGet(Databases.Rocks rocks) throws InterruptedException {
    readAll(rocks.opened);
  }

  /** SQLite. */
  @Benchmark
  @OperationsPerInvocation(Crowd.CALLS)
  public void sqliteSelect(Databases.Sqlite sqlite) throws InterruptedException {
    readAll(sqlite.opened);
  }
}
