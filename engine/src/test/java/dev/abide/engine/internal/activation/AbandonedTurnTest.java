package dev.abide.engine.internal.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.CancelledException;
import dev.abide.engine.NestedCallException;
import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterDescriptor;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.internal.Access;
import dev.abide.engine.spi.MethodDescriptor;
import dev.abide.engine.spi.Turn;
import dev.abide.engine.spi.TurnStack;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * G1, G3: each inline turn that throws is marked abandoned for an instant, by a store that cannot
 * fail, before its runner finishes it. Only the scanner may take it over, and only after a period;
 * a runner that comes back later finds it stolen and leaves it alone.
 */
class AbandonedTurnTest {
  private static final MethodDescriptor INCREMENT = new CounterDescriptor().methods().getFirst();

  private final Engine engine =
      Engine.inMemory(
          EngineOptions.of(
              options -> options.host(Counter.class, CounterObject::new).onReport(report -> {})));
  private final Counter counter = engine.stub(Counter.class, "a");

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void abandonedForAnInstant_isNotTakenOverByWhoComesNext_norByTheScannersFirstLook() {
    counter.increment(1);
    boolean kept = false;
    // A try counts if this thread was not held up for the scanner's period within it.
    for (int attempt = 0; attempt < 1_000 && !kept; attempt++) {
      Activation turn = take();
      var _ = turn.begin(INCREMENT);
      CompletableFuture<Long> waiting = callFromElsewhere(turn);
      long start = System.nanoTime();
      abandon(turn);
      engine.scan();
      engine.scan();
      kept = turn.phase == Turn.ABANDONED;
      boolean punctual = System.nanoTime() - start < 10_000_000L;
      IllegalStateException own = new IllegalStateException("own");
      Throwable thrown = catchThrowable(() -> turn.failed(own));
      waiting.join();

      assertThat(thrown).isSameAs(own);
      assertThat(kept || !punctual).as("taken over before a period had passed").isTrue();
    }
    assertThat(kept).isTrue();
  }

  @Test
  @Timeout(60)
  void abandoned_andNeverCalledAgain_isFinishedByTheScannerToo() {
    counter.increment(1);
    Activation turn = take();
    ((Counter) turn.begin(INCREMENT)).increment(40);
    abandon(turn);

    Awaitility.await().until(() -> turn.length() == 0);

    assertThat(counter.value()).as("what the lost turn wrote is gone").isEqualTo(1);
  }

  @Test
  void abandonedForLong_isFinishedByTheScanner_andItsRunnerFindsItStolen() {
    counter.increment(1);
    Activation turn = take();
    ((Counter) turn.begin(INCREMENT)).increment(40);
    CompletableFuture<Long> waiting = callFromElsewhere(turn);
    abandon(turn);

    // Only the scanner can have let the queued call through: this thread does nothing meanwhile.
    assertThat(waiting.join()).as("what the lost turn wrote is gone").isEqualTo(2);

    // A call of the lost turn said NO of itself; what the turn itself did is not known.
    CancelledException nested =
        Access.get().cross(new CancelledException("nested", null, true, Applied.NO));
    assertThat(catchThrowable(() -> turn.failed(nested)))
        .isInstanceOfSatisfying(
            NestedCallException.class,
            stolen -> {
              assertThat(stolen.applied()).isEqualTo(Applied.UNKNOWN);
              assertThat(stolen.retryable()).isFalse();
              assertThat(stolen.getCause()).isSameAs(nested);
            });

    assertThat(turn.length()).as("released once").isZero();
    assertThat(turn.retired()).isFalse();
    assertThat(turn.phase).isEqualTo(Turn.KEPT);
    assertThat(counter.increment(1)).isEqualTo(3);
  }

  /** Takes the object as a stub does. */
  private Activation take() {
    // Whoever answered the last call may still be about to say so: the object is free by then.
    Activation turn = engine.hosted(Counter.class).activations().get("a");
    TurnStack stack = TurnStack.current();
    while (!turn.tryTake()) {
      if (turn.asleep()) {
        counter.increment(0);
      }
      Thread.onSpinWait();
    }
    turn.stack = stack;
    turn.depth = stack.depth;
    return turn;
  }

  /** A call that waits behind the turn, so that the scanner watches the object. */
  private CompletableFuture<Long> callFromElsewhere(Activation turn) {
    CompletableFuture<Long> outcome = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        outcome.complete(counter.increment(1));
      } catch (Throwable failure) {
        outcome.completeExceptionally(failure);
      }
    });
    while (turn.length() != 2) {
      Thread.onSpinWait();
    }
    return outcome;
  }

  /** The first stores of a stub's catch. */
  private static void abandon(Activation turn) {
    turn.stack.depth = turn.depth;
    turn.phase = Turn.ABANDONED;
  }
}
