package dev.abide.engine.internal.activation;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.ClosedException;
import dev.abide.engine.SleepReason;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.activation.Engine.State;
import dev.abide.engine.internal.mailbox.QueuedTurn;
import dev.abide.engine.internal.observe.Refused;
import org.jspecify.annotations.Nullable;

/** What an engine that closes, has failed or is closed does not do any more, and what it says. */
final class Refusals {
  private Refusals() {}

  /** Refuses a call that may not be accepted any more; {@code outer} is the turn that makes it. */
  static void refuseUnlessOpen(ObjectTarget target, @Nullable Activation outer) {
    Engine engine = target.engine;
    State now = engine.state;
    if (!now.takesAll() && !(now == State.CLOSING && outer != null && outer.engine == engine)) {
      target.type.meter().refused(Refused.CLOSED);
      throw refusal(engine);
    }
  }

  /** Refuses a turn that was accepted and is about to start. */
  static void refuseUnlessAdmitted(Engine engine, QueuedTurn turn) {
    if (!mayRun(engine, turn)) {
      throw refusal(engine);
    }
  }

  /** Why the engine takes nothing any more. */
  static RuntimeException refusal(Engine engine) {
    Throwable cause = engine.failure;
    if (cause != null && engine.scannerFailed) {
      return new ClosedException(
          "the engine has stopped because the thread that keeps its times failed; the call has not"
              + " run. Open the engine anew: "
              + cause,
          cause,
          false,
          Applied.NO);
    }
    if (cause != null) {
      return new StorageException(
          "the engine has stopped because its storage failed; the call has not run. Open the engine"
              + " anew: "
              + cause.getMessage(),
          cause,
          false,
          Applied.NO);
    }
    return new ClosedException(
        "the engine is closed or closing; the call has not run", null, true, Applied.NO);
  }

  /** The exception that a queued turn gets now if it may not run any more, or null. */
  static @Nullable Throwable of(Engine engine, QueuedTurn turn) {
    return mayRun(engine, turn) ? null : refusal(engine);
  }

  /** While it closes, an engine runs what chains that hold an object call, and tells instances. */
  private static boolean mayRun(Engine engine, QueuedTurn turn) {
    State now = engine.state;
    return now.takesAll()
        || (now == State.CLOSING
            && (turn.parent != null
                || (turn instanceof EngineTurn.Sleep sleep && sleep.reason == SleepReason.CLOSE)));
  }
}
