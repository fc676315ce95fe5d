package dev.abide.engine.internal.activation;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.DeadlineException;
import dev.abide.engine.internal.Access;
import dev.abide.engine.internal.mailbox.QueuedTurn;
import dev.abide.engine.internal.observe.Refused;
import dev.abide.engine.spi.TurnStack;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Until when the calls of a thread have to be answered: set by {@code Abide.within}, or by the call
 * whose turn the thread runs. For one thread at a time.
 *
 * <p>Outside of turns no engine is known before the first call; its clock then begins there, less
 * what has passed on the machine's.
 */
public final class DeadlineScope {
  private final long nanos;
  private final long machineStart = System.nanoTime();
  private final @Nullable DeadlineScope outer;
  private @Nullable Engine engine;
  private long expiresAt;

  private DeadlineScope(long nanos, @Nullable DeadlineScope outer) {
    this.nanos = nanos;
    this.outer = outer;
  }

  /** A scope for {@code Abide.within}, inside of what holds for the thread already. */
  public static DeadlineScope begin(TurnStack stack, Duration deadline) {
    if (deadline.isNegative() || deadline.isZero()) {
      throw new IllegalArgumentException(
          "the deadline of within is " + deadline + "; it must be positive");
    }
    DeadlineScope scope = new DeadlineScope(EngineOptions.nanos(deadline), stack.scope);
    if (stack.top() instanceof Activation turn) {
      scope.expiresAt(turn.engine);
    }
    return scope;
  }

  /** What holds for calls of the turn; null if it has no deadline. */
  static @Nullable DeadlineScope of(Engine engine, QueuedTurn turn) {
    if (!turn.deadline) {
      return null;
    }
    DeadlineScope scope = new DeadlineScope(0, null);
    scope.engine = engine;
    scope.expiresAt = turn.expiresAt;
    return scope;
  }

  /** Gives the turn the deadline of this scope, if it has no earlier one. */
  void bind(ObjectTarget target, QueuedTurn turn) {
    Engine of = target.engine;
    long at = expiresAt(of);
    if (!turn.deadline || at - turn.expiresAt < 0) {
      turn.deadline = true;
      turn.expiresAt = at;
    }
    if (of.now() - turn.expiresAt >= 0) {
      target.type.meter().refused(Refused.DEADLINE);
      throw Access.get()
          .cross(
              new DeadlineException(
                  "the deadline of the scope had passed before the call was made; it has not run",
                  null,
                  false,
                  Applied.NO));
    }
  }

  /** The earlier of this scope's end and a time, by the clock of the engine. */
  long earlier(Engine of, long at) {
    long own = expiresAt(of);
    return own - at < 0 ? own : at;
  }

  /** By the clock of the engine. */
  private long expiresAt(Engine of) {
    if (engine != null && engine != of) {
      // Another engine, perhaps with another clock: what is left here is left there.
      return of.now() + (expiresAt - engine.now());
    }
    if (engine == null) {
      long begun =
          of.options.clock() instanceof dev.abide.engine.EngineClock.SystemClock
              ? machineStart
              : of.now();
      engine = of;
      expiresAt = begun + nanos;
      if (outer != null) {
        long earlier = outer.expiresAt(of);
        if (earlier - expiresAt < 0) {
          expiresAt = earlier;
        }
      }
    }
    return expiresAt;
  }
}
