package dev.abide.engine.internal.mailbox;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * G2, G3: close against calls that arrive and drains that end, under every interleaving that the
 * model checker tries: each call has run, or is told that it has not; none runs when close has
 * returned, nor behind an earlier one of its own thread that was refused; nobody waits for ever,
 * which the checker reports as a hang. Mailbox and turns are the engine's own, what close does with
 * them is written out here as the engine does it.
 */
class CloseLincheckTest {
  @Test
  void closeAgainstCallsAndDrains_anyInterleaving_eachHasRunOrIsRefused() {
    options().check(Sound.class);
  }

  @Test
  void canary_closeThatLooksOnce_isCaught() {
    assertThatThrownBy(() -> canary().check(LooksOnce.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  @Test
  void canary_closeThatDoesNotWakeWhomItRefuses_isCaught() {
    assertThatThrownBy(() -> canary().check(Silent.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  @Test
  void canary_drainThatRunsWhatWasRefused_isCaught() {
    assertThatThrownBy(() -> canary().check(Stubborn.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  @Test
  void canary_closeThatRefusesBeforeItBars_isCaught() {
    assertThatThrownBy(() -> canary().check(RefusesFirst.class))
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
        .invocationsPerIteration(3_000)
        .sequentialSpecification(Sequential.class);
  }

  /** All is well. */
  public static class Sequential {
    public boolean part() {
      return true;
    }
  }

  private static final class Turn extends QueuedTurn {
    int runs;
    boolean refused;
    volatile boolean told;

    boolean wasRefused() {
      return cancelled() || refused;
    }
  }

  private enum State {
    OPEN,
    BARRING,
    CLOSING
  }

  private enum Outcome {
    RAN,
    REFUSED,
    /** Not what its caller was told. */
    WRONG
  }

  /** An object, and the part of its engine that lets it run. */
  public static class Sound extends Mailbox {
    private final AtomicInteger parts = new AtomicInteger();
    private volatile State state = State.OPEN;
    private volatile boolean closed;
    private volatile boolean ranLate;

    /** Of turns alone: those that overlap lose a count. */
    private int turns;

    public Sound() {
      super(false);
      markAwake();
    }

    /** The first to come closes, the second calls, the third sends and then calls. */
    @Operation
    public boolean part() {
      return switch (parts.getAndIncrement()) {
        case 0 -> close();
        case 1 -> call() != Outcome.WRONG;
        default -> sendAndCall();
      };
    }

    private Outcome call() {
      if (tryTake()) {
        run();
        if (!release()) {
          drain();
        }
        return Outcome.RAN;
      }
      Turn turn = new Turn();
      if (!send(turn)) {
        return Outcome.REFUSED;
      }
      await(turn);
      if (turn.runs != (turn.wasRefused() ? 0 : 1)) {
        return Outcome.WRONG;
      }
      return turn.wasRefused() ? Outcome.REFUSED : Outcome.RAN;
    }

    /** Whether the call has run behind the one-way call only, and not without it. */
    private boolean sendAndCall() {
      Turn oneWay = new Turn();
      boolean sent = send(oneWay);
      Outcome outcome = call();
      if (outcome == Outcome.RAN && oneWay.runs == 0) {
        return false;
      }
      if (sent) {
        await(oneWay);
      }
      return outcome != Outcome.WRONG && oneWay.runs == (!sent || oneWay.wasRefused() ? 0 : 1);
    }

    /** False if it is refused at the door. */
    private boolean send(Turn turn) {
      if (state == State.CLOSING) {
        return false;
      }
      turn.completion = _ -> turn.told = true;
      if (offer(turn, 100) == Accepted.OWNED) {
        drain();
      }
      return true;
    }

    private static void await(Turn turn) {
      while (!turn.told) {
        Thread.onSpinWait();
      }
    }

    private boolean close() {
      begin();
      do {
        bar();
        sweep();
      } while (length() != 0 && looksAgain());
      closed = true;
      return true;
    }

    void begin() {
      state = State.BARRING;
      bar();
      refuse();
    }

    final void refuse() {
      state = State.CLOSING;
    }

    boolean looksAgain() {
      return true;
    }

    @Validate
    public void nothingRanWhenCloseHadReturned() {
      if (ranLate) {
        throw new IllegalStateException("a turn ran after the close");
      }
    }

    private void sweep() {
      for (QueuedTurn turn = peek(); turn != null; turn = turn.nextAcquire()) {
        if (turn.queued() && turn.tryCancel(new IllegalStateException("closed"))) {
          refused(turn);
        }
      }
    }

    void refused(QueuedTurn turn) {
      turn.tell();
    }

    private void run() {
      turns++;
      if (closed) {
        ranLate = true;
      }
    }

    private void drain() {
      QueuedTurn ahead = null;
      do {
        Turn turn = (Turn) poll(ahead);
        ahead = turn.nextAcquire();
        if (mayStart(turn)) {
          if (refuses()) {
            turn.refused = true;
          } else {
            turn.runs++;
            run();
          }
          finish(turn);
        }
        if (ahead != null) {
          keepUp(ahead);
        }
      } while (!release());
    }

    boolean mayStart(Turn turn) {
      return turn.tryStart(Thread.currentThread());
    }

    boolean refuses() {
      return state == State.CLOSING;
    }

    /** As the engine, but for the order of this and the release, which is of no matter here. */
    void finish(Turn turn) {
      turn.end();
      turn.publishDone();
      turn.tell();
    }
  }

  /** Takes it that what it has refused was all that there was. */
  public static class LooksOnce extends Sound {
    @Override
    boolean looksAgain() {
      return false;
    }
  }

  /** Leaves those whom it refuses to find out. */
  public static class Silent extends Sound {
    @Override
    void refused(QueuedTurn turn) {}
  }

  /** Runs a turn that somebody was told would not run. */
  public static class Stubborn extends Sound {
    @Override
    boolean mayStart(Turn turn) {
      var _ = turn.tryStart(Thread.currentThread());
      return true;
    }

    @Override
    boolean refuses() {
      return false;
    }

    @Override
    void finish(Turn turn) {
      turn.publishDone();
      turn.tell();
    }
  }

  /** Refuses what is queued while calls may run inline still. */
  public static class RefusesFirst extends Sound {
    @Override
    void begin() {
      refuse();
    }
  }
}
