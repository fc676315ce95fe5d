package dev.abide.jmh;

import dev.abide.engine.Abide;
import dev.abide.jmh.baseline.LockedTally;
import dev.abide.jmh.baseline.PekkoTally;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What does one caller pay for a call to an object that is awake and idle? */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class IdleCallBenchmark {
  private Abide inline;
  private Abide queued;
  private Tally inlineTally;
  private Tally queuedTally;
  private final LockedTally locked = new LockedTally();
  private PekkoTally pekko;
  private ActorRef<PekkoTally.Add> actor;

  /** Opens engines and peers. */
  @Setup(Level.Trial)
  public void open() {
    inline = Abide.inMemory(options -> options.host(Tally.class, Tally.TallyObject::new));
    queued =
        Abide.inMemory(options -> options.host(Tally.class, Tally.TallyObject::new).inline(false));
    inlineTally = inline.get(Tally.class, "one");
    queuedTally = queued.get(Tally.class, "one");
    pekko = new PekkoTally();
    actor = pekko.spawn("one");
  }

  /** Closes them. */
  @TearDown(Level.Trial)
  public void close() {
    inline.close();
    queued.close();
    pekko.close();
  }

  /** A call that runs on its caller's thread. */
  @Benchmark
  public long abideInline() {
    return inlineTally.add(1);
  }

  /** A call that goes through the mailbox. */
  @Benchmark
  public long abideQueued() {
    return queuedTally.add(1);
  }

  /** The same method under a lock. */
  @Benchmark
  public long reentrantLock() {
    return locked.add(1);
  }

  /** The same work by a typed actor's ask. */
  @Benchmark
  public long pekkoAsk() {
    return pekko.add(actor, 1);
  }
}
