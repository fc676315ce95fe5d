package dev.abide.jmh;

import dev.abide.engine.Abide;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Stores a number to each of many objects on disk, lets them sleep, and prints what they cost in
 * heap; then wakes ten thousand of them by chance and compares their numbers. See {@link
 * Footprint}.
 */
final class FootprintSleeping {
  private static final int CALLERS = 256;
  private static final int AWAKE_MAX = 1_000;
  private static final int FEW = 10_000;
  private static final int WOKEN = 10_000;

  private FootprintSleeping() {}

  public static void main(String[] args) throws Exception {
    int count = Integer.parseInt(args[0]);
    Path directory = Directories.make();
    try (Abide abide =
        Abide.open(
            directory,
            options -> options.host(Tally.class, Tally.TallyObject::new).awakeMax(AWAKE_MAX))) {
      // So that what grows once, classes and buffers, is there before the first look.
      store(abide, "first-", FEW);
      long before = settled(abide);
      long from = System.nanoTime();
      store(abide, "object-", count);
      double seconds = (System.nanoTime() - from) / 1e9;
      long after = settled(abide);
      System.out.printf(
          "asleep: %,d objects with %d MB of heap at most: %.1f B of heap each (%,d B before, %,d B"
              + " after, up to %,d awake in both); stored and synced in %.0f s%n",
          count,
          Runtime.getRuntime().maxMemory() >> 20,
          Math.max(0, after - before) / (double) count,
          before,
          after,
          AWAKE_MAX,
          seconds);
      wake(abide, count);
    } finally {
      Directories.delete(directory);
    }
  }

  /** Stores a number to each object of ids that begin so. */
  static void store(Abide abide, String prefix, int count) throws InterruptedException {
    int callers = Math.min(CALLERS, count);
    int[] made = new int[callers];
    Crowd.virtual(
        callers,
        count,
        caller -> {
          int object = caller + callers * made[caller];
          made[caller]++;
          Crowd.verify("stored", abide.get(Tally.class, prefix + object).store(object), object);
        });
  }

  /** The heap in use when all commits have left it. */
  static long settled(Abide abide) throws InterruptedException {
    abide.awaitDurable();
    long least = Footprint.heapBytes();
    // What was committed is applied to the store behind the answers; until then it is in the heap.
    for (int round = 0; round < 20; round++) {
      Thread.sleep(250);
      long now = Footprint.heapBytes();
      if (now > least - 100_000) {
        return Math.min(now, least);
      }
      least = now;
    }
    return least;
  }

  private static void wake(Abide abide, int count) {
    SplittableRandom random = new SplittableRandom(count);
    int woken = Math.min(WOKEN, count);
    long from = System.nanoTime();
    for (int n = 0; n < woken; n++) {
      int object = random.nextInt(count);
      Crowd.verify("stored", abide.get(Tally.class, "object-" + object).stored(), object);
    }
    System.out.printf(
        "woken: %,d of them by one caller, each with its number, %.1f us each%n",
        woken, (System.nanoTime() - from) / 1e3 / woken);
  }
}
