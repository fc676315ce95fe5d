package dev.abide.jmh;

import dev.abide.engine.Abide;
import dev.abide.jmh.baseline.CajunTallies;
import dev.abide.jmh.baseline.LockedTally;
import dev.abide.jmh.baseline.PekkoTallies;
import java.util.concurrent.ConcurrentHashMap;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * What does the first call of a new object cost? Every call goes to an id that was never called. An
 * engine keeps at most 100,000 objects awake and lets older ones sleep, which is in the figure; the
 * others are ended by hand after their call, since they would stay for ever.
 */
@Question(
    value = "What does a new object and its first call cost?",
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

  private long first(Abide abide) {
    return abide.get(Tally.class, id()).add(1);
  }

  /** A stub and its first call. */
  @Benchmark
  public long abideInline(Engines.Inline engine) {
    return first(engine.abide);
  }

  /** A stub and its first call, queued. */
  @Benchmark
  public long abideQueued(Engines.Queued engine) {
    return first(engine.abide);
  }

  /** A lock and a number in a concurrent map, and out of it. */
  @Benchmark
  public long lockInMap() {
    String id = id();
    long sum = locked.computeIfAbsent(id, absent -> new LockedTally()).add(1);
    locked.remove(id);
    return sum;
  }

  /** An actor that is spawned, asked and stopped. */
  @Benchmark
  public long pekkoSpawnAskStop(Peers.Pekko peer) {
    PekkoTallies actors = (PekkoTallies) peer.tallies;
    var actor = actors.spawn(id());
    long sum = actors.ask(actor, 1);
    actors.stop(actor);
    return sum;
  }

  /** An actor of Cajun's, likewise. */
  @Benchmark
  public long cajunSpawnAskStop(Peers.Cajun peer) {
    CajunTallies actors = (CajunTallies) peer.tallies;
    var actor = actors.spawn(id());
    long sum = actors.ask(actor, 1);
    actors.stop(actor);
    return sum;
  }
}
