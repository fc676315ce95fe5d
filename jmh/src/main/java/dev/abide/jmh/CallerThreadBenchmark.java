package dev.abide.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;

/**
 * Does it matter whether a lone caller is a platform thread or a virtual one? A new thread makes
 * 2,000 calls of one object, which counts them.
 */
@Question(
    value = "What does a lone caller on a platform or on a virtual thread pay?",
    yardstick = "reentrantLock",
    briefMethods = {"reentrantLock", "abideInline"},
    brief = "caller=virtual",
    briefWarmMillis = 1_000)
public class CallerThreadBenchmark extends Measured {
  private static final int CALLS = 2_000;

  @Param({"platform", "virtual"})
  private String caller = "";

  private void all(Peers.Peer peer) throws InterruptedException {
    Tallies tallies = peer.tallies;
    long before = peer.told;
    if (caller.equals("virtual")) {
      Crowd.virtual(1, CALLS, who -> tallies.add(0, 1));
    } else {
      Crowd.platform(1, CALLS, who -> tallies.add(0, 1));
    }
    peer.told = tallies.add(0, 0);
    Crowd.verify("calls counted by the object", peer.told - before, CALLS);
  }

  /** Calls that run on their caller's thread. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void abideInline(Peers.Inline peer) throws InterruptedException {
    all(peer);
  }

  /** Calls that go through the mailbox. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void abideQueued(Peers.Queued peer) throws InterruptedException {
    all(peer);
  }

  /** The same method under a lock. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void reentrantLock(Peers.Locked peer) throws InterruptedException {
    all(peer);
  }

  /** By a typed actor's ask. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void pekkoAsk(Peers.Pekko peer) throws InterruptedException {
    all(peer);
  }
}
