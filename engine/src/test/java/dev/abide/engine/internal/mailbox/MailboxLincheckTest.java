package dev.abide.engine.internal.mailbox;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * G1, G3: take, release, enqueue and drain under every interleaving that the model checker tries.
 * The state that turns share is a plain field, so a turn that overlaps another loses an increment,
 * and a turn that is forgotten leaves its caller spinning, which the checker reports as a hang.
 */
class MailboxLincheckTest {
  @Test
  void takeReleaseEnqueueDrain_anyInterleaving_turnsRunAloneAndAllAreAnswered() {
    options().check(Sound.class);
  }

  @Test
  void canary_takeThatChecksAndThenActs_isCaught() {
    assertThatThrownBy(() -> options().check(Broken.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  private static ModelCheckingOptions options() {
    return new ModelCheckingOptions()
        .iterations(20)
        .threads(3)
        .actorsPerThread(2)
        .actorsBefore(0)
        .actorsAfter(1)
        .invocationsPerIteration(1_500)
        .sequentialSpecification(Sequential.class);
  }

  /** What the structure means: one increment after the other. */
  public static class Sequential {
    private int value;

    public int increment() {
      return ++value;
    }
  }

  /** A turn whose outcome its caller waits for. */
  private static final class Increment extends QueuedTurn {
    int result;
  }

  public static class Sound extends Mailbox {
    private int value;

    public Sound() {
      super(false);
      markAwake();
    }

    @Operation
    public int increment() {
      if (tryTake()) {
        int result = ++value;
        if (!release()) {
          drain();
        }
        return result;
      }
      Increment turn = new Increment();
      if (offer(turn, 100) == Accepted.OWNED) {
        drain();
      }
      while (!turn.done()) {
        Thread.onSpinWait();
      }
      return turn.result;
    }

    private void drain() {
      QueuedTurn ahead = null;
      int owed = 0;
      while (true) {
        Increment turn = (Increment) poll(ahead);
        ahead = turn.nextAcquire();
        turn.result = ++value;
        turn.publishDone();
        owed++;
        // Every second one is given back with the next, as those of a burst are.
        if ((value & 1) == 0 && (ahead != null || followed(1))) {
          continue;
        }
        if (ahead != null) {
          keepUp(ahead);
        }
        if (release(owed)) {
          return;
        }
        owed = 0;
      }
    }
  }

  /** The same with an idle look that is not one step with the taking. */
  public static class Broken {
    private volatile boolean taken;
    private int value;

    @Operation
    public int increment() {
      while (taken) {
        Thread.onSpinWait();
      }
      taken = true;
      int result = ++value;
      taken = false;
      return result;
    }
  }
}
