package dev.abide.engine.internal.mailbox;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * G3: the scanner takes a mailbox in hand and lets go of it, against turns that are accepted and
 * end, under every interleaving that the model checker tries: what waits is watched, or nobody
 * would ever find that its time is up, and it is watched once.
 */
class WatchLincheckTest {
  @Test
  void watchAgainstTurnsThatComeAndGo_anyInterleaving_leavesNoneUnwatched() {
    options().check(Sound.class);
  }

  @Test
  void canary_watchThatEndsWithoutALookBack_isCaught() {
    assertThatThrownBy(() -> canary().check(Hasty.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  @Test
  void canary_watchThatBeginsBeforeTheTurnIsAccepted_isCaught() {
    assertThatThrownBy(() -> canary().check(Early.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  /** That it is caught is enough; the shortest way to it takes long to find. */
  private static ModelCheckingOptions canary() {
    return options().minimizeFailedScenario(false);
  }

  private static ModelCheckingOptions options() {
    return new ModelCheckingOptions()
        // All there is to vary is the interleaving.
        .iterations(1)
        .threads(2)
        .actorsPerThread(1)
        .actorsBefore(0)
        .actorsAfter(0)
        .invocationsPerIteration(1_500)
        .sequentialSpecification(Sequential.class);
  }

  /** Nobody is told anything. */
  public static class Sequential {
    public void part() {}
  }

  private static final class Turn extends QueuedTurn {}

  public static class Sound extends Mailbox {
    private final AtomicInteger parts = new AtomicInteger();
    private final AtomicInteger arriving = new AtomicInteger();

    /** The scanner's own. */
    private int held;

    /** One turn waits from the beginning. */
    public Sound() {
      super(false);
      markAwake();
      accept();
    }

    /** The first to come is scanner and drain, the other calls. */
    @Operation
    public void part() {
      if (parts.getAndIncrement() == 0) {
        pass();
        endOne();
        pass();
        pass();
      } else {
        accept();
      }
    }

    void accept() {
      var _ = offer(new Turn(), 100);
      watch();
    }

    final void watch() {
      if (begins()) {
        arriving.incrementAndGet();
      }
    }

    /** Ends the first turn that waits. */
    private void endOne() {
      if (length() != 0) {
        QueuedTurn ahead = poll(null).nextAcquire();
        if (ahead != null) {
          keepUp(ahead);
        }
        var _ = release();
      }
    }

    private void pass() {
      held += arriving.getAndSet(0);
      if (held != 0 && length() == 0 && lets()) {
        held = 0;
      }
    }

    boolean begins() {
      return tryWatch();
    }

    boolean lets() {
      return unwatch();
    }

    @Validate
    public void whatWaitsIsWatchedOnce() {
      int watchers = held + arriving.get();
      if (watchers > 1) {
        throw new IllegalStateException("watched more than once");
      }
      if (watchers == 0 && length() != 0) {
        throw new IllegalStateException("what waits is not watched");
      }
    }
  }

  /** A turn that is accepted between the look and the end of the watch is not seen. */
  public static class Hasty extends Sound {
    @Override
    boolean lets() {
      Insides.WATCHED.setVolatile(this, false);
      return true;
    }
  }

  /** The watcher may come and go before there is anything to watch. */
  public static class Early extends Sound {
    @Override
    void accept() {
      watch();
      var _ = offer(new Turn(), 100);
    }
  }
}
