package dev.abide.engine.internal.mailbox;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * G1, G9: sleep and retirement against calls, under every interleaving that the model checker
 * tries. An instance counts in a plain field and is built from what the last one left; two at once
 * lose a count, and a call that finds none ends with an exception.
 */
class SleepLincheckTest {
  @Test
  void sleepAndRetirementAgainstCalls_anyInterleaving_areNotNoticed() {
    options().check(Sound.class);
  }

  @Test
  void canary_sleepThatLooksAndThenActs_isCaught() {
    assertThatThrownBy(() -> canary().check(Broken.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  @Test
  void canary_retirementThatLeavesOutTheWaiting_isCaught() {
    assertThatThrownBy(() -> canary().check(Forgetful.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  @Test
  void canary_turnThatIsLinkedBeforeItIsCounted_isCaught() {
    assertThatThrownBy(() -> canary().check(LinksFirst.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  @Test
  void canary_wakeThatLooksAndThenTakes_isCaught() {
    assertThatThrownBy(() -> canary().check(Hasty.class))
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

  /** Nobody notices but by the time it takes. */
  public static class Sequential {
    private int value;

    public int increment() {
      return ++value;
    }

    public void sleep() {}

    public void retire() {}
  }

  private static final class Instance {
    int value;
  }

  private static final class Increment extends QueuedTurn {
    int result;
  }

  /** The record of the object, as long as it is in the table. */
  private static class Box extends Mailbox {
    final Table table;
    @Nullable Instance instance;

    Box(Table table) {
      super(false);
      this.table = table;
    }

    /** An inline turn: there is an instance, or the object could not have been taken. */
    int countInline() {
      return count(Objects.requireNonNull(instance));
    }

    /** A turn that wakes on its caller's thread: an instance must not be there. */
    int countWoken() {
      if (instance != null) {
        throw new IllegalStateException("asleep, with an instance");
      }
      return countQueued();
    }

    boolean takeAsleep() {
      return tryTakeAsleep();
    }

    private int countQueued() {
      Instance awake = instance;
      if (awake == null) {
        awake = new Instance();
        awake.value = table.kept;
        instance = awake;
        markAwake();
      }
      return count(awake);
    }

    private int count(Instance awake) {
      int value = awake.value + 1;
      awake.value = value;
      table.kept = value;
      return value;
    }

    void drain() {
      QueuedTurn ahead = null;
      do {
        Increment turn = (Increment) poll(ahead);
        ahead = turn.nextAcquire();
        turn.result = countQueued();
        turn.publishDone();
        if (ahead != null) {
          keepUp(ahead);
        }
      } while (!release());
    }

    void sleep() {
      if (tryTakeIdle()) {
        markAsleep();
        instance = null;
        if (!release()) {
          drain();
        }
      }
    }

    void retire() {
      if (asleep() && tryTakeIdle()) {
        if (instance == null && leave()) {
          table.box = new Box(table);
        } else if (!release()) {
          drain();
        }
      }
    }

    boolean leave() {
      return tryRetire();
    }

    Accepted put(Increment turn) {
      return offer(turn, 100);
    }
  }

  /** The table with its one object, and the store. */
  private abstract static class Table {
    volatile Box box = box();
    int kept;

    Box box() {
      return new Box(this);
    }

    @Operation
    public int increment() {
      while (true) {
        Box found = box;
        if (found.tryTake()) {
          int result = found.countInline();
          if (!found.release()) {
            found.drain();
          }
          return result;
        }
        if (found.takeAsleep()) {
          int result = found.countWoken();
          if (!found.release()) {
            found.drain();
          }
          return result;
        }
        Increment turn = new Increment();
        switch (found.put(turn)) {
          case OWNED -> found.drain();
          case QUEUED -> {}
          case FULL -> throw new IllegalStateException("full");
          case RETIRED -> {
            Thread.onSpinWait();
            continue;
          }
        }
        while (!turn.done()) {
          Thread.onSpinWait();
        }
        return turn.result;
      }
    }

    @Operation
    public void sleep() {
      box.sleep();
    }

    @Operation
    public void retire() {
      box.retire();
    }
  }

  /** As the engine does it. */
  public static class Sound extends Table {}

  /** The instance goes while nothing was running a moment ago. */
  public static class Broken extends Table {
    @Override
    Box box() {
      return new Box(this) {
        @Override
        void sleep() {
          if (length() == 0) {
            markAsleep();
            instance = null;
          }
        }
      };
    }
  }

  /** The object may have woken between the look and the taking. */
  public static class Hasty extends Table {
    @Override
    Box box() {
      return new Box(this) {
        @Override
        boolean takeAsleep() {
          return asleep() && tryTakeIdle();
        }
      };
    }
  }

  /** The record leaves whether somebody waits or not. */
  public static class Forgetful extends Table {
    @Override
    Box box() {
      return new Box(this) {
        @Override
        boolean leave() {
          return true;
        }
      };
    }
  }

  /** A turn is in the queue of a mailbox that has not counted it, and may retire. */
  public static class LinksFirst extends Table {
    @Override
    Box box() {
      return new Box(this) {
        @Override
        Accepted put(Increment turn) {
          Insides.link(this, turn);
          int before = (int) Insides.WORD.getAndAdd(this, 1);
          if (before < 0) {
            // Retired meanwhile, with the turn in it.
            Insides.WORD.setVolatile(this, before);
            return Accepted.QUEUED;
          }
          return (before & Insides.COUNT) == 0 ? Accepted.OWNED : Accepted.QUEUED;
        }
      };
    }
  }
}
