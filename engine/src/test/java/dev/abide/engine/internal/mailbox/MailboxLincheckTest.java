package dev.abide.engine.internal.mailbox;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * G1, G3: take, release, enqueue and drain under every interleaving that the model checker tries.
 * The state that turns share is a plain field, so a turn that overlaps another loses an increment,
 * and a turn that is forgotten leaves its caller spinning, which the checker reports as a hang. The
 * canaries are the real mailbox with one of its steps left out.
 */
class MailboxLincheckTest {
  @Test
  void takeReleaseEnqueueDrain_anyInterleaving_turnsRunAloneAndAllAreAnswered() {
    options().check(Sound.class);
  }

  @Test
  void canary_releaseThatReadsAndThenWrites_isCaught() {
    assertThatThrownBy(() -> canary().check(HastyRelease.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  @Test
  void canary_drainThatDoesNotLookTwiceForTheNext_isCaught() {
    assertThatThrownBy(() -> canary().check(HastyPoll.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  /** That it is caught is enough; the shortest way to it takes long to find. */
  private static ModelCheckingOptions canary() {
    return options().minimizeFailedScenario(false);
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
      this(false);
    }

    /** One that is barred has no inline turns. */
    Sound(boolean barred) {
      super(barred);
      markAwake();
    }

    @Operation
    public int increment() {
      if (tryTake()) {
        int result = ++value;
        if (!let(1)) {
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

    boolean let(int turns) {
      return release(turns);
    }

    QueuedTurn next(@Nullable QueuedTurn following) {
      return poll(following);
    }

    private void drain() {
      QueuedTurn ahead = null;
      int owed = 0;
      while (true) {
        Increment turn = (Increment) next(ahead);
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
        if (let(owed)) {
          return;
        }
        owed = 0;
      }
    }
  }

  /** The same but for the count, which a turn that is accepted meanwhile raises in vain. */
  public static class HastyRelease extends Sound {
    @Override
    boolean let(int turns) {
      int left = (int) Insides.WORD.getVolatile(this) - turns;
      boolean free = (left & Insides.COUNT) == 0;
      Insides.WORD.setVolatile(this, free ? left & ~Insides.UNATTENDED : left);
      return free;
    }
  }

  /**
   * The same but for the moment in which a producer has found the last node and not linked its own.
   */
  public static class HastyPoll extends Sound {
    public HastyPoll() {
      super(true);
    }

    @Override
    QueuedTurn next(@Nullable QueuedTurn following) {
      QueuedTurn first = following == null ? (QueuedTurn) Insides.HEAD.getAcquire(this) : following;
      while (first == null) {
        Thread.onSpinWait();
        first = (QueuedTurn) Insides.HEAD.getAcquire(this);
      }
      QueuedTurn second = first.nextAcquire();
      if (second == null) {
        Insides.HEAD.setRelease(this, null);
        var _ = Insides.TAIL.compareAndSet(this, first, null);
      }
      return first;
    }
  }
}
