package dev.abide.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/**
 * What does it cost to put an object to sleep and wake it from disk by a call? There are 10,000
 * objects with one stored number each, taken in turn, and every call must return that number. The
 * databases read as many rows, which is what waking does below; all of it fits into memory.
 */
@Question(
    value = "What does it cost to sleep and to wake again from storage?",
    yardstick = "rocksdbGet",
    unit = "wakes",
    durability = "SYNC",
    briefWarmMillis = 4_000,
    warmMillis = 6_000)
public class SleepWakeBenchmark extends Measured {
  private static final int CALLERS = 64;
  private static final int WAKES = 6_400;

  private int taken;

  /** Objects with something stored. */
  public static class Sleepers extends Engines.DiskInline {
    @Override
    void prepare() throws InterruptedException {
      Crowd.virtual(1_000, Databases.ROWS, new Filling());
    }

    /** Stores one to each object; a caller stores to ten of them. */
    private final class Filling implements Crowd.Call {
      private final int[] next = new int[1_000];

      @Override
      public void by(int caller) {
        int object = caller + 1_000 * next[caller];
        next[caller]++;
        Crowd.verify("stored", abide.get(Tally.class, "of-" + object).store(1), 1);
      }
    }

    void sleepAndWake(int object) {
      String id = "of-" + object;
      abide.sleep(Tally.class, id);
      Crowd.verify("stored", abide.get(Tally.class, id).stored(), 1);
    }
  }

  private int next() {
    taken = (taken + 1) % Databases.ROWS;
    return taken;
  }

  /** One caller. */
  @Benchmark
  public void abideLoneCaller(Sleepers sleepers) {
    sleepers.sleepAndWake(next());
  }

  /** 64 callers, own objects. */
  @Benchmark
  @OperationsPerInvocation(WAKES)
  public void abide64Callers(Sleepers sleepers) throws InterruptedException {
    int[] made = new int[CALLERS];
    int share = Databases.ROWS / CALLERS;
    Crowd.virtual(
        CALLERS,
        WAKES,
        caller -> {
          made[caller]++;
          sleepers.sleepAndWake(caller * share + made[caller] % share);
        });
  }

  /** RocksDB. */
  @Benchmark
  public long rocksdbGet(Databases.Rocks rocks) throws Exception {
    return rocks.opened.read(next());
  }

  /** SQLite. */
  @Benchmark
  public long sqliteSelect(Databases.Sqlite sqlite) throws Exception {
    return sqlite.opened.read(next());
  }
}
