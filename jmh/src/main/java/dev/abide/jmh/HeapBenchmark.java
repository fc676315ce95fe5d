package dev.abide.jmh;

import dev.abide.engine.Abide;
import dev.abide.jmh.FootprintAwake.Empty;
import dev.abide.jmh.FootprintAwake.EmptyObject;
import dev.abide.jmh.baseline.CajunTallies;
import dev.abide.jmh.baseline.ExecutorTallies;
import dev.abide.jmh.baseline.JoxTallies;
import dev.abide.jmh.baseline.LockedTally;
import dev.abide.jmh.baseline.PekkoTallies;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What heap does each of many objects take that nobody calls: the user's instance, the id, and what
 * finds and keeps it? A few are made and called before the first look at the heap, so that what
 * grows once, classes and buffers, is no part of it; then many more, each called once. What is
 * unreachable is collected before each look.
 *
 * <p>The peers keep one number each; executors and channels have no ids. What lies outside the heap
 * is not counted: the stack of an executor's thread, and what sleeps on disk.
 */
@Question(
    value = "What heap does each of many objects take that nobody calls?",
    yardstick = "pekkoActor",
    unit = "bytes of heap for each, under B/op",
    heap = true,
    longOnly = true)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx4g", "-XX:+UseSerialGC"})
public class HeapBenchmark extends Measured {
  private static final int FEW = 1_000;
  private static final int MANY = 50_000;

  /** With a virtual thread each, which takes longer to start. */
  private static final int VIRTUAL_THREADS = 10_000;

  /** A machine has no more to spare. */
  private static final int PLATFORM_THREADS = 2_000;

  /** Each takes so little that fewer would not be seen. */
  private static final int ASLEEP = 200_000;

  /** What was found. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Found {
    /** For each. */
    public double heapBytes;
  }

  /** What is there until it is closed. */
  private interface Kept extends AutoCloseable {
    @Override
    void close();
  }

  private interface Maker {
    /** So many more, each called once; their ids, where they have any, begin with the prefix. */
    Kept make(String prefix, int count) throws Exception;
  }

  private interface Heap {
    long bytes() throws InterruptedException;
  }

  /** The timer of an ask that was answered stays until its place in the wheel comes round. */
  private static final long PEKKO_TIMERS_MILLIS = 6_000;

  /** That of Cajun's may stay until it would have gone off. */
  private static final long CAJUN_TIMERS_MILLIS = 32_000;

  /** Of those that are found and kept by their system. */
  private static final Kept BY_SYSTEM = () -> {};

  private static double each(int many, Maker maker, Heap heap) throws Exception {
    try (Kept _ = maker.make("first-", FEW)) {
      long before = heap.bytes();
      try (Kept _ = maker.make("object-", many)) {
        return Math.max(0, heap.bytes() - before) / (double) many;
      }
    }
  }

  /** The heap when no commit is on its way and idle objects have forgotten their last turn. */
  private static long idle(Abide abide) throws InterruptedException {
    Thread.sleep(FootprintAwake.FORGOTTEN_MILLIS);
    return FootprintSleeping.settled(abide);
  }

  private static long after(long millis) throws InterruptedException {
    Thread.sleep(millis);
    return Footprint.heapBytes();
  }

  private static double stored(int many, Consumer<Abide.Options> options) throws Exception {
    Path directory = Directories.make();
    try (Abide abide =
        Abide.open(
            directory, all -> options.accept(all.host(Tally.class, Tally.TallyObject::new)))) {
      return each(
          many,
          (prefix, count) -> {
            FootprintSleeping.store(abide, prefix, count);
            return BY_SYSTEM;
          },
          () -> idle(abide));
    } finally {
      Directories.delete(directory);
    }
  }

  private static double tallies(int many, IntFunction<Tallies> maker) throws Exception {
    return each(
        many,
        (_, count) -> {
          Tallies made = maker.apply(count);
          for (int one = 0; one < count; one++) {
            first(made.add(one, 1));
          }
          return made::close;
        },
        Footprint::heapBytes);
  }

  private static void first(long sum) {
    Crowd.verify("sum of a new one", sum, 1);
  }

  /** Awake in memory, of a class without a field. */
  @Benchmark
  public void abideAwakeEmpty(Found found) throws Exception {
    try (Abide abide =
        Abide.inMemory(options ->
            options
                .host(Empty.class, _ -> new EmptyObject())
                .awakeMax(2 * MANY)
                .idleTimeout(Duration.ofDays(1)))) {
      found.heapBytes =
          each(
              MANY,
              (prefix, count) -> {
                FootprintAwake.touch(abide, prefix, count);
                return BY_SYSTEM;
              },
              () -> idle(abide));
    }
  }

  /** Awake on disk, with a number in a field and one in storage. */
  @Benchmark
  public void abideAwakeStored(Found found) throws Exception {
    found.heapBytes =
        stored(MANY, options -> options.awakeMax(2 * MANY).idleTimeout(Duration.ofDays(1)));
  }

  /** The same, asleep but for a thousand. */
  @Benchmark
  public void abideAsleep(Found found) throws Exception {
    found.heapBytes = stored(ASLEEP, options -> options.awakeMax(FEW));
  }

  /** A lock and a number in a concurrent map. */
  @Benchmark
  public void lockInMap(Found found) throws Exception {
    ConcurrentHashMap<String, LockedTally> locked = new ConcurrentHashMap<>();
    found.heapBytes =
        each(
            MANY,
            (prefix, count) -> {
              for (String id : ids(prefix, count)) {
                first(locked.computeIfAbsent(id, _ -> new LockedTally()).add(1));
              }
              return locked::clear;
            },
            Footprint::heapBytes);
  }

  /** Typed actors. */
  @Benchmark
  public void pekkoActor(Found found) throws Exception {
    try (PekkoTallies system = new PekkoTallies(0)) {
      found.heapBytes =
          each(
              MANY,
              (prefix, count) -> {
                system.spawnAll(ids(prefix, count)).forEach(actor -> first(system.ask(actor, 1)));
                return BY_SYSTEM;
              },
              () -> after(PEKKO_TIMERS_MILLIS));
    }
  }

  /** Cajun's actors. */
  @Benchmark
  public void cajunActor(Found found) throws Exception {
    try (CajunTallies system = new CajunTallies(0)) {
      found.heapBytes =
          each(
              VIRTUAL_THREADS,
              (prefix, count) -> {
                ids(prefix, count).forEach(id -> first(system.ask(system.spawn(id), 1)));
                return BY_SYSTEM;
              },
              () -> after(CAJUN_TIMERS_MILLIS));
    }
  }

  /** Single-thread executors, with their threads. */
  @Benchmark
  public void executor(Found found) throws Exception {
    found.heapBytes = tallies(PLATFORM_THREADS, ExecutorTallies::new);
  }

  /** Channels, with their virtual threads. */
  @Benchmark
  public void joxChannel(Found found) throws Exception {
    found.heapBytes = tallies(VIRTUAL_THREADS, JoxTallies::new);
  }

  private static List<String> ids(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(n -> prefix + n).toList();
  }
}
