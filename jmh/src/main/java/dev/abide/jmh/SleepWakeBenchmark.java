package dev.abide.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

/**
 * What does it cost one caller to put an object to sleep and to wake it from disk by a call, and
 * what does the waking alone? There are 10,000 objects with one stored number each, taken in turn,
 * and every call must return that number. Where waking is alone, its objects were put to sleep
 * before, which is not in the figure. The databases read as many rows, which is what waking does
 * below; all of it fits into memory.
 */
@Question(
    value = "What does a wake from storage cost one caller, alone and with the sleep before it?",
    yardstick = "rocksdbGet",
    crowds = true,
    unit = "wakes",
    durability = "SYNC",
    briefMethods = {"rocksdbGet", "abideLoneWake"},
    briefWarmMillis = 4_000,
    warmMillis = 6_000)
public class SleepWakeBenchmark extends Measured {
  private static final int PREPARING_CALLERS = 64;
  private static final int LONE_WAKES = 1_000;

  private int taken;

  private int next() {
    return next(1);
  }

  /** The first of so many objects or rows, which are taken. */
  private int next(int count) {
    int first = taken;
    taken = (taken + count) % Databases.ROWS;
    return first;
  }

  /** Objects with something stored. */
  public static class Inline extends Engines.DiskInline {
    @Override
    int sleeping() {
      return Databases.ROWS;
    }
  }

  /** The same, where every call is queued. */
  public static class Queued extends Engines.DiskQueued {
    @Override
    int sleeping() {
      return Databases.ROWS;
    }
  }

  /** Objects that sleep when an operation begins. */
  public static class Asleep extends Inline {
    /** Puts all to sleep that are awake. */
    @Setup(Level.Invocation)
    public void sleep() throws InterruptedException {
      sleepers.sleepAll(PREPARING_CALLERS, 0, sleepers.size());
    }
  }

  /** The same, where every call is queued. */
  public static class AsleepQueued extends Queued {
    /** Puts all to sleep that are awake. */
    @Setup(Level.Invocation)
    public void sleep() throws InterruptedException {
      sleepers.sleepAll(PREPARING_CALLERS, 0, sleepers.size());
    }
  }

  private static void sleepAndWake(Sleepers sleepers, int object) {
    sleepers.sleep(object);
    sleepers.call(object);
  }

  /** One caller wakes what sleeps. */
  @Benchmark
  @OperationsPerInvocation(LONE_WAKES)
  public void abideLoneWake(Asleep asleep) throws Exception {
    asleep.sleepers.callByOne(next(LONE_WAKES), LONE_WAKES);
  }

  /** The same, queued. */
  @Benchmark
  @OperationsPerInvocation(LONE_WAKES)
  public void abideLoneWakeQueued(AsleepQueued asleep) throws Exception {
    asleep.sleepers.callByOne(next(LONE_WAKES), LONE_WAKES);
  }

  /** One caller puts to sleep and wakes. */
  @Benchmark
  public void abideLoneSleepAndWake(Inline engine) {
    sleepAndWake(engine.sleepers, next());
  }

  /** The same, queued. */
  @Benchmark
  public void abideLoneSleepAndWakeQueued(Queued engine) {
    sleepAndWake(engine.sleepers, next());
  }

  private static long first(long found) {
    Crowd.verify("read", found, Rows.FIRST);
    return found;
  }

  /** RocksDB. */
  @Benchmark
  public long rocksdbGet(Databases.Rocks rocks) throws Exception {
    return first(rocks.opened.read(next()));
  }

  /** SQLite. */
  @Benchmark
  public long sqliteSelect(Databases.Sqlite sqlite) throws Exception {
    return first(sqlite.opened.read(next()));
  }
}
