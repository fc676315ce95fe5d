package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.fixtures.Gap;
import dev.abide.engine.internal.Access;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * G1, G9: calls, sleep, deletion and the scanner of a whole engine on real threads: what the
 * callers get is what one order of these would give.
 */
class EngineLincheckTest {
  private static final AtomicInteger IDS = new AtomicInteger();
  private static final Abide ABIDE =
      Engines.inMemory(options -> options.host(Counter.class, CounterObject::new));

  @AfterAll
  static void close() {
    ABIDE.close();
  }

  @Test
  void callsAgainstSleepDeletionAndRetirement_areLinearizable() {
    options().check(OneCounter.class);
  }

  @Test
  void canary_callThatIsTwoTurns_isCaught() {
    assertThatThrownBy(() -> canary().check(TwoTurns.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  @Test
  void canary_deletionThatLooksFirst_isCaught() {
    assertThatThrownBy(() -> canary().check(LooksFirst.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  /**
   * That it is caught is enough; the shortest way to it takes long to find. More tries than the
   * sound ones get, as it ends with the first that is caught.
   */
  private static StressOptions canary() {
    return options().iterations(100).minimizeFailedScenario(false);
  }

  private static StressOptions options() {
    return new StressOptions()
        .iterations(10)
        .threads(3)
        .actorsPerThread(3)
        .actorsBefore(1)
        .actorsAfter(2)
        .invocationsPerIteration(400)
        .sequentialSpecification(Sequential.class);
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
    final Counter counter = ABIDE.get(Counter.class, id);

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

  /** Reads in one turn and writes in the next. */
  public static class TwoTurns extends OneCounter {
    @Override
    @Operation
    public long increment() {
      long before = counter.value();
      Gap.leave();
      var _ = counter.increment(1);
      return before + 1;
    }
  }

  /** Says what there was before the turn in which the object is deleted. */
  public static class LooksFirst extends OneCounter {
    @Override
    @Operation
    public boolean delete() {
      boolean was = counter.value() != 0;
      Gap.leave();
      var _ = super.delete();
      return was;
    }
  }
}
