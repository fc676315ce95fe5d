package dev.abide.engine.internal.activation;

import dev.abide.engine.AbideException;
import dev.abide.engine.WakeException;

/**
 * A wake that failed. All turns that waited when it did share the failure; the next one wakes the
 * object afresh. For the owner of the object.
 */
final class WakeFailure {
  private final String message;
  private final Throwable cause;
  private int waiting;

  /**
   * @param turns that had been accepted, the one that failed included
   */
  WakeFailure(String message, Throwable cause, int turns) {
    this.message = message;
    this.cause = cause;
    this.waiting = turns - 1;
  }

  /** Counts a turn; false if all that waited have been told. */
  boolean take() {
    return waiting-- > 0;
  }

  /** What one of them is told. */
  WakeException again() {
    return new WakeException(message, cause, true, AbideException.Applied.NO);
  }
}
