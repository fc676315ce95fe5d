package dev.abide.engine.internal.mailbox;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * G15: a caller that is interrupted while its turn is queued, runs or ends, under every
 * interleaving that the model checker tries: the turn is taken out and does not run, or the
 * interrupt meets it, or none. The turn has a thread of its own, which only has a flag: if it is
 * set when the turn has ended, or later, it is the next turn that meets it.
 */
class TurnInterruptLincheckTest {
  @Test
  void interruptAgainstStartAndEnd_anyInterleaving_meetsItsTurnOrNone() {
    options().check(Sound.class);
  }

  @Test
  void canary_endThatDoesNotWaitForTheInterrupter_isCaught() {
    assertThatThrownBy(() -> canary().check(Deaf.class)).isInstanceOf(LincheckAssertionError.class);
  }

  @Test
  void canary_interrupterThatLooksAndThenInterrupts_isCaught() {
    assertThatThrownBy(() -> canary().check(Hasty.class))
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
        .threads(3)
        .actorsPerThread(1)
        .actorsBefore(0)
        .actorsAfter(0)
        .invocationsPerIteration(1_500)
        .sequentialSpecification(Sequential.class);
  }

  /** All is well. */
  public static class Sequential {
    public boolean part() {
      return true;
    }
  }

  /** Never started: it stands for the thread that runs a turn. */
  private static final class Runner extends Thread {
    volatile boolean flag;

    @Override
    public void interrupt() {
      flag = true;
    }
  }

  static final class Turn extends QueuedTurn {
    final Runner runner = new Runner();
    volatile boolean ran;
  }

  public static class Sound {
    private final AtomicInteger parts = new AtomicInteger();
    private final Turn turn = new Turn();

    /** The first to come runs the turn, the others want it to end. */
    @Operation
    public boolean part() {
      return parts.getAndIncrement() == 0 ? run() : interrupt();
    }

    /** Whether it has run, or was taken out and has not. */
    private boolean run() {
      if (!turn.tryStart(turn.runner)) {
        return turn.cancelled();
      }
      turn.ran = true;
      end(turn);
      // That is what the end does to the thread that it is called on.
      turn.runner.flag = false;
      turn.publishDone();
      return !turn.cancelled();
    }

    /**
     * As a caller does that is interrupted while it waits; whether what it took out has not run.
     */
    private boolean interrupt() {
      if (turn.tryCancel()) {
        return !turn.ran;
      }
      interruptRunning(turn);
      return true;
    }

    void interruptRunning(Turn turn) {
      var _ = turn.tryInterrupt();
    }

    void end(QueuedTurn turn) {
      turn.end();
    }

    @Validate
    public void nobodyIsInterruptedWhoseTurnHadEnded() {
      if (turn.runner.flag) {
        throw new IllegalStateException("interrupted after its turn");
      }
      if (turn.ran && !turn.done()) {
        throw new IllegalStateException("a turn that is done runs again");
      }
    }
  }

  /** The real turn, which ends whatever the interrupter is doing. */
  public static class Deaf extends Sound {
    @Override
    void end(QueuedTurn turn) {
      turn.endUnreached();
    }
  }

  /** The real turn, whose runner may leave between the look and the interrupt. */
  public static class Hasty extends Sound {
    @Override
    void interruptRunning(Turn turn) {
      if (turn.running()) {
        turn.runner.interrupt();
      }
    }
  }
}
