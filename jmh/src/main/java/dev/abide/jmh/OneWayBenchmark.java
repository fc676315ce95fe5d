package dev.abide.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/**
 * What does it cost to send without waiting? One sender sends 5,000 messages to one object, then
 * asks it once for its sum, which must have them all: so a message counts when it was run, not when
 * it was sent. As many fit into every mailbox here; a jox channel makes its sender wait.
 */
@Question(
    value = "What does a one-way call cost, until it has run?",
    yardstick = "pekkoTell",
    unit = "one-way calls",
    crowds = true,
    timed = "one, with a call behind it that waits until it has run",
    briefMethods = {"pekkoTell", "abideInline"})
public class OneWayBenchmark extends Measured {
  private static final int MESSAGES = 5_000;

  /** A one-way method. */
  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void abideInline(Peers.Inline peer) throws Exception {
    peer.asked.told(MESSAGES);
  }

  /** A one-way method, of an engine that queues every call. */
  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void abideQueued(Peers.Queued peer) throws Exception {
    peer.asked.told(MESSAGES);
  }

  /** A task without a future. */
  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void executorExecute(Peers.Executor peer) throws Exception {
    peer.asked.told(MESSAGES);
  }

  /** A typed actor's tell. */
  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void pekkoTell(Peers.Pekko peer) throws Exception {
    peer.asked.told(MESSAGES);
  }

  /** A Cajun actor's tell. */
  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void cajunTell(Peers.Cajun peer) throws Exception {
    peer.asked.told(MESSAGES);
  }

  /** A channel's send. */
  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void joxSend(Peers.Jox peer) throws Exception {
    peer.asked.told(MESSAGES);
  }
}
