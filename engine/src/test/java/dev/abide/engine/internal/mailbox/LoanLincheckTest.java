package dev.abide.engine.internal.mailbox;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * G1, G2, G3: a drain that lends its object after each turn, against callers that borrow it,
 * callers that wait, senders that do not, and a close that bars inline turns, under every
 * interleaving that the model checker tries. Two turns wait from the beginning, and the first
 * caller drains them. Turns that overlap lose a count; one that nobody comes back for leaves its
 * caller spinning; one that passed what its own thread sent before would not see it; none begins
 * inline behind the bar. The canaries are the real mailbox with one step left out of what a loan
 * adds.
 */
class LoanLincheckTest {
  @Test
  void lendBorrowTakeBack_anyInterleaving_turnsRunAloneInOrderAndAreAnswered() {
    options(2).check(Sound.class);
    options(3).check(Sound.class);
  }

  @Test
  void bar_whileTheObjectIsLent_anyInterleaving_letsNoInlineTurnBegin() {
    options(2).iterations(3).check(Barring.class);
  }

  @Test
  void canary_drainThatTakesBackWhatIsBorrowed_isCaught() {
    assertThatThrownBy(() -> canary().check(Grasping.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  @Test
  void canary_loanInFrontOfTurnsThatNobodyWaitsFor_isCaught() {
    assertThatThrownBy(() -> canary().check(Careless.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  @Test
  void canary_turnThatDoesNotHandOnWhatWasCalledBack_isCaught() {
    assertThatThrownBy(() -> canary().check(Forgetful.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  @Test
  void canary_loanThatGoesOnBehindTheBar_isCaught() {
    assertThatThrownBy(() -> canary().check(Unbarred.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  /** That it is caught is enough; the shortest way to it takes long to find. */
  private static ModelCheckingOptions canary() {
    return options(2).iterations(20).invocationsPerIteration(2_000).minimizeFailedScenario(false);
  }

  private static ModelCheckingOptions options(int threads) {
    return new ModelCheckingOptions()
        .iterations(4)
        .threads(threads)
        .actorsPerThread(2)
        .actorsBefore(0)
        .actorsAfter(1)
        .invocationsPerIteration(1_000)
        .sequentialSpecification(Sequential.class);
  }

  /** One after the other, whoever waits. */
  public static class Sequential {
    private int value;

    public int add() {
      return ++value;
    }

    public void send() {
      value += 10;
    }

    public int sendAndAdd() {
      send();
      return add();
    }

    public int barAndAdd() {
      return add();
    }
  }

  private static final class Addition extends QueuedTurn {
    final int by;
    int result;

    Addition(int by) {
      this.by = by;
    }
  }

  public static class Sound extends Mailbox {
    private int value;

    /** A plain field that a second turn at the same time may find set. */
    private boolean running;

    /** Whether inline turns have been barred. */
    volatile boolean barred;

    /** Whether nobody has become the drain yet that two waiting turns have been left to. */
    private final AtomicBoolean waiting = new AtomicBoolean(true);

    public Sound() {
      super(false);
      markAwake();
      for (int n = 0; n < 2; n++) {
        Addition turn = new Addition(0);
        turn.waiter = Thread.currentThread();
        var _ = offer(turn, 100);
      }
    }

    @Operation
    public int add() {
      if (waiting.compareAndSet(true, false)) {
        drain();
      }
      boolean shut = barred;
      boolean borrowed = false;
      if (tryTake() || (borrowed = borrow())) {
        if (shut) {
          throw new IllegalStateException("an inline turn behind the bar");
        }
        int result = turn(1);
        if (!let(borrowed)) {
          drain();
        }
        return result;
      }
      Addition turn = new Addition(1);
      turn.waiter = Thread.currentThread();
      if (offer(turn, 100) == Accepted.OWNED) {
        drain();
      }
      while (!turn.done()) {
        Thread.onSpinWait();
      }
      return turn.result;
    }

    @Operation
    public void send() {
      Addition turn = new Addition(10);
      turn.waiter = sender();
      if (offer(turn, 100) == Accepted.OWNED) {
        drain();
      }
    }

    private int turn(int by) {
      if (running) {
        throw new IllegalStateException("two turns at once");
      }
      running = true;
      int result = value + by;
      value = result;
      running = false;
      return result;
    }

    private void drain() {
      QueuedTurn ahead = null;
      while (true) {
        Addition turn = (Addition) poll(ahead);
        ahead = turn.nextAcquire();
        turn.result = turn(turn.by);
        turn.publishDone();
        if (ahead != null) {
          keepUp(ahead);
        }
        if (release()) {
          return;
        }
        if (tryLend((short) 1)) {
          if (!back()) {
            return;
          }
        }
      }
    }

    @Nullable Thread sender() {
      return null;
    }

    boolean borrow() {
      return tryBorrow();
    }

    boolean let(boolean borrowed) {
      return release();
    }

    boolean back() {
      return tryTakeBack(1);
    }
  }

  /** The same but for a turn that runs on what is lent. */
  public static class Grasping extends Sound {
    @Override
    boolean back() {
      int seen = (int) Insides.WORD.getVolatile(this);
      var _ = Insides.WORD.getAndBitwiseAnd(this, ~(Insides.LENT | Insides.BORROWED));
      return (seen & Insides.LENT) != 0;
    }
  }

  /** The same but for turns that nobody waits for, which look like the others. */
  public static class Careless extends Sound {
    /** Else few of the random calls are these two, one after the other. */
    @Operation
    public int sendAndAdd() {
      send();
      return add();
    }

    @Override
    Thread sender() {
      return Thread.currentThread();
    }
  }

  /** The same but for a turn on what was lent, which ends as if it still were. */
  public static class Forgetful extends Sound {
    @Override
    boolean let(boolean borrowed) {
      return super.let(borrowed) || borrowed;
    }
  }

  /** With a close. */
  public static class Barring extends Sound {
    /** What a close does first, and a call behind it. */
    @Operation
    public int barAndAdd() {
      bar();
      barred = true;
      return add();
    }
  }

  /** The same but for a borrower that looks at the loan alone. */
  public static class Unbarred extends Barring {
    @Override
    boolean borrow() {
      int seen = (int) Insides.WORD.getVolatile(this);
      return (seen & ~(Insides.COUNT | Insides.BARRED)) == Insides.LENT
          && Insides.WORD.compareAndSet(this, seen, (seen | Insides.BORROWED) + 1);
    }
  }
}
