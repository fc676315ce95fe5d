package dev.abide.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;

/**
 * What does it cost to send without waiting where 64 send at the same time, each to an object of
 * its own, or all to one? Each sends 75 messages and then asks once, so a message counts when it
 * was run. All of them fit into every mailbox here; a jox channel makes its senders wait.
 */
@Question(
    value = "What does a one-way call cost, until it has run, where 64 send at the same time?",
    yardstick = "pekkoTell",
    unit = "one-way calls",
    crowds = true,
    timed = "one, with a call behind it that waits until it has run",
    longOnly = true)
public class OneWayCrowdBenchmark extends Measured {
  private static final int SENDERS = 64;
  private static final int MESSAGES = SENDERS * 75;

  @Param("64")
  int callers; // read by Peers.Peer

  @Param({"one", "own"})
  String objects = ""; // read by Peers.Peer

  /** A one-way method. */
  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void abideInline(Peers.Inline peer) throws InterruptedException {
    peer.asked.toldBy(SENDERS, MESSAGES);
  }

  /** A one-way method, of an engine that queues every call. */
  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void abideQueued(Peers.Queued peer) throws InterruptedException {
    peer.asked.toldBy(SENDERS, MESSAGES);
  }

  /** A task without a future. */
  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void executorExecute(Peers.Executor peer) throws InterruptedException {
    peer.asked.toldBy(SENDERS, MESSAGES);
  }

  /** A typed actor's tell. */
  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void pekkoTell(Peers.Pekko peer) throws InterruptedException {
    peer.asked.toldBy(SENDERS, MESSAGES);
  }

  /** A Cajun actor's tell. */
  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void cajunTell(Peers.Cajun peer) throws InterruptedException {
    peer.asked.toldBy(SENDERS, MESSAGES);
  }

  /** A channel's send. */
  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void joxSend(Peers.Jox peer) throws InterruptedException {
    peer.asked.toldBy(SENDERS, MESSAGES);
  }
}
