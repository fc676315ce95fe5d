package dev.abide.jmh;

import dev.abide.engine.Abide;
import dev.abide.jmh.baseline.LockedTally;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Does a call to an idle object cost more with many objects behind it? The engine is on disk; of so
 * many objects with a stored number as many are awake, and as many more asleep, while one caller
 * calls another one. It begins when all that was stored is applied and settled. The lock has nobody
 * behind it.
 */
@Question(
    value = "What does a call to an idle object cost with many behind it, awake and asleep?",
    yardstick = "reentrantLock",
    briefMethods = {"reentrantLock", "abideInline"},
    brief = "behind=0,100000",
    briefWarmMillis = 500)
public class CallAmongManyBenchmark extends Measured {
  private static final int CALLERS = 64;

  @Param({"0", "1000", "100000"})
  int behind;

  private final LockedTally locked = new LockedTally();
  private long sum;

  private long next(long found) {
    sum++;
    Crowd.verify("sum", found, sum);
    return found;
  }

  /** An engine with many objects. */
  @State(Scope.Benchmark)
  public abstract static class Objects {
    private Path directory;
    private Abide abide;
    Tally tally;

    abstract boolean inlined();

    /** Opens it and stores to all. */
    @Setup(Level.Trial)
    public void open(CallAmongManyBenchmark benchmark) throws Exception {
      directory = Directories.make();
      abide =
          Abide.open(
              directory,
              options ->
                  options
                      .host(Tally.class, Tally.TallyObject::new)
                      .awakeMax(2 * benchmark.behind + 1_000)
                      .idleTimeout(Duration.ofDays(1))
                      .inline(inlined()));
      Sleepers asleep = new Sleepers(abide, "asleep-", benchmark.behind);
      asleep.sleepAll(CALLERS, 0, benchmark.behind);
      Sleepers awake = new Sleepers(abide, "awake-", benchmark.behind);
      awake.callAll(CALLERS, 0, benchmark.behind);
      tally = abide.get(Tally.class, "one");
      abide.awaitDurable();
      Quiet.await();
    }

    /** Closes it and deletes what it wrote. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
      abide.close();
      Directories.delete(directory);
    }
  }

  /** Calls run on their callers' threads where they can. */
  public static class Inline extends Objects {
    @Override
    boolean inlined() {
      return true;
    }
  }

  /** Every call is queued. */
  public static class Queued extends Objects {
    @Override
    boolean inlined() {
      return false;
    }
  }

  /** A call that runs on its caller's thread. */
  @Benchmark
  public long abideInline(Inline objects) {
    return next(objects.tally.add(1));
  }

  /** A call that goes through the mailbox. */
  @Benchmark
  public long abideQueued(Queued objects) {
    return next(objects.tally.add(1));
  }

  /** The same method under a lock. */
  @Benchmark
  public long reentrantLock() {
    return next(locked.add(1));
  }
}
