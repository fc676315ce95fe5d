package dev.abide.jmh;

import dev.abide.engine.Abide;
import dev.abide.jmh.baseline.CajunFan;
import dev.abide.jmh.baseline.ExecutorFan;
import dev.abide.jmh.baseline.JoxFan;
import dev.abide.jmh.baseline.PekkoFan;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does it cost to fan out and in? One object tells 64 others, one-way; each tells a last one,
 * which counts and, at the 64th, lets the caller go on. So a fan is 129 messages; a leaf is counted
 * as one operation.
 */
@Question(
    value = "What does each of 64 leaves cost, when one object tells them and one hears from all?",
    yardstick = "pekkoTell",
    unit = "leaves",
    timed = "a whole fan of 64",
    briefMethods = {"pekkoTell", "abideInline"})
public class FanBenchmark extends Measured {
  static final int LEAVES = 64;

  private static final int WAIT_SECONDS_MAX = 30;

  private final Semaphore done = new Semaphore(0);

  private void await() throws InterruptedException {
    if (!done.tryAcquire(WAIT_SECONDS_MAX, TimeUnit.SECONDS)) {
      throw new AssertionError(
          "after " + WAIT_SECONDS_MAX + " s not all of " + LEAVES + " leaves were heard from");
    }
  }

  /** Fails the run if anything was heard that nobody waited for. */
  @TearDown(Level.Iteration)
  public void verify() {
    Crowd.verify("fans that nobody waited for", done.availablePermits(), 0);
  }

  /** Durable objects. */
  @State(Scope.Benchmark)
  public abstract static class Objects {
    private Abide abide;
    Fan.Root root;

    /** Whether calls may run on their callers' threads. */
    abstract boolean inlined();

    /** Opens an engine. */
    @Setup(Level.Trial)
    public void open(FanBenchmark benchmark) {
      abide =
          Abide.inMemory(options ->
              options
                  .host(Fan.Root.class, context -> new Fan.RootObject(context, LEAVES))
                  .host(Fan.Leaf.class, Fan.LeafObject::new)
                  .host(Fan.Sink.class, _ -> new Fan.SinkObject(LEAVES, benchmark.done::release))
                  .inline(inlined()));
      root = abide.get(Fan.Root.class, "root");
    }

    /** Closes it. */
    @TearDown(Level.Trial)
    public void close() {
      abide.close();
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

  /** Peers. */
  @State(Scope.Benchmark)
  public abstract static class Peer {
    Fanned fan;

    abstract Fanned start(Runnable complete);

    /** Starts them. */
    @Setup(Level.Trial)
    public void open(FanBenchmark benchmark) {
      fan = start(benchmark.done::release);
    }

    /** Ends them. */
    @TearDown(Level.Trial)
    public void close() {
      fan.close();
    }
  }

  /** Typed actors. */
  public static class Pekko extends Peer {
    @Override
    Fanned start(Runnable complete) {
      return new PekkoFan(LEAVES, complete);
    }
  }

  /** Single-thread executors. */
  public static class Executor extends Peer {
    @Override
    Fanned start(Runnable complete) {
      return new ExecutorFan(LEAVES, complete);
    }
  }

  /** Cajun's actors. */
  public static class Cajun extends Peer {
    @Override
    Fanned start(Runnable complete) {
      return new CajunFan(LEAVES, complete);
    }
  }

  /** Threads behind channels. */
  public static class Jox extends Peer {
    @Override
    Fanned start(Runnable complete) {
      return new JoxFan(LEAVES, complete);
    }
  }

  /** One-way methods. */
  @Benchmark
  @OperationsPerInvocation(LEAVES)
  public void abideInline(Inline objects) throws InterruptedException {
    objects.root.out();
    await();
  }

  /** One-way methods, of an engine that queues every call. */
  @Benchmark
  @OperationsPerInvocation(LEAVES)
  public void abideQueued(Queued objects) throws InterruptedException {
    objects.root.out();
    await();
  }

  /** Typed actors' tells. */
  @Benchmark
  @OperationsPerInvocation(LEAVES)
  public void pekkoTell(Pekko peer) throws InterruptedException {
    peer.fan.out();
    await();
  }

  /** Tasks for single-thread executors. */
  @Benchmark
  @OperationsPerInvocation(LEAVES)
  public void executorExecute(Executor peer) throws InterruptedException {
    peer.fan.out();
    await();
  }

  /** Cajun actors' tells. */
  @Benchmark
  @OperationsPerInvocation(LEAVES)
  public void cajunTell(Cajun peer) throws InterruptedException {
    peer.fan.out();
    await();
  }

  /** Channels' sends. */
  @Benchmark
  @OperationsPerInvocation(LEAVES)
  public void joxSend(Jox peer) throws InterruptedException {
    peer.fan.out();
    await();
  }
}
