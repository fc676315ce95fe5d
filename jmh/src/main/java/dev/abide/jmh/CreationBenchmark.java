package dev.abide.jmh;

import dev.abide.engine.Abide;
import dev.abide.jmh.baseline.CajunTallies;
import dev.abide.jmh.baseline.ExecutorTallies;
import dev.abide.jmh.baseline.JoxTallies;
import dev.abide.jmh.baseline.LockedTally;
import dev.abide.jmh.baseline.PekkoTallies;
import java.util.concurrent.ConcurrentHashMap;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * What does the first call of a new object cost, and its end? Every call goes to an id that was
 * never called; then the object is put to sleep, which leaves nothing of it, since nothing was
 * stored. The peers' are ended by hand as well. An engine's {@code sleep} returns when the object
 * is asleep, and so an executor, a channel and an actor of Cajun's are closed; Pekko's actor is
 * told to stop, and nobody waits until it has.
 */
@Question(
    value = "What does a new object cost, its first call and its end?",
    yardstick = "pekkoSpawnAskStop",
    unit = "objects",
    briefMethods = {"pekkoSpawnAskStop", "abideInline", "lockInMap"})
public class CreationBenchmark extends Measured {
  private final ConcurrentHashMap<String, LockedTally> locked = new ConcurrentHashMap<>();
  private long made;

  private String id() {
    made++;
    return "new-" + made;
  }

  private long life(Abide abide) {
    String id = id();
    long sum = one(abide.get(Tally.class, id).add(1));
    abide.sleep(Tally.class, id);
    return sum;
  }

  private static long one(long sum) {
    Crowd.verify("sum of a new object", sum, 1);
    return sum;
  }

  /** A stub, its first call, and sleep. */
  @Benchmark
  public long abideInline(Engines.Inline engine) {
    return life(engine.abide);
  }

  /** The same, queued. */
  @Benchmark
  public long abideQueued(Engines.Queued engine) {
    return life(engine.abide);
  }

  /** A lock and a number in a concurrent map, and out of it. */
  @Benchmark
  public long lockInMap() {
    String id = id();
    long sum = one(locked.computeIfAbsent(id, absent -> new LockedTally()).add(1));
    locked.remove(id);
    return sum;
  }

  /** An actor that is spawned, asked and stopped. */
  @Benchmark
  public long pekkoSpawnAskStop(Peers.Pekko peer) {
    PekkoTallies actors = (PekkoTallies) peer.tallies;
    var actor = actors.spawn(id());
    long sum = one(actors.ask(actor, 1));
    actors.stop(actor);
    return sum;
  }

  /** An actor of Cajun's, likewise. */
  @Benchmark
  public long cajunSpawnAskStop(Peers.Cajun peer) {
    CajunTallies actors = (CajunTallies) peer.tallies;
    var actor = actors.spawn(id());
    long sum = one(actors.ask(actor, 1));
    actors.stop(actor);
    return sum;
  }

  /** An executor that is made, asked and closed, which waits for the end of its thread. */
  @Benchmark
  public long executorSubmitClose() {
    try (ExecutorTallies made = new ExecutorTallies(1)) {
      return one(made.add(0, 1));
    }
  }

  /** A channel and its thread, likewise. */
  @Benchmark
  public long joxSendClose() {
    try (JoxTallies made = new JoxTallies(1)) {
      return one(made.add(0, 1));
    }
  }
}
