package dev.abide.engine;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.internal.Access;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * G1, G9: calls, sleep, deletion and the scanner of a whole engine on real threads: what the
 * callers get is what one order of these would give. The checker that bites is shown beside the
 * structures: in {@code MailboxLincheckTest} and {@code SleepLincheckTest}.
 */
class EngineLincheckTest {
  private static final AtomicInteger IDS = new AtomicInteger();
  private static final Abide ABIDE =
      Abide.inMemory(options -> options.host(Counter.class, CounterObject::new));

  @AfterAll
  static void close() {
    ABIDE.close();
  }

  @Test
  void callsAgainstSleepDeletionAndRetirement_areLinearizable() {
    new StressOptions()
        .iterations(10)
        .threads(3)
        .actorsPerThread(3)
        .actorsBefore(1)
        .actorsAfter(2)
        .invocationsPerIteration(400)
        .sequentialSpecification(Sequential.class)
        .check(OneCounter.class);
  }

  /** What the calls mean. */
  public static class Sequential {
    private long value;

    public long increment() {
      return ++value;
    }

    public long value() {
      return value;
    }

    public boolean delete() {
      boolean was = value != 0;
      value = 0;
      return was;
    }

    public void sleep() {}

    public void scan() {}
  }

  /** A counter of its own for each invocation. */
  public static class OneCounter {
    private final String id = "counter-" + IDS.incrementAndGet();
    private final Counter counter = ABIDE.get(Counter.class, id);

    @Operation
    public long increment() {
      return counter.increment(1);
    }

    @Operation
    public long value() {
      return counter.value();
    }

    @Operation
    public boolean delete() {
      return ABIDE.delete(Counter.class, id);
    }

    @Operation
    public void sleep() {
      ABIDE.sleep(Counter.class, id);
    }

    @Operation
    public void scan() {
      Access.get().engine(ABIDE).scan();
    }
  }
}
