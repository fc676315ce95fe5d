package dev.abide.jmh;

import dev.abide.annotations.DurableObject;
import dev.abide.engine.Abide;
import java.time.Duration;

/** Prints what an object that is awake and idle costs in heap; see {@link Footprint}. */
final class FootprintAwake {
  /** An object that keeps nothing. */
  @DurableObject("empty")
  interface Empty {
    boolean touch();
  }

  static final class EmptyObject implements Empty {
    @Override
    public boolean touch() {
      return true;
    }
  }

  /** After a second an idle object forgets the thread of its last turn; with room to spare. */
  static final long FORGOTTEN_MILLIS = 3_000;

  private FootprintAwake() {}

  public static void main(String[] args) throws InterruptedException {
    int count = Integer.parseInt(args[0]);
    long own = instances(count);
    try (Abide abide =
        Abide.inMemory(options ->
            options
                .host(Empty.class, context -> new EmptyObject())
                .awakeMax(count + 1)
                .idleTimeout(Duration.ofDays(1)))) {
      touch(abide, "first-", 1);
      long before = Footprint.heapBytes();
      touch(abide, "object-", count);
      Thread.sleep(FORGOTTEN_MILLIS);
      long each = (Footprint.heapBytes() - before) / count;
      System.out.printf(
          "awake and idle: %,d objects, %d B of heap each, id and map entry included, beyond the"
              + " %d B of the user's instance%n",
          count, each - own, own);
    }
  }

  /** Calls objects of ids that begin so; nobody keeps their stubs. */
  static void touch(Abide abide, String prefix, int count) {
    for (int n = 0; n < count; n++) {
      if (!abide.get(Empty.class, prefix + n).touch()) {
        throw new AssertionError("an object gave the wrong answer");
      }
    }
  }

  private static long instances(int count) {
    EmptyObject[] kept = new EmptyObject[count];
    long before = Footprint.heapBytes();
    for (int n = 0; n < count; n++) {
      kept[n] = new EmptyObject();
    }
    long each = Math.round((Footprint.heapBytes() - before) / (double) count);
    if (!kept[count - 1].touch()) {
      throw new AssertionError("an object gave the wrong answer");
    }
    return each;
  }
}
