package dev.abide.jmh.storage;

import dev.abide.engine.Abide;
import dev.abide.jmh.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a wake waits while the store grows: with nothing beside it, beside overwrites, and beside as
 * many creations, for which maps are made and filled. The writers keep to a pace that leaves
 * processors idle, so that what a wake waits for is the store, and not its turn at a processor.
 */
final class Growth {
  private static final int WRITERS = 16;
  private static final int BYTES = 1_000;
  private static final int SLEEPERS = 10_000;

  private interface Write {
    void make(Abide abide, int writer, long n);
  }

  private Growth() {}

  static void run(int perSecond, int seconds) throws Exception {
    Path directory = Directories.make();
    try (Abide abide = StorageLoad.open(directory)) {
      for (int n = 0; n < SLEEPERS; n++) {
        abide.get(Shelf.class, "sleeper-" + n).put(0, BYTES);
      }
      phase("warm-up", directory, abide, perSecond, seconds, Growth::overwrite);
      phase("nothing beside them", directory, abide, 0, seconds, Growth::overwrite);
      phase("beside overwrites", directory, abide, perSecond, seconds, Growth::overwrite);
      phase(
          "beside creations",
          directory,
          abide,
          perSecond,
          seconds,
          (to, writer, n) -> to.get(Shelf.class, writer + "-" + n).put(0, BYTES));
    } finally {
      Directories.delete(directory);
    }
  }

  private static void overwrite(Abide abide, int writer, long n) {
    abide.get(Shelf.class, "writer-" + (writer + WRITERS * (n % 1_000))).put(0, BYTES);
  }

  private static void phase(
      String name, Path directory, Abide abide, int perSecond, int seconds, Write write)
      throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    long before = maps(directory);
    double cpu = Machine.cpuSeconds();
    for (int i = 0; i < WRITERS && perSecond > 0; i++) {
      int writer = i;
      threads.add(
          Thread.startVirtualThread(() -> {
            try {
              pace(abide, writer, 1_000_000_000L * WRITERS / perSecond, over, write);
            } catch (Throwable thrown) {
              failure.compareAndSet(null, thrown);
            }
          }));
    }
    Times wakes = new Times();
    long until = System.nanoTime() + seconds * 1_000_000_000L;
    while (System.nanoTime() < until && failure.get() == null) {
      String id = "sleeper-" + ThreadLocalRandom.current().nextInt(SLEEPERS);
      abide.sleep(Shelf.class, id);
      Shelf sleeper = abide.get(Shelf.class, id);
      long start = System.nanoTime();
      var _ = sleeper.length(0);
      wakes.add(System.nanoTime() - start);
      LockSupport.parkNanos(500_000);
    }
    over.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    Throwable thrown = failure.get();
    if (thrown != null) {
      throw new AssertionError("a writer failed: " + thrown, thrown);
    }
    System.out.printf(
        "%-20s %,7d wakes: p50 %6.3f ms, p99 %6.3f, p99.9 %6.2f, longest %6.1f; %3.0f %% of the"
            + " processors, %,d maps made%n",
        name,
        wakes.count(),
        wakes.millis(0.5),
        wakes.millis(0.99),
        wakes.millis(0.999),
        wakes.millis(1),
        (Machine.cpuSeconds() - cpu) * 100 / seconds / Runtime.getRuntime().availableProcessors(),
        maps(directory) - before);
  }

  /** Writes at a pace; what comes late is made up for. */
  private static void pace(Abide abide, int writer, long nanos, AtomicBoolean over, Write write) {
    long next = System.nanoTime();
    for (long n = 0; !over.get(); n++) {
      write.make(abide, writer, n);
      next += nanos;
      for (long left; (left = next - System.nanoTime()) > 0; ) {
        LockSupport.parkNanos(left);
      }
    }
  }

  /** How many maps there have been: each of a shard has the next number, given once. */
  private static long maps(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString().split("-"))
          .filter(name -> name[0].equals("map"))
          .collect(Collectors.toMap(name -> name[1], name -> Long.parseLong(name[2]), Math::max))
          .values()
          .stream()
          .mapToLong(generation -> generation)
          .sum();
    }
  }
}
