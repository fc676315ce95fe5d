package dev.abide.engine.internal.activation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.Abide;
import dev.abide.engine.Cell;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.ObjectFactory;
import dev.abide.engine.StoredMap;
import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.fixtures.Engines;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * G1, G3: the stack may end anywhere in an inline turn. Wherever it does, the object must be free
 * afterwards, no increment that was answered may be missing, and none that failed may be counted.
 */
class StackDepthTest {
  private static final int STACK_BYTES = 256 * 1024;

  @Test
  void call_atEveryDepthOfTheStacksEnd_leavesTheObjectFreeAndRight() throws Exception {
    probeColdAndWarm(CounterObject::new, 60_000);
  }

  /**
   * G4: the same where a turn writes keys that it has not read, which a rollback takes from a tree.
   */
  @Test
  void turnThatWritesUnreadKeys_atEveryDepthOfTheStacksEnd_isWholeOrNothing() throws Exception {
    probeColdAndWarm(LedgerObject::new, 30_000);
  }

  /** G9: the same where each call wakes the object, on the same stack, and puts others to sleep. */
  @Test
  void wake_atEveryDepthOfTheStacksEnd_leavesTheObjectFreeAndRight() throws Exception {
    Engine engine =
        Engine.inMemory(
            EngineOptions.of(
                options -> options.host(Counter.class, CounterObject::new).awakeMax(1)));
    try {
      Counter counter = engine.stub(Counter.class, "asleep");
      Counter other = engine.stub(Counter.class, "other");
      Runnable sleep =
          () -> {
            engine.sleep(Counter.class, "asleep");
            other.increment(0);
          };
      // The first wake of a type is queued.
      other.increment(0);
      int cold = probe(counter, 3, sleep);
      for (int n = 0; n < 20_000; n++) {
        counter.increment(0);
        sleep.run();
      }
      int hot = probe(counter, 3, sleep);

      assertThat(cold).as("calls that met the end of the stack, cold").isPositive();
      assertThat(hot).as("calls that met the end of the stack, warm").isPositive();
      engine.sleep(Counter.class, "asleep");
      engine.sleep(Counter.class, "other");
      assertThat(engine.awake).as("instances that are counted, and not there").hasValue(0);
    } finally {
      engine.close();
    }
  }

  private static void probeColdAndWarm(ObjectFactory<Counter> factory, int calls) throws Exception {
    try (Abide abide = Engines.inMemory(options -> options.host(Counter.class, factory))) {
      // Cold first: the frames of the interpreter are the large ones.
      int cold = probe(abide, "cold");
      Counter warm = abide.get(Counter.class, "warm");
      for (int n = 0; n < calls; n++) {
        warm.increment(1);
      }
      int hot = probe(abide, "hot");

      assertThat(cold).as("calls that met the end of the stack, cold").isPositive();
      assertThat(hot).as("calls that met the end of the stack, warm").isPositive();
    }
  }

  /** Counts, and keeps three entries for each count. */
  public static final class LedgerObject extends CounterObject {
    private static final byte[] FILLING = new byte[10_000];

    private final Cell<Long> count;
    private final StoredMap<Long, byte[]> entries;

    public LedgerObject(ObjectContext context) {
      super(context);
      count = context.storage().cell("last", Long.class, 0L);
      entries = context.storage().map("entries", Long.class, byte[].class);
    }

    @Override
    public long increment(long by) {
      long next = count.get() + by;
      if (by == 0) {
        // So much that it is not read whole when it wakes.
        entries.put(-1L, FILLING);
      } else {
        for (long part = 0; part < 3; part++) {
          entries.put(4 * next + part, new byte[8]);
        }
      }
      count.set(next);
      return next;
    }

    /** The count if the entries agree with it, else what is wrong below zero. */
    @Override
    public long value() {
      long last = count.get();
      for (long part = 0; part < 3; part++) {
        if (last > 0 && !entries.contains(4 * last + part)) {
          return -1;
        }
        if (entries.contains(4 * (last + 1) + part)) {
          return -2;
        }
      }
      return last;
    }
  }

  /** Calls at each of the last depths before the stack ends; returns how many calls overflowed. */
  private static int probe(Abide abide, String id) throws InterruptedException {
    Counter counter = abide.get(Counter.class, id);
    counter.increment(0);
    abide.sleep(Counter.class, id);
    return probe(counter, 5, () -> {});
  }

  private static int probe(Counter counter, int rounds, Runnable before)
      throws InterruptedException {
    List<String> wrong = new ArrayList<>();
    int[] overflows = {0};
    long[] expected = {counter.value()};
    for (int round = 0; round < rounds; round++) {
      int padding = round;
      Thread thread =
          new Thread(
              null,
              () -> {
                int deepest = deepest(padding);
                for (int depth = Math.max(0, deepest - 600); depth <= deepest; depth++) {
                  before.run();
                  try {
                    dive(depth, padding, counter);
                    expected[0]++;
                  } catch (StackOverflowError e) {
                    overflows[0]++;
                  }
                  if (depth % 16 == 0) {
                    check(counter, expected[0], depth, wrong);
                  }
                }
                check(counter, expected[0], -1, wrong);
              },
              "stack",
              STACK_BYTES);
      thread.setUncaughtExceptionHandler((dead, failure) -> wrong.add("thrown: " + failure));
      thread.start();
      thread.join();
    }
    assertThat(wrong).isEmpty();
    return overflows[0];
  }

  private static void check(Counter counter, long expected, int depth, List<String> wrong) {
    long value = counter.value();
    if (value != expected) {
      wrong.add("at depth " + depth + " the count is " + value + " instead of " + expected);
    }
  }

  /**
   * The least depth at which diving alone ends the stack; how large a frame is changes as it warms.
   */
  private static int deepest(int padding) {
    int depth = 64;
    while (reaches(depth, padding)) {
      depth += 16;
    }
    return depth;
  }

  private static boolean reaches(int depth, int padding) {
    try {
      dive(depth, padding, null);
      return true;
    } catch (StackOverflowError e) {
      return false;
    }
  }

  private static void dive(int depth, int padding, @Nullable Counter counter) {
    if (depth > 0) {
      dive(depth - 1, padding, counter);
    } else if (padding > 0) {
      pad(padding, 1, 2, counter);
    } else if (counter != null) {
      counter.increment(1);
    }
  }

  /** Frames of another size, so that the calls begin at other offsets. */
  private static long pad(int padding, long a, long b, @Nullable Counter counter) {
    if (padding > 1) {
      return pad(padding - 1, b, a, counter) + a;
    }
    if (counter != null) {
      counter.increment(1);
    }
    return b;
  }
}
