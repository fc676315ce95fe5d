package dev.abide.jmh;

import dev.abide.engine.Abide;
import dev.abide.jmh.baseline.CajunChain;
import dev.abide.jmh.baseline.ExecutorChain;
import dev.abide.jmh.baseline.JoxChain;
import dev.abide.jmh.baseline.LockedChain;
import dev.abide.jmh.baseline.PekkoChain;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does a call cost that an object makes to another one? A caller calls the first of eight
 * objects, each calls the next, and all are held until the answer is back; the same with eight
 * nested locks, and with executors whose threads wait. Actors do not wait, as Pekko's documentation
 * advises: the message goes from actor to actor, or channel to channel, with the address of the
 * reply, and the last one answers, so it makes nine hops instead of sixteen.
 */
@Question(
    value = "What does a call cost in a chain of eight objects that call each other?",
    yardstick = "reentrantLock",
    timed = "a whole chain of eight",
    briefMethods = {"reentrantLock", "abideInline", "abideQueued", "pekkoForward"})
public class ChainBenchmark extends Measured {
  static final int LENGTH = 8;

  private final LockedChain locked = new LockedChain(LENGTH);

  /** Peers in a row. */
  @State(Scope.Benchmark)
  public abstract static class Peer {
    private Chained chain;

    abstract Chained start();

    /** Starts them. */
    @Setup(Level.Trial)
    public void open() {
      chain = start();
    }

    void follow() {
      Crowd.verify("peers reached", chain.follow(), LENGTH);
    }

    /** Ends them. */
    @TearDown(Level.Trial)
    public void close() {
      chain.close();
    }
  }

  /** Single-thread executors. */
  public static class Executor extends Peer {
    @Override
    Chained start() {
      return new ExecutorChain(LENGTH);
    }
  }

  /** Typed actors. */
  public static class Pekko extends Peer {
    @Override
    Chained start() {
      return new PekkoChain(LENGTH);
    }
  }

  /** Cajun's actors. */
  public static class Cajun extends Peer {
    @Override
    Chained start() {
      return new CajunChain(LENGTH);
    }
  }

  /** Threads behind channels. */
  public static class Jox extends Peer {
    @Override
    Chained start() {
      return new JoxChain(LENGTH);
    }
  }

  private static void follow(Abide abide) {
    Crowd.verify("objects called", abide.get(Link.class, "1").follow(LENGTH - 1), LENGTH);
  }

  /** Calls that run on their caller's thread. */
  @Benchmark
  @OperationsPerInvocation(LENGTH)
  public void abideInline(Engines.Inline engine) {
    follow(engine.abide);
  }

  /** Calls that go through mailboxes. */
  @Benchmark
  @OperationsPerInvocation(LENGTH)
  public void abideQueued(Engines.Queued engine) {
    follow(engine.abide);
  }

  /** Nested locks. */
  @Benchmark
  @OperationsPerInvocation(LENGTH)
  public void reentrantLock() {
    Crowd.verify("objects called", locked.follow(), LENGTH);
  }

  /** Tasks that wait for the next one's. */
  @Benchmark
  @OperationsPerInvocation(LENGTH)
  public void executorSubmit(Executor peer) {
    peer.follow();
  }

  /** A message that is handed on. */
  @Benchmark
  @OperationsPerInvocation(LENGTH)
  public void pekkoForward(Pekko peer) {
    peer.follow();
  }

  /** A message that is handed on by Cajun's actors. */
  @Benchmark
  @OperationsPerInvocation(LENGTH)
  public void cajunForward(Cajun peer) {
    peer.follow();
  }

  /** A message that is handed on from channel to channel. */
  @Benchmark
  @OperationsPerInvocation(LENGTH)
  public void joxForward(Jox peer) {
    peer.follow();
  }
}
