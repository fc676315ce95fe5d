package dev.abide.jmh.storage;

import dev.abide.engine.Abide;
import dev.abide.jmh.Directories;
import dev.abide.jmh.Quiet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The same call with one object and with a million, with ten keys and with 1 GB of them; and what
 * it takes to be rid of so many.
 */
final class Sizes {
  private static final int VALUE_BYTES = 1_000;
  private static final int FILLED_AT_ONCE = 1_000;
  private static final int WOKEN = 5_000;

  private Sizes() {}

  static void run(int seconds) throws Exception {
    Path directory = Directories.make();
    try (Abide abide = StorageLoad.open(directory)) {
      for (int objects : new int[] {1, 1_000, 100_000, 1_000_000}) {
        Workloads.callers(
            abide,
            objects,
            Duration.ofDays(1),
            (to, caller, n) -> to.get(Shelf.class, "o-" + (caller + 1_000 * n)).put(0, 100));
        figure(
            abide,
            "put, 1,000 callers, %,d objects".formatted(objects),
            seconds,
            (to, caller, n) -> anyOf(to, objects).put(0, 100));
        figure(
            abide,
            "length, 1,000 callers, %,d objects".formatted(objects),
            seconds,
            (to, caller, n) -> anyOf(to, objects).length(0));
      }
      for (int keys : new int[] {10, 1_000, 100_000, 1_000_000}) {
        Shelf one = filled(abide, "keys-" + keys, keys);
        Quiet.await();
        figure(
            abide,
            "put, 1,000 callers of one object with %,d keys of 1,000 B".formatted(keys),
            seconds,
            (to, caller, n) -> one.put(ThreadLocalRandom.current().nextLong(keys), VALUE_BYTES));
        figure(
            abide,
            "length, the same",
            seconds,
            (to, caller, n) -> one.length(ThreadLocalRandom.current().nextLong(keys)));
        Shelf other = filled(abide, "others-" + keys, keys);
        abide.awaitDurable();
        Quiet.await();
        woken(abide, "keys-" + keys, keys);
        waited("clear", one::clear);
        waited("a put behind it", () -> one.put(0, VALUE_BYTES));
        waited("delete of another one", other::delete);
        waited("a put into a new one of its name", () -> other.put(0, VALUE_BYTES));
      }
    } finally {
      Directories.delete(directory);
    }
  }

  private static Shelf filled(Abide abide, String id, int keys) {
    Shelf one = abide.get(Shelf.class, id);
    for (int from = 0; from < keys; from += FILLED_AT_ONCE) {
      one.fill(from, Math.min(FILLED_AT_ONCE, keys - from), VALUE_BYTES);
    }
    return one;
  }

  /** One caller, and nothing of the object in the heap, however much there is of it. */
  private static void woken(Abide abide, String id, int keys) {
    Times lengths = new Times();
    Times puts = new Times();
    for (int n = 0; n < WOKEN; n++) {
      long key = ThreadLocalRandom.current().nextLong(keys);
      abide.sleep(Shelf.class, id);
      timed(lengths, () -> abide.get(Shelf.class, id).length(key));
      abide.sleep(Shelf.class, id);
      timed(puts, () -> abide.get(Shelf.class, id).put(key, VALUE_BYTES));
    }
    System.out.printf(
        "  one caller, asleep before each call: length p50 %.3f, p99 %.3f ms;"
            + " put, synced p50 %.3f, p99 %.3f ms%n",
        lengths.millis(0.5), lengths.millis(0.99), puts.millis(0.5), puts.millis(0.99));
  }

  private static void timed(Times times, Runnable call) {
    long from = System.nanoTime();
    call.run();
    times.add(System.nanoTime() - from);
  }

  /** How long one call takes until it is synced. */
  private static void waited(String name, Runnable call) {
    long from = System.nanoTime();
    call.run();
    System.out.printf("  %-60s %10.2f ms%n", name, (System.nanoTime() - from) / 1e6);
  }

  private static Shelf anyOf(Abide abide, int objects) {
    return abide.get(Shelf.class, "o-" + ThreadLocalRandom.current().nextInt(objects));
  }

  private static void figure(Abide abide, String name, int seconds, Workloads.Call call)
      throws InterruptedException {
    double cpu = Machine.cpuSeconds();
    List<Long> perSecond =
        Workloads.callers(abide, Long.MAX_VALUE, Duration.ofSeconds(seconds), call);
    cpu = Machine.cpuSeconds() - cpu;
    long calls = perSecond.stream().mapToLong(n -> n).sum();
    System.out.printf(
        "%-62s %,10d/s %8.2f us of processor%n", name, perSecond.getLast(), cpu * 1e6 / calls);
  }
}
