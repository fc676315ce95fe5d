package dev.abide.jmh;

import dev.abide.engine.Abide;
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
 * nested locks. Pekko's actors do not wait, as its documentation advises: the message goes from
 * actor to actor with the address of the reply, and the last one answers, so it makes nine hops
 * instead of sixteen.
 */
@Question(
    value = "What does a call cost in a chain of eight objects that call each other?",
    yardstick = "reentrantLock",
    briefMethods = {"reentrantLock", "abideInline", "abideQueued", "pekkoForward"})
public class ChainBenchmark extends Measured {
  static final int LENGTH = 8;

  private final LockedChain locked = new LockedChain(LENGTH);

  /** Actors. */
  @State(Scope.Benchmark)
  public static class Pekko {
    private PekkoChain chain;

    /** Starts them. */
    @Setup(Level.Trial)
    public void open() {
      chain = new PekkoChain(LENGTH);
    }

    /** Ends them. */
    @TearDown(Level.Trial)
    public void close() {
      chain.close();
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

  /** A message that is handed on. */
  @Benchmark
  @OperationsPerInvocation(LENGTH)
  public void pekkoForward(Pekko pekko) {
    Crowd.verify("actors told", pekko.chain.follow(), LENGTH);
  }
}
