package dev.abide.engine.internal.activation;

import dev.abide.engine.AbideException;
import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.NestedCallException;
import dev.abide.engine.ResetException;
import dev.abide.engine.WakeException;
import dev.abide.engine.internal.Access;

/**
 * What a failed turn shows to its caller. {@code applied()} speaks of the call whose stub throws,
 * so what a nested call's exception says of itself must not pass as an answer about the outer call.
 */
final class Failures {
  private Failures() {}

  /**
   * The exception that leaves the turn.
   *
   * @param effects whether the turn committed something before it failed, or called what may have
   */
  static Throwable outward(Throwable failure, Witness activation, boolean effects) {
    if (!(failure instanceof AbideException own)) {
      return failure;
    }
    if (Access.get().crossed(own)) {
      return nested(own, activation, effects);
    }
    if (effects && !(own instanceof ResetException) && !(own instanceof WakeException)) {
      Access.get().unsure(own);
    }
    return Access.get().cross(own);
  }

  private static Throwable nested(AbideException inner, Witness activation, boolean effects) {
    Throwable innermost =
        inner instanceof NestedCallException && inner.getCause() != null ? inner.getCause() : inner;
    Applied applied = effects ? Applied.UNKNOWN : Applied.NO;
    boolean retryable =
        applied == Applied.NO && innermost instanceof AbideException cause && cause.retryable();
    return Access.get()
        .cross(
            new NestedCallException(
                "a call made by a turn of "
                    + activation
                    + " failed, and the turn let that out: "
                    + innermost.getMessage(),
                innermost,
                retryable,
                applied));
  }
}
