package dev.abide.jmh.storage;

import dev.abide.engine.Abide;
import dev.abide.jmh.Directories;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** The same call with one object and with a million, with one key and with 100 MB of them. */
final class Sizes {
  private static final int VALUE_BYTES = 1_000;
  private static final int FILLED_AT_ONCE = 1_000;

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
      for (int keys : new int[] {1, 1_000, 100_000, 1_000_000}) {
        Shelf one = abide.get(Shelf.class, "keys-" + keys);
        for (int from = 0; from < keys; from += FILLED_AT_ONCE) {
          one.fill(from, Math.min(FILLED_AT_ONCE, keys - from), VALUE_BYTES);
        }
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
      }
    } finally {
      Directories.delete(directory);
    }
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
