package dev.abide.engine.internal.mailbox;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.spi.MethodDescriptor;
import dev.abide.engine.spi.Turn;
import dev.abide.engine.spi.TurnStack;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * G1, G3: the mark of an object that is handed over, or whose turn threw, under every interleaving
 * that the model checker tries. A drain whose thread begins late, or never, against the scanner,
 * which starts another: one of them drains. A turn that throws, whose runner is held up, against
 * the scanner, which finishes it: one of them does, and the runner then leaves alone what is
 * another turn's by now. Whoever waits does the scanner's work meanwhile. Word, queue and mark are
 * the engine's own; what its runner and its scanner do with them is written out here as they do it.
 */
class PhaseLincheckTest {
  @Test
  void handOverAgainstTheScanner_anyInterleaving_isDrainedOnce() {
    options().check(Sound.class);
  }

  @Test
  void turnsThatThrowAgainstTheScanner_anyInterleaving_areFinishedOnce() {
    throwing().check(Throwing.class);
  }

  @Test
  void canary_drainThatDoesNotSwapTheMark_isCaught() {
    assertThatThrownBy(() -> canary().check(Unasked.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  @Test
  void canary_scannerThatStartsNoOtherDrain_isCaught() {
    assertThatThrownBy(() -> canary().check(Patient.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  @Test
  void canary_runnerThatFinishesWhatTheScannerHasFinished_isCaught() {
    assertThatThrownBy(() -> throwing().minimizeFailedScenario(false).check(Stubborn.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  @Test
  void canary_runnerThatTakesAnothersMarkForItsOwn_isCaught() {
    assertThatThrownBy(() -> throwing().minimizeFailedScenario(false).check(Mistaken.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  /** That it is caught is enough; the shortest way to it takes long to find. */
  private static ModelCheckingOptions canary() {
    return options().iterations(20).minimizeFailedScenario(false);
  }

  private static ModelCheckingOptions throwing() {
    // All there is to vary is the interleaving.
    return options().iterations(1).actorsPerThread(1).invocationsPerIteration(1_500);
  }

  private static ModelCheckingOptions options() {
    return new ModelCheckingOptions()
        .iterations(2)
        .threads(2)
        .actorsPerThread(3)
        .actorsBefore(0)
        .actorsAfter(0)
        .invocationsPerIteration(500)
        .sequentialSpecification(Sequential.class);
  }

  /** One after the other; what threw has left nothing. */
  public static class Sequential {
    private int value;

    public int add() {
      return ++value;
    }

    public int addInVain() {
      return ++value;
    }

    public boolean part() {
      return true;
    }
  }

  private static final class Addition extends QueuedTurn {
    final int by;
    int result;

    Addition(int by) {
      this.by = by;
    }
  }

  /** An object, its runner, and the engine's scanner. */
  public abstract static class Hosted extends Turn {
    static final VarHandle PHASE;

    static {
      try {
        PHASE = MethodHandles.lookup().findVarHandle(Turn.class, "phase", int.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private int value;

    /** What of it is committed. */
    private int kept;

    /** A plain field that a second turn at the same time may find set. */
    private boolean running;

    /** Counts turns, and so tells one from another. */
    private int turns;

    /** There is one scanner. */
    private final AtomicBoolean passing = new AtomicBoolean();

    /* What it has seen in its last pass; guarded by `passing`. */
    private boolean handedOver;
    private int abandoned;

    /** Whether nobody has been told yet of the one that waits from the beginning. */
    private final AtomicBoolean waiting;

    Hosted(boolean waits) {
      super(false);
      markAwake();
      waiting = new AtomicBoolean(waits);
      if (waits) {
        Addition turn = new Addition(0);
        turn.waiter = Thread.currentThread();
        var _ = offer(turn, 100);
      }
    }

    /**
     * Calls.
     *
     * @param begins whether a thread begins, sooner or later, to which what waits is handed over
     */
    final int call(boolean begins) {
      handOverFirst(begins);
      if (tryTake() || tryBorrow()) {
        enter();
        int result = ++value;
        leaveWell();
        leave(begins);
        return result;
      }
      Addition turn = new Addition(1);
      turn.waiter = Thread.currentThread();
      if (offer(turn, 100) == Accepted.OWNED) {
        handOff(begins);
      }
      while (!turn.done()) {
        scan();
      }
      return turn.result;
    }

    /** A turn that throws here; whether its caller is told of it and not of another. */
    final boolean throwHere() {
      if (!tryTake() && !tryBorrow()) {
        // It would be queued, and fail there.
        return true;
      }
      enter();
      int mine = turns;
      value += 10;
      phase = ABANDONED;
      if (!isFinishedHere()) {
        return true;
      }
      int finished = undo();
      leave(true);
      return finished == mine;
    }

    /** Whether the turn is its runner's to finish. */
    boolean isFinishedHere() {
      boolean mine = PHASE.compareAndSet(this, ABANDONED, KEPT);
      if (mine && isOfAnother()) {
        phase = ABANDONED;
        mine = false;
      }
      return mine;
    }

    /** Whether the mark that was swapped is of a later turn. */
    boolean isOfAnother() {
      return stack.thread() != Thread.currentThread();
    }

    private void enter() {
      stack = TurnStack.current();
      if (running) {
        throw new IllegalStateException("two turns at once");
      }
      running = true;
      turns++;
    }

    private void leaveWell() {
      kept = value;
      running = false;
    }

    /** Takes back what the turn wrote; returns which one that was. */
    private int undo() {
      value = kept;
      running = false;
      return turns;
    }

    private void leave(boolean begins) {
      if (!release()) {
        handOff(begins);
      }
    }

    /** The first to come is the owner for whom a turn waits. */
    private void handOverFirst(boolean begins) {
      if (waiting.compareAndSet(true, false)) {
        handOff(begins);
      }
    }

    private void handOff(boolean begins) {
      phase = HANDED_OFF;
      if (begins) {
        // On a thread of its own; nobody knows when, so it may as well be now.
        drain();
      }
    }

    boolean begin() {
      return PHASE.compareAndSet(this, HANDED_OFF, KEPT);
    }

    private void drain() {
      if (!begin()) {
        return;
      }
      QueuedTurn ahead = null;
      while (true) {
        Addition turn = (Addition) poll(ahead);
        ahead = turn.nextAcquire();
        enter();
        value += turn.by;
        turn.result = value;
        leaveWell();
        if (ahead != null) {
          keepUp(ahead);
        }
        boolean free = release();
        turn.publishDone();
        if (free || (tryLend((short) 1) && !tryTakeBack(1))) {
          return;
        }
      }
    }

    private void scan() {
      if (!passing.compareAndSet(false, true)) {
        Thread.onSpinWait();
        return;
      }
      boolean rescued = false;
      if (phase != ABANDONED) {
        abandoned = 0;
      } else if (abandoned != turns) {
        abandoned = turns;
      } else {
        abandoned = 0;
        rescued = rescue();
      }
      boolean again = false;
      if (phase != HANDED_OFF) {
        handedOver = false;
      } else if (handedOver) {
        again = drainsAgain();
      } else {
        handedOver = true;
      }
      passing.set(false);
      if (rescued) {
        leave(true);
      } else if (again) {
        drain();
      }
    }

    boolean drainsAgain() {
      return phase == HANDED_OFF;
    }

    private boolean rescue() {
      if (phase != ABANDONED || !PHASE.compareAndSet(this, ABANDONED, KEPT)) {
        return false;
      }
      var _ = undo();
      stack = TurnStack.NONE;
      return true;
    }

    @Validate
    public void nothingIsLeftOver() {
      for (int pass = 0; pass < 3; pass++) {
        scan();
      }
      if (length() != 0 || running || phase != KEPT) {
        throw new IllegalStateException("the object is taken for ever");
      }
    }

    // ---- what stubs call

    @Override
    public Object begin(MethodDescriptor method) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long end() {
      throw new UnsupportedOperationException();
    }

    @Override
    public RuntimeException failed(Throwable failure) {
      throw new UnsupportedOperationException(failure);
    }

    @Override
    public <S> S stub(S value, String what) {
      throw new UnsupportedOperationException();
    }
  }

  /** Calls for whose hand-over a thread begins, and such for which there was no memory. */
  public static class Sound extends Hosted {
    public Sound() {
      super(true);
    }

    @Operation
    public int add() {
      return call(true);
    }

    @Operation
    public int addInVain() {
      return call(false);
    }
  }

  /** Turns that throw, and others. */
  public static class Throwing extends Hosted {
    private final AtomicInteger parts = new AtomicInteger();

    public Throwing() {
      super(false);
    }

    /** The first to come throws, the other calls and then throws. */
    @Operation
    public boolean part() {
      return parts.getAndIncrement() == 0 ? throwHere() : call(true) == 1 && throwHere();
    }
  }

  /** Each thread that was started drains. */
  public static class Unasked extends Sound {
    @Override
    boolean begin() {
      phase = KEPT;
      return true;
    }
  }

  /** What was handed over is left to the thread that was asked for. */
  public static class Patient extends Sound {
    @Override
    boolean drainsAgain() {
      return false;
    }
  }

  /** A runner that comes back late goes on where it stood. */
  public static class Stubborn extends Throwing {
    @Override
    boolean isFinishedHere() {
      phase = KEPT;
      return true;
    }
  }

  /** A runner that comes back late finds a mark, and does not ask whose it is. */
  public static class Mistaken extends Throwing {
    @Override
    boolean isOfAnother() {
      return false;
    }
  }
}
