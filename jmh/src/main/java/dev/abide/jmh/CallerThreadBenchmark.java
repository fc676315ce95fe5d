package dev.abide.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;

/**
 * Does it matter whether a lone caller is a platform thread or a virtual one? A new thread makes
 * all calls of one object, which counts them: as many as take a hundred times as long as the start
 * of the thread.
 */
@Question(
    value = "What does a lone caller on a platform or on a virtual thread pay?",
    yardstick = "reentrantLock",
    crowds = true,
    briefMethods = {"reentrantLock", "abideInline"},
    brief = "caller=virtual",
    briefWarmMillis = 1_000)
public class CallerThreadBenchmark extends Measured {
  private static final int CALLS = 4_000;

  @Param({"platform", "virtual"})
  private String caller = "";

  private boolean virtual() {
    return caller.equals("virtual");
  }

  /** Calls that run on their caller's thread. */
  @Benchmark
  @OperationsPerInvocation(Crowd.QUICK_CALLS)
  public void abideInline(Peers.Inline peer) throws InterruptedException {
    peer.asked.byOne(virtual(), Crowd.QUICK_CALLS);
  }

  /** Calls that go through the mailbox. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void abideQueued(Peers.Queued peer) throws InterruptedException {
    peer.asked.byOne(virtual(), CALLS);
  }

  /** The same method under a lock. */
  @Benchmark
  @OperationsPerInvocation(Crowd.QUICK_CALLS)
  public void reentrantLock(Peers.Locked peer) throws InterruptedException {
    peer.asked.byOne(virtual(), Crowd.QUICK_CALLS);
  }

  /** By a typed actor's ask. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void pekkoAsk(Peers.Pekko peer) throws InterruptedException {
    peer.asked.byOne(virtual(), CALLS);
  }

  /** By a thread of its own. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void executorSubmit(Peers.Executor peer) throws InterruptedException {
    peer.asked.byOne(virtual(), CALLS);
  }

  /** By a Cajun actor's ask. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void cajunAsk(Peers.Cajun peer) throws InterruptedException {
    peer.asked.byOne(virtual(), CALLS);
  }

  /** By a thread behind a channel. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void joxChannel(Peers.Jox peer) throws InterruptedException {
    peer.asked.byOne(virtual(), CALLS);
  }
}
