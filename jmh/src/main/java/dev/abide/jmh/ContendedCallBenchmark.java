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
    briefMethods = {"reentrantLock", "abideInline", "abideQueued", "pekkoAsk"},
    brief = {"callers=64 objects=own,one", "callers=1000 objects=one"})
public class ContendedCallBenchmark extends Measured {
  private static final int CALLS = 64_000;

  @Param({"1", "2", "64", "1000"})
  private int callers;

  @Param({"one", "own"})
  String objects = ""; // read by Peers.Peer

  /** Calls that run on their callers' threads where they can. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void abideInline(Peers.Inline peer) throws InterruptedException {
    Crowd.counted(peer.tallies, callers, CALLS);
  }

  /** Calls that all go through the mailbox. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void abideQueued(Peers.Queued peer) throws InterruptedException {
    Crowd.counted(peer.tallies, callers, CALLS);
  }

  /** The same method under a lock. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void reentrantLock(Peers.Locked peer) throws InterruptedException {
    Crowd.counted(peer.tallies, callers, CALLS);
  }

  /** The same method under a monitor. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void synchronizedMethod(Peers.Synchronized peer) throws InterruptedException {
    Crowd.counted(peer.tallies, callers, CALLS);
  }

  /** By threads of their own. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void executorSubmit(Peers.Executor peer) throws InterruptedException {
    Crowd.counted(peer.tallies, callers, CALLS);
  }

  /** By typed actors' asks. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void pekkoAsk(Peers.Pekko peer) throws InterruptedException {
    Crowd.counted(peer.tallies, callers, CALLS);
  }

  /** By Cajun actors' asks. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void cajunAsk(Peers.Cajun peer) throws InterruptedException {
    Crowd.counted(peer.tallies, callers, CALLS);
  }

  /** By threads behind channels. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void joxChannel(Peers.Jox peer) throws InterruptedException {
    Crowd.counted(peer.tallies, callers, CALLS);
  }
}
