package dev.abide.engine.internal.mailbox;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * G15: an interrupt from outside against the release, under every interleaving that the model
 * checker tries. Each turn has a thread of its own, which only has a flag: one that is set when its
 * turn has let go, or later, was meant for somebody else.
 */
class OwnerInterruptLincheckTest {
  @Test
  void interruptAgainstRelease_anyInterleaving_meetsItsTurnOrNone() {
    options().check(Sound.class);
  }

  @Test
  void interruptAgainstLoan_anyInterleaving_meetsItsTurnOrNone() {
    options().check(Lent.class);
    options().threads(3).actorsPerThread(1).check(Lent.class);
  }

  @Test
  void canary_borrowerThatDoesNotWaitForTheInterrupter_isCaught() {
    assertThatThrownBy(() -> canary().check(DeafBorrower.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  @Test
  void canary_releaseThatDoesNotWaitForTheInterrupter_isCaught() {
    assertThatThrownBy(() -> canary().check(Deaf.class)).isInstanceOf(LincheckAssertionError.class);
  }

  @Test
  void canary_ownerThatKeepsTheFlag_isCaught() {
    assertThatThrownBy(() -> canary().check(Keeping.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  /** That it is caught is enough; the shortest way to it takes long to find. */
  private static ModelCheckingOptions canary() {
    return options().minimizeFailedScenario(false);
  }

  private static ModelCheckingOptions options() {
    return new ModelCheckingOptions()
        .iterations(8)
        .threads(2)
        .actorsPerThread(2)
        .actorsBefore(0)
        .actorsAfter(0)
        .invocationsPerIteration(1_000)
        .sequentialSpecification(Sequential.class);
  }

  /** Nobody is left interrupted. */
  public static class Sequential {
    public boolean turn() {
      return false;
    }

    public void comeBack() {}

    public void interrupt() {}
  }

  /** Never started: it stands for the thread that runs a turn. */
  private static final class Runner extends Thread {
    volatile boolean flag;

    @Override
    public void interrupt() {
      flag = true;
    }
  }

  public static class Sound extends Mailbox {
    private final ConcurrentLinkedQueue<Runner> former = new ConcurrentLinkedQueue<>();

    /** The owner's own. */
    @Nullable Runner owner;

    /** What is seen of it from outside: set after the taking, and gone before the release. */
    private volatile @Nullable Runner visible;

    public Sound() {
      super(false);
      markAwake();
    }

    /** Whether its thread is interrupted when it has let go. */
    @Operation
    public boolean turn() {
      while (!tryTake() && !tryBorrow()) {
        Thread.onSpinWait();
      }
      Runner runner = new Runner();
      boolean free = ended(runner);
      boolean interrupted = runner.flag;
      if (!free) {
        drain();
      }
      return interrupted;
    }

    /** As the owner: a turn, up to its release. */
    boolean ended(Runner runner) {
      owner = runner;
      visible = runner;
      visible = null;
      boolean free = let();
      former.add(runner);
      return free;
    }

    /** Who has let go of a turn while others wait runs them. */
    void drain() {
      throw new IllegalStateException("nobody waits");
    }

    boolean let() {
      return release();
    }

    @Operation
    public void interrupt() {
      var _ = interruptOwner();
    }

    @Validate
    public void nobodyIsInterruptedWhoHadLetGo() {
      for (Runner runner : former) {
        if (runner.flag) {
          throw new IllegalStateException("interrupted after its turn");
        }
      }
    }

    @Override
    protected @Nullable Thread ownersThread() {
      return visible;
    }

    @Override
    protected void takeInterruptBack() {
      Objects.requireNonNull(owner).flag = false;
    }
  }

  /** One turn waits, and its drain has lent the object, and comes back once. */
  public static class Lent extends Sound {
    private final AtomicBoolean away = new AtomicBoolean(true);

    public Lent() {
      QueuedTurn turn = new QueuedTurn() {};
      turn.waiter = Thread.currentThread();
      var _ = offer(turn, 100);
      var _ = tryLend((short) 100);
    }

    @Override
    public boolean turn() {
      // Else all might wait for a drain that nobody is.
      comeBack();
      return super.turn();
    }

    /** The drain. */
    @Operation
    public void comeBack() {
      if (away.compareAndSet(true, false) && tryTakeBack(0)) {
        drain();
      }
    }

    @Override
    void drain() {
      var _ = poll(null);
      if (!ended(new Runner())) {
        throw new IllegalStateException("only one waited");
      }
    }
  }

  /** The same but for the release, as with {@link Deaf}. */
  public static class DeafBorrower extends Lent {
    @Override
    boolean let() {
      int seen;
      int after;
      do {
        seen = (int) Insides.WORD.getVolatile(this);
        if ((seen & Insides.INTERRUPTED) != 0) {
          takeInterruptBack();
        }
        after = (seen - 1) & ~(Insides.INTERRUPTED | Insides.BORROWED);
      } while (!Insides.WORD.compareAndSet(this, seen, after));
      return (after & Insides.COUNT) == 0 || (after & Insides.LENT) != 0;
    }
  }

  /** The real mailbox, whose release goes its way whatever the interrupter is doing. */
  public static class Deaf extends Sound {
    @Override
    boolean let() {
      int seen;
      do {
        seen = (int) Insides.WORD.getVolatile(this);
        if ((seen & Insides.INTERRUPTED) != 0) {
          takeInterruptBack();
        }
      } while (!Insides.WORD.compareAndSet(this, seen, (seen - 1) & ~Insides.INTERRUPTED));
      return true;
    }
  }

  /** The real mailbox, whose owner does not clear what was set for its turn. */
  public static class Keeping extends Sound {
    @Override
    protected void takeInterruptBack() {}
  }
}
