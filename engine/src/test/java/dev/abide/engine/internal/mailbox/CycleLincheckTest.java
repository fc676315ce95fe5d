package dev.abide.engine.internal.mailbox;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.internal.cycle.CycleSearch;
import dev.abide.engine.internal.cycle.Holder;
import dev.abide.engine.internal.cycle.Wait;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * G12: the search for cycles under every interleaving that the model checker tries. A cycle that is
 * missed spins for ever, which the checker reports as a hang; one that is invented, and an answer
 * to all of a cycle, change what a call returns.
 */
class CycleLincheckTest {
  @Test
  void chainsThatCross_anyInterleaving_allEnd() {
    options().check(Crossing.class);
  }

  @Test
  void chainsInOneOrder_anyInterleaving_findNoCycle() {
    options().check(Ordered.class);
  }

  @Test
  void canary_searchBeforeTheWaitIsPublished_missesOne() {
    // More tries than the sound ones get: only few of the interleavings miss it.
    assertThatThrownBy(() ->
            options()
                .iterations(30)
                .invocationsPerIteration(3_000)
                .minimizeFailedScenario(false)
                .check(Late.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  private static ModelCheckingOptions options() {
    return new ModelCheckingOptions()
        .iterations(6)
        .threads(2)
        .actorsPerThread(2)
        .actorsBefore(0)
        .actorsAfter(0)
        .invocationsPerIteration(800)
        .sequentialSpecification(Sequential.class);
  }

  /** Whatever the order, each chain ends, and those that cannot cross succeed. */
  public static class Sequential {
    public boolean ab() {
      return true;
    }

    public boolean ba() {
      return true;
    }

    public boolean bc() {
      return true;
    }

    public boolean ac() {
      return true;
    }
  }

  private static final class Turn extends QueuedTurn {}

  /** An object whose turns are run by whoever owns it. */
  private static final class Place extends Mailbox implements Holder {
    private volatile @Nullable Wait waits;
    private long turns;

    /** The innermost turn of the thread that runs ours. */
    private volatile @Nullable Place innermost;

    Place() {
      super(false);
      markAwake();
    }

    void begin() {
      turns++;
      innermost = this;
    }

    /** After a turn that ran inline: frees the object, or runs what waits. */
    void end() {
      innermost = null;
      if (!release()) {
        drain();
      }
    }

    /** Runs what waits, as the owner. */
    void drain() {
      QueuedTurn ahead = null;
      do {
        QueuedTurn turn = poll(ahead);
        ahead = turn.nextAcquire();
        begin();
        if (turn.tryStart(Thread.currentThread())) {
          turn.end();
          turn.publishDone();
        }
        innermost = null;
        if (ahead != null) {
          keepUp(ahead);
        }
      } while (!release());
    }

    @Override
    public @Nullable Holder innermost() {
      return innermost;
    }

    @Override
    public long turns() {
      return turns;
    }

    @Override
    public @Nullable Wait waits() {
      return waits;
    }

    @Override
    public @Nullable Holder outer() {
      return null;
    }
  }

  private static class Chains {
    final Place a = new Place();
    final Place b = new Place();
    final Place c = new Place();

    /** A turn of the first calls the second; false if a cycle was found. */
    final boolean chain(Place first, Place second) {
      // Who holds nothing waits without being part of any cycle.
      while (!first.tryTake()) {
        Thread.onSpinWait();
      }
      first.begin();
      boolean answered = call(first, second);
      first.end();
      return answered;
    }

    private boolean call(Place from, Place to) {
      Turn turn = new Turn();
      Wait wait = new Wait(from, to, turn);
      enqueue(from, to, turn, wait);
      while (!turn.done() && !turn.cancelled()) {
        Thread.onSpinWait();
      }
      from.waits = null;
      return turn.done();
    }

    void enqueue(Place from, Place to, Turn turn, Wait wait) {
      from.waits = wait;
      if (offered(to, turn)) {
        CycleSearch.follow(wait);
      }
    }

    /** True if it has to wait; else it has run. */
    final boolean offered(Place to, Turn turn) {
      if (to.offer(turn, 100) == Mailbox.Accepted.QUEUED) {
        return true;
      }
      to.drain();
      return false;
    }
  }

  /** Two that may come to wait for each other. */
  public static class Crossing extends Chains {
    @Operation
    public boolean ab() {
      // Which of the two is ended is up to the interleaving.
      var _ = chain(a, b);
      return true;
    }

    @Operation
    public boolean ba() {
      var _ = chain(b, a);
      return true;
    }
  }

  /** Waits without a cycle. */
  public static class Ordered extends Chains {
    @Operation
    public boolean ab() {
      return chain(a, b);
    }

    @Operation
    public boolean bc() {
      return chain(b, c);
    }

    @Operation
    public boolean ac() {
      return chain(a, c);
    }
  }

  /** Looks first and publishes then. */
  public static class Late extends Chains {
    @Override
    void enqueue(Place from, Place to, Turn turn, Wait wait) {
      if (offered(to, turn)) {
        CycleSearch.follow(wait);
      }
      from.waits = wait;
    }

    @Operation
    public boolean ab() {
      var _ = chain(a, b);
      return true;
    }

    @Operation
    public boolean ba() {
      var _ = chain(b, a);
      return true;
    }
  }
}
