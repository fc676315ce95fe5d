package dev.abide.engine.internal.mailbox;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * G3, G9: close against a call that wakes an object on its own thread, under every interleaving
 * that the model checker tries. The object's record may be made before close walks through the
 * table, or behind it; when close has returned nothing runs.
 */
class WakeCloseLincheckTest {
  @Test
  void closeAgainstAWakeOnTheCallersThread_anyInterleaving_leavesNothingRunning() {
    options().check(Sound.class);
  }

  @Test
  void canary_wakeThatDoesNotLookWhetherTheEngineIsOpen_isCaught() {
    assertThatThrownBy(() -> options().minimizeFailedScenario(false).check(Blind.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  private static ModelCheckingOptions options() {
    return new ModelCheckingOptions()
        // All there is to vary is the interleaving.
        .iterations(1)
        .threads(3)
        .actorsPerThread(1)
        .actorsBefore(0)
        .actorsAfter(0)
        .invocationsPerIteration(4_000)
        .sequentialSpecification(Sequential.class);
  }

  /** All is well. */
  public static class Sequential {
    public boolean part() {
      return true;
    }
  }

  private static final class Box extends Mailbox {
    Box() {
      super(false);
    }

    boolean takeAsleep() {
      return tryTakeAsleep();
    }

    void free() {
      if (!release()) {
        throw new IllegalStateException("nothing is queued here");
      }
    }
  }

  /** An engine with a table for one object. */
  public static class Sound {
    private final AtomicInteger parts = new AtomicInteger();
    private final AtomicReference<@Nullable Box> table = new AtomicReference<>();
    volatile boolean closing;
    private volatile boolean closed;
    private volatile boolean ranLate;

    /** The first to come closes, the others call. */
    @Operation
    public boolean part() {
      if (parts.getAndIncrement() == 0) {
        close();
      } else {
        call();
      }
      return true;
    }

    private Box box() {
      Box box = table.get();
      if (box == null) {
        Box made = new Box();
        box = table.compareAndSet(null, made) ? made : table.get();
      }
      return box;
    }

    private void call() {
      Box box = box();
      if (takes(box)) {
        if (closed) {
          ranLate = true;
        }
        box.free();
      }
      // Else it would be queued, and refused there.
    }

    boolean takes(Mailbox box) {
      if (!((Box) box).takeAsleep()) {
        return false;
      }
      if (closing) {
        ((Box) box).free();
        return false;
      }
      return true;
    }

    private void close() {
      closing = true;
      Box box;
      do {
        box = table.get();
        if (box != null) {
          box.bar();
        }
      } while (box != null && box.length() != 0);
      closed = true;
    }

    @Validate
    public void nothingRanWhenCloseHadReturned() {
      if (ranLate) {
        throw new IllegalStateException("a turn ran after the close");
      }
    }
  }

  /** Takes what may have been made behind close's walk. */
  public static class Blind extends Sound {
    @Override
    boolean takes(Mailbox box) {
      return ((Box) box).takeAsleep();
    }
  }
}
