package dev.abide.jmh;

import dev.abide.engine.Abide;
import dev.abide.jmh.baseline.CajunTallies;
import dev.abide.jmh.baseline.JoxTallies;
import dev.abide.jmh.baseline.LockedTally;
import dev.abide.jmh.baseline.PekkoTallies;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does a call cost that has an id and no stub? One caller calls 100,000 objects at random, all
 * awake, each time by its id; most of them are in no cache of the processor's. The stubs' figure
 * calls the same objects by stubs that were kept, so the difference is the search for the id. Ids
 * are strings made before, for all. Actors and channels are asked by addresses out of a map, which
 * nobody writes to. There is no executor: a machine does not have 100,000 platform threads.
 */
@Question(
    value = "What does a call by id cost, of one among 100,000 that are awake?",
    yardstick = "lockInMap",
    briefMethods = {"lockInMap", "abideInline"},
    briefWarmMillis = 1_000)
public class CallByIdBenchmark extends Measured {
  private static final int OBJECTS = 100_000;

  /** Who is called, by a number that stands for an id. */
  interface Called extends AutoCloseable {
    long add(int object, long by);

    @Override
    void close();
  }

  /** Ids, the next of which comes by chance, and what was asked of all of them. */
  @State(Scope.Benchmark)
  public abstract static class Many {
    private final SplittableRandom random = new SplittableRandom(OBJECTS);
    private long made;
    List<String> ids = List.of();

    private Called called;

    abstract Called open();

    /** Makes all and calls each once. */
    @Setup(Level.Trial)
    public void make() {
      ids = IntStream.range(0, OBJECTS).mapToObj(n -> "object-" + n).toList();
      called = open();
      for (int object = 0; object < OBJECTS; object++) {
        Crowd.verify("sum of a new one", called.add(object, 1), 1);
      }
      made = OBJECTS;
    }

    long next() {
      made++;
      return called.add(random.nextInt(OBJECTS), 1);
    }

    /** Fails the run if a call is missing. */
    @TearDown(Level.Iteration)
    public void verify() {
      long found = 0;
      for (int object = 0; object < OBJECTS; object++) {
        found += called.add(object, 0);
      }
      Crowd.verify("calls counted", found, made);
    }

    /** Ends all. */
    @TearDown(Level.Trial)
    public void close() {
      called.close();
    }
  }

  private static Abide engine(boolean inlined) {
    return Abide.inMemory(options ->
        options
            .host(Tally.class, Tally.TallyObject::new)
            .awakeMax(2 * OBJECTS)
            .idleTimeout(Duration.ofDays(1))
            .inline(inlined));
  }

  private record ById(Abide abide, List<String> ids) implements Called {
    @Override
    public long add(int object, long by) {
      return abide.get(Tally.class, ids.get(object)).add(by);
    }

    @Override
    public void close() {
      abide.close();
    }
  }

  private record ByStub(Abide abide, List<Tally> stubs) implements Called {
    @Override
    public long add(int object, long by) {
      return stubs.get(object).add(by);
    }

    @Override
    public void close() {
      abide.close();
    }
  }

  private record InMap(ConcurrentHashMap<String, LockedTally> locked, List<String> ids)
      implements Called {
    @Override
    public long add(int object, long by) {
      return locked.computeIfAbsent(ids.get(object), absent -> new LockedTally()).add(by);
    }

    @Override
    public void close() {}
  }

  private record Actors(
      PekkoTallies system, Map<String, ActorRef<PekkoTallies.Message>> actors, List<String> ids)
      implements Called {
    @Override
    public long add(int object, long by) {
      ActorRef<PekkoTallies.Message> actor = actors.get(ids.get(object));
      if (actor == null) {
        throw new AssertionError("there is no actor " + ids.get(object));
      }
      return system.ask(actor, by);
    }

    @Override
    public void close() {
      system.close();
    }
  }

  /** Peers that have numbers for addresses, out of a map. */
  private record Numbered(Tallies tallies, Map<String, Integer> numbers, List<String> ids)
      implements Called {
    static Numbered of(Tallies tallies, List<String> ids) {
      Map<String, Integer> numbers = new HashMap<>();
      for (int object = 0; object < ids.size(); object++) {
        numbers.put(ids.get(object), object);
      }
      return new Numbered(tallies, numbers, ids);
    }

    @Override
    public long add(int object, long by) {
      Integer number = numbers.get(ids.get(object));
      if (number == null) {
        throw new AssertionError("there is no number of " + ids.get(object));
      }
      return tallies.add(number, by);
    }

    @Override
    public void close() {
      tallies.close();
    }
  }

  /** Durable objects, called by id. */
  public static class Inline extends Many {
    @Override
    Called open() {
      return new ById(engine(true), ids);
    }
  }

  /** Durable objects whose calls are queued. */
  public static class Queued extends Many {
    @Override
    Called open() {
      return new ById(engine(false), ids);
    }
  }

  /** Durable objects, called by stubs that are kept. */
  public static class Stubs extends Many {
    @Override
    Called open() {
      Abide abide = engine(true);
      return new ByStub(abide, ids.stream().map(id -> abide.get(Tally.class, id)).toList());
    }
  }

  /** Locks in a concurrent map. */
  public static class Locked extends Many {
    @Override
    Called open() {
      return new InMap(new ConcurrentHashMap<>(), ids);
    }
  }

  /** Actors' addresses in a map. */
  public static class Pekko extends Many {
    @Override
    Called open() {
      PekkoTallies system = new PekkoTallies(0);
      List<ActorRef<PekkoTallies.Message>> spawned = system.spawnAll(ids);
      Map<String, ActorRef<PekkoTallies.Message>> actors = new HashMap<>();
      for (int object = 0; object < ids.size(); object++) {
        actors.put(ids.get(object), spawned.get(object));
      }
      return new Actors(system, actors, ids);
    }
  }

  /** Cajun's actors, out of a map. */
  public static class Cajun extends Many {
    @Override
    Called open() {
      return Numbered.of(new CajunTallies(OBJECTS), ids);
    }
  }

  /** Channels, out of a map. */
  public static class Jox extends Many {
    @Override
    Called open() {
      return Numbered.of(new JoxTallies(OBJECTS), ids);
    }
  }

  /** By id. */
  @Benchmark
  public long abideInline(Inline objects) {
    return objects.next();
  }

  /** By id, queued. */
  @Benchmark
  public long abideQueued(Queued objects) {
    return objects.next();
  }

  /** By a stub that was kept. */
  @Benchmark
  public long abideStubs(Stubs objects) {
    return objects.next();
  }

  /** A lock out of a concurrent map. */
  @Benchmark
  public long lockInMap(Locked locked) {
    return locked.next();
  }

  /** An actor's ask. */
  @Benchmark
  public long pekkoAsk(Pekko pekko) {
    return pekko.next();
  }

  /** A Cajun actor's ask. */
  @Benchmark
  public long cajunAsk(Cajun cajun) {
    return cajun.next();
  }

  /** A channel and its thread. */
  @Benchmark
  public long joxChannel(Jox jox) {
    return jox.next();
  }
}
