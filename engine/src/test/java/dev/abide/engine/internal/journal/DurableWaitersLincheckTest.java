package dev.abide.engine.internal.journal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * G5, G3: the gate: those who wait for a number against the journal that publishes it, under every
 * interleaving that the model checker tries. Who is let go too early says so; who is forgotten
 * waits for ever, which the checker reports as a hang. Not so one who should be woken by another
 * waiter that hands nothing on: {@link DurableWaitersMemoryTest} has hundreds of those.
 */
class DurableWaitersLincheckTest {
  private static final int THREADS = 3;

  @Test
  void waitersAgainstTheJournal_anyInterleaving_noneIsForgottenOrLetGoEarly() {
    options().check(Sound.class);
  }

  @Test
  void waitersAgainstAJournalThatFails_anyInterleaving_allAreAnswered() {
    options().check(Failing.class);
  }

  @Test
  void canary_journalThatReleasesBeforeItPublishes_forgetsOne() {
    assertThatThrownBy(() -> canary().check(ReleasesFirst.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  @Test
  void canary_journalThatReleasesEarly_isCaught() {
    assertThatThrownBy(() -> canary().check(ReleasesEarly.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  @Test
  void canary_failureThatReleasesOnlyWhatIsDurable_isCaught() {
    assertThatThrownBy(() -> canary().check(FailsQuietly.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  /**
   * That it is caught is enough; the shortest way to it takes long to find. Interleavings are tried
   * by chance, so there are many; the first that fails ends the search.
   */
  private static ModelCheckingOptions canary() {
    return options().invocationsPerIteration(60_000).minimizeFailedScenario(false);
  }

  private static ModelCheckingOptions options() {
    return new ModelCheckingOptions()
        // All there is to vary is the interleaving.
        .iterations(1)
        .threads(THREADS)
        .actorsPerThread(1)
        .actorsBefore(0)
        .actorsAfter(0)
        .invocationsPerIteration(3_000)
        .sequentialSpecification(Sequential.class);
  }

  /** A number is durable, or known to be lost, when its wait returns. */
  public static class Sequential {
    public boolean part() {
      return true;
    }
  }

  /** The first to come is the journal, the others wait for a number each. */
  public static class Sound {
    final DurableWaiters waiters = new DurableWaiters();
    final AtomicLong durable = new AtomicLong();
    volatile boolean failed;
    private final AtomicInteger parts = new AtomicInteger();

    @Operation
    public boolean part() {
      int number = parts.getAndIncrement();
      if (number == 0) {
        for (int commit = 1; commit < THREADS; commit++) {
          sync(commit);
        }
        return true;
      }
      waiters.await(number, durable::get, 0);
      return durable.get() >= number || failed;
    }

    void sync(long number) {
      durable.set(number);
      waiters.release(number);
    }
  }

  /** The second sync fails. */
  public static class Failing extends Sound {
    @Override
    void sync(long number) {
      if (number == 1) {
        super.sync(number);
      } else {
        failed = true;
        fail();
      }
    }

    void fail() {
      waiters.fail();
    }
  }

  /** One that looks before the number is published, and waits after the release, sleeps on. */
  public static class ReleasesFirst extends Sound {
    @Override
    void sync(long number) {
      waiters.release(number);
      durable.set(number);
    }
  }

  /** Forgets nobody, as it does it again, but lets one go before. */
  public static class ReleasesEarly extends Sound {
    @Override
    void sync(long number) {
      waiters.release(number);
      super.sync(number);
    }
  }

  /** Those behind what is durable hear nothing of the failure. */
  public static class FailsQuietly extends Failing {
    @Override
    void fail() {
      waiters.release(durable.get());
    }
  }
}
