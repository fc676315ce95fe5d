package dev.abide.engine.internal.activation;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.DeadlineException;
import dev.abide.engine.internal.observe.Refused;
import dev.abide.engine.spi.StageCall;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A stage that a turn has returned, until it completes or its object lets go of it.
 *
 * <p>Whoever completes it, the outcome depends on what the object had seen at the end of the turn
 * that returned it and, as far as this thread sees, on what the object has seen now. Completed in a
 * later turn of the object it depends on that turn too: it is held until that has committed.
 */
final class OpenStage implements BiConsumer<@Nullable Object, @Nullable Throwable> {
  private final Activation activation;
  private final Stages home;
  private final StageCall call;

  OpenStage(Activation activation, Stages home, StageCall call) {
    this.activation = activation;
    this.home = home;
    this.call = call;
  }

  /** Listens to the stage. After the turn, on its thread, and not in a turn. */
  void listen() {
    try {
      var _ = Objects.requireNonNull(call.stage()).whenComplete(this);
    } catch (Throwable thrown) {
      // One of the user's own making, that cannot be listened to.
      accept(null, thrown);
    }
  }

  @Override
  public void accept(@Nullable Object value, @Nullable Throwable thrown) {
    Object result = null;
    Throwable failure = thrown;
    try {
      // Here and now: behind this, whoever made the value may change it.
      if (failure == null) {
        result = call.copied(activation, value);
      } else {
        failure = Failures.outward(cause(failure), activation, true);
      }
    } catch (Throwable refused) {
      failure = refused;
    }
    Object crossing = result;
    Throwable outcome = failure;
    if (activation.runsUnder()) {
      home.hold(seen -> settle(crossing, outcome, seen));
    } else {
      settle(crossing, outcome, activation.seen());
    }
  }

  /** What the user threw; stages that follow others wrap it. */
  private static Throwable cause(Throwable thrown) {
    Throwable cause = thrown;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** Its object lets go of it. From any thread. */
  void end(Letting why) {
    settle(null, why.exception(activation, call), activation.seen());
  }

  boolean timed() {
    return call.deadline;
  }

  /** Ends it if its deadline has passed. For the scanner. */
  void expire(long now) {
    if (call.deadline
        && now - call.expiresAt >= 0
        && settle(
            null,
            new DeadlineException(
                "the deadline of the call passed while the stage that "
                    + activation
                    + " had returned was open; what it does is not known",
                null,
                false,
                Applied.UNKNOWN),
            activation.seen())) {
      activation.type.meter().refused(Refused.DEADLINE);
    }
  }

  private boolean settle(@Nullable Object value, @Nullable Throwable failure, Seen seen) {
    boolean mine = call.settle(value, failure, seen.durable(), seen.written());
    home.remove(this);
    return mine;
  }
}
