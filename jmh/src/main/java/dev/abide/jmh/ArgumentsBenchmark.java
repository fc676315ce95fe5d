package dev.abide.jmh;

import dev.abide.jmh.Tally.Parcel;
import dev.abide.jmh.baseline.LockedTally;
import org.openjdk.jmh.annotations.Benchmark;

/** What do arguments add to a call of an idle object: none, one, four, or a record made for it? */
@Question(
    value = "What do 0, 1 and 4 arguments and a record add to a call?",
    yardstick = "reentrantLockOne",
    briefMethods = {"reentrantLockOne", "abideInlineOne", "abideInlineFour", "abideInlineRecord"},
    briefWarmMillis = 500)
public class ArgumentsBenchmark extends Measured {
  private final LockedTally locked = new LockedTally();
  private int weight;
  private long sum;

  private long next(long found) {
    sum++;
    Crowd.verify("sum", found, sum);
    return found;
  }

  private Parcel parcel() {
    return new Parcel(1, weight++, 2.5, "parcel");
  }

  /** One argument, under a lock. */
  @Benchmark
  public long reentrantLockOne() {
    return next(locked.add(1));
  }

  /** A record, under a lock. */
  @Benchmark
  public long reentrantLockRecord() {
    return next(locked.addParcel(parcel()));
  }

  /** No argument. */
  @Benchmark
  public long abideInlineNone(Engines.Inline engine) {
    return next(engine.tally.next());
  }

  /** One number. */
  @Benchmark
  public long abideInlineOne(Engines.Inline engine) {
    return next(engine.tally.add(1));
  }

  /** Three numbers and a string. */
  @Benchmark
  public long abideInlineFour(Engines.Inline engine) {
    return next(engine.tally.addFour(1, weight++, 2.5, "parcel"));
  }

  /** A record. */
  @Benchmark
  public long abideInlineRecord(Engines.Inline engine) {
    return next(engine.tally.addParcel(parcel()));
  }

  /** No argument, queued. */
  @Benchmark
  public long abideQueuedNone(Engines.Queued engine) {
    return next(engine.tally.next());
  }

  /** One number, queued. */
  @Benchmark
  public long abideQueuedOne(Engines.Queued engine) {
    return next(engine.tally.add(1));
  }

  /** Three numbers and a string, queued. */
  @Benchmark
  public long abideQueuedFour(Engines.Queued engine) {
    return next(engine.tally.addFour(1, weight++, 2.5, "parcel"));
  }

  /** A record, queued. */
  @Benchmark
  public long abideQueuedRecord(Engines.Queued engine) {
    return next(engine.tally.addParcel(parcel()));
  }
}
