package dev.abide.jmh;

import dev.abide.engine.Abide;
import dev.abide.jmh.baseline.LockedTally;
import dev.abide.jmh.baseline.PekkoTally;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import org.apache.pekko.actor.typed.ActorRef;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does a call cost where 64 virtual threads call one object? Every call is counted at the end.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ContendedCallBenchmark {
  private static final int CALLERS = 64;
  private static final int CALLS = 1_000;

  private Abide inline;
  private Abide queued;
  private Tally inlineTally;
  private Tally queuedTally;
  private final LockedTally locked = new LockedTally();
  private PekkoTally pekko;
  private ActorRef<PekkoTally.Add> actor;

  /** Opens engines and peers. */
  @Setup(Level.Trial)
  public void open() {
    inline = Abide.inMemory(options -> options.host(Tally.class, Tally.TallyObject::new));
    queued =
        Abide.inMemory(options -> options.host(Tally.class, Tally.TallyObject::new).inline(false));
    inlineTally = inline.get(Tally.class, "one");
    queuedTally = queued.get(Tally.class, "one");
    pekko = new PekkoTally();
    actor = pekko.spawn("one");
  }

  /** Closes them. */
  @TearDown(Level.Trial)
  public void close() {
    inline.close();
    queued.close();
    pekko.close();
  }

  /** Calls that run on their callers' threads where they can. */
  @Benchmark
  @OperationsPerInvocation(CALLERS * CALLS)
  public void abideInline() throws InterruptedException {
    all(inlineTally::add);
  }

  /** Calls that all go through the mailbox. */
  @Benchmark
  @OperationsPerInvocation(CALLERS * CALLS)
  public void abideQueued() throws InterruptedException {
    all(queuedTally::add);
  }

  /** The same method under a lock. */
  @Benchmark
  @OperationsPerInvocation(CALLERS * CALLS)
  public void reentrantLock() throws InterruptedException {
    all(locked::add);
  }

  /** The same work by a typed actor's ask. */
  @Benchmark
  @OperationsPerInvocation(CALLERS * CALLS)
  public void pekkoAsk() throws InterruptedException {
    all(by -> pekko.add(actor, by));
  }

  private static void all(LongUnaryOperator add) throws InterruptedException {
    long before = add.applyAsLong(0);
    CountDownLatch left = new CountDownLatch(CALLERS);
    for (int caller = 0; caller < CALLERS; caller++) {
      Thread.ofVirtual()
          .start(() -> {
            for (int call = 0; call < CALLS; call++) {
              var _ = add.applyAsLong(1);
            }
            left.countDown();
          });
    }
    left.await();
    long made = add.applyAsLong(0) - before;
    if (made != CALLERS * CALLS) {
      throw new AssertionError(made + " calls were made instead of " + CALLERS * CALLS);
    }
  }
}
