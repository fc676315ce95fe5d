package dev.abide.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** Calls of a peer that does not count all of them; no question, so the command never asks it. */
public class LossyBenchmark extends Measured {
  private static final int CALLS = 10;

  /** Counts all calls but the fifth. */
  public static class Peer extends Peers.Peer {
    @Override
    Tallies make(int count) {
      return new CrowdTest.Lossy();
    }
  }

  /** A crowd, which does not look at sums. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void crowd(Peer peer) throws InterruptedException {
    peer.asked.by(2, CALLS);
  }
}
