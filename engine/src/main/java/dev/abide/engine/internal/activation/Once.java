package dev.abide.engine.internal.activation;

import dev.abide.engine.AbideException;
import dev.abide.engine.internal.Access;
import dev.abide.engine.internal.mailbox.QueuedTurn;
import dev.abide.engine.spi.Call;
import dev.abide.engine.spi.Door.Answer;
import dev.abide.engine.spi.StageCall;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Answers once, whichever comes first: the outcome, a refusal, or that the caller must leave. Where
 * the method returned a stage, the outcome is what that completes with. On a fresh virtual thread,
 * behind the gate.
 */
final class Once implements QueuedTurn.Completion {
  private final Engine engine;
  private final Answer answer;
  private final AtomicBoolean answered = new AtomicBoolean();

  Once(Engine engine, Answer answer) {
    this.engine = engine;
    this.answer = answer;
  }

  @Override
  public void ended(QueuedTurn turn) {
    boolean settled = turn instanceof StageCall call && call.settled();
    boolean done = turn.done();
    if (done && !settled && turn instanceof StageCall call && call.stage() != null) {
      // The turn is over and the stage is open; whoever settles it tells again.
      return;
    }
    try {
      if (settled || done) {
        answer.over();
      }
    } finally {
      // An answer that throws there is told all the same: its client waits.
      if (answered.compareAndSet(false, true)) {
        answer(turn, settled || done);
      }
    }
  }

  private void answer(QueuedTurn turn, boolean ended) {
    if (!ended) {
      Throwable left = turn.cancelled() ? turn.refusal() : turn.departure();
      engine.gate.after(Seen.NOTHING, () -> answer.failure(crossed(Objects.requireNonNull(left))));
      return;
    }
    // Read here, and not behind the gate: a call that is kept till then keeps its arguments, which
    // count as free now, for as long as a disk may stall.
    Throwable failure = turn.failure;
    Object value = failure == null ? ((Call) turn).answer() : null;
    engine.gate.after(
        new Seen(turn.commit, turn.written),
        turn.more,
        this::gateFailed,
        () -> outcome(failure, value));
  }

  @Override
  public void passedOver(QueuedTurn turn) {
    answer.over();
  }

  private void outcome(@Nullable Throwable failure, @Nullable Object value) {
    if (failure == null) {
      answer.value(value);
    } else {
      answer.failure(crossed(failure));
    }
  }

  private void gateFailed(Throwable failure) {
    answer.failure(crossed(failure));
  }

  /** What a caller outside is told of a failure. */
  static Throwable crossed(Throwable failure) {
    return failure instanceof AbideException own ? Access.get().cross(own) : failure;
  }
}
