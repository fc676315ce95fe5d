package dev.abide.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;

/**
 * What does a call cost where virtual threads call at the same time, each an object of its own, or
 * all the same? The objects count every call, and a run whose sum is not right fails.
 */
@Question(
    value = "What does a call cost where many virtual threads call objects of their own, or one?",
    yardstick = "reentrantLock",
    crowds = true,
    briefMethods = {"reentrantLock", "abideInline", "abideQueued", "pekkoAsk"},
    brief = {"callers=64 objects=own,one", "callers=1000 objects=one"})
public class ContendedCallBenchmark extends Measured {
  @Param({"1", "2", "64", "1000"})
  private int callers;

  @Param({"one", "own"})
  String objects = ""; // read by Peers.Peer

  /** Calls that run on their callers' threads where they can. */
  @Benchmark
  @OperationsPerInvocation(Crowd.QUICK_CALLS)
  public void abideInline(Peers.Inline peer) throws InterruptedException {
    peer.asked.by(callers, Crowd.QUICK_CALLS);
  }

  /** Calls that all go through the mailbox. */
  @Benchmark
  @OperationsPerInvocation(Crowd.CALLS)
  public void abideQueued(Peers.Queued peer) throws InterruptedException {
    peer.asked.by(callers, Crowd.CALLS);
  }

  /** The same method under a lock. */
  @Benchmark
  @OperationsPerInvocation(Crowd.QUICK_CALLS)
  public void reentrantLock(Peers.Locked peer) throws InterruptedException {
    peer.asked.by(callers, Crowd.QUICK_CALLS);
  }

  /** The same method under a monitor. */
  @Benchmark
  @OperationsPerInvocation(Crowd.QUICK_CALLS)
  public void synchronizedMethod(Peers.Synchronized peer) throws InterruptedException {
    peer.asked.by(callers, Crowd.QUICK_CALLS);
  }

  /** By threads of their own. */
  @Benchmark
  @OperationsPerInvocation(Crowd.CALLS)
  public void executorSubmit(Peers.Executor peer) throws InterruptedException {
    peer.asked.by(callers, Crowd.CALLS);
  }

  /** By typed actors' asks. */
  @Benchmark
  @OperationsPerInvocation(Crowd.CALLS)
  public void pekkoAsk(Peers.Pekko peer) throws InterruptedException {
    peer.asked.by(callers, Crowd.CALLS);
  }

  /** By Cajun actors' asks. */
  @Benchmark
  @OperationsPerInvocation(Crowd.CALLS)
  public void cajunAsk(Peers.Cajun peer) throws InterruptedException {
    peer.asked.by(callers, Crowd.CALLS);
  }

  /** By threads behind channels. */
  @Benchmark
  @OperationsPerInvocation(Crowd.CALLS)
  public void joxChannel(Peers.Jox peer) throws InterruptedException {
    peer.asked.by(callers, Crowd.CALLS);
  }
}
