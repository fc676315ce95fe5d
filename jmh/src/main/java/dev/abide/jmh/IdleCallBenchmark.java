package dev.abide.jmh;

import dev.abide.jmh.baseline.LockedTally;
import dev.abide.jmh.baseline.PlainTally;
import dev.abide.jmh.baseline.SynchronizedTally;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * What does one caller pay for a call to an object that is awake and idle? The caller is a platform
 * thread. {@code ReentrantLock} and {@code synchronized} keep one number and queue nobody in order;
 * an executor, an actor and a channel hand each call to another thread and back.
 */
@Question(
    value = "What does one caller pay for a call to an object that is awake and idle?",
    yardstick = "reentrantLock",
    briefMethods = {
      "plainMethod",
      "reentrantLock",
      "abideInline",
      "abideQueued",
      "executorSubmit",
      "pekkoAsk"
    },
    briefWarmMillis = 1_000)
public class IdleCallBenchmark extends Measured {
  private final PlainTally plain = new PlainTally();
  private final LockedTally locked = new LockedTally();
  private final SynchronizedTally monitored = new SynchronizedTally();
  private long sum;

  /** Every call must return the sum of all before; that costs all of them the same, below 1 ns. */
  private long next(long found) {
    sum++;
    Crowd.verify("sum", found, sum);
    return found;
  }

  /** The method, called as it is. */
  @Benchmark
  public long plainMethod() {
    return next(plain.add(1));
  }

  /** The same method under a lock. */
  @Benchmark
  public long reentrantLock() {
    return next(locked.add(1));
  }

  /** The same method under a monitor. */
  @Benchmark
  public long synchronizedMethod() {
    return next(monitored.add(1));
  }

  /** A call that runs on its caller's thread. */
  @Benchmark
  public long abideInline(Engines.Inline engine) {
    return next(engine.tally.add(1));
  }

  /** A call that goes through the mailbox. */
  @Benchmark
  public long abideQueued(Engines.Queued engine) {
    return next(engine.tally.add(1));
  }

  /** A read-only call that looks at storage and writes nothing. */
  @Benchmark
  public long abideReadOnly(Engines.Inline engine) {
    long found = engine.tally.stored();
    Crowd.verify("stored", found, 0);
    return found;
  }

  /** By a thread of its own. */
  @Benchmark
  public long executorSubmit(Peers.Executor peer) {
    return peer.asked.once();
  }

  /** By a typed actor's ask. */
  @Benchmark
  public long pekkoAsk(Peers.Pekko peer) {
    return peer.asked.once();
  }

  /** By a Cajun actor's ask. */
  @Benchmark
  public long cajunAsk(Peers.Cajun peer) {
    return peer.asked.once();
  }

  /** By a thread behind a channel. */
  @Benchmark
  public long joxChannel(Peers.Jox peer) {
    return peer.asked.once();
  }
}
