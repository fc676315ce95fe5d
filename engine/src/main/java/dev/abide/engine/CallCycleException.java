package dev.abide.engine;

import org.jspecify.annotations.Nullable;

/**
 * The call would have waited for ever: for an object of its own chain of calls (not retryable), or
 * for a chain that waits for this one (retryable, after a pause). The message prints the cycle. Not
 * applied; only if it was the wait for a stage that was refused, while the call runs, this is
 * unknown, and the call goes on.
 */
public final class CallCycleException extends AbideException {
  private static final long serialVersionUID = 1;

  /** For the engine's own use. */
  public CallCycleException(
      String message, @Nullable Throwable cause, boolean retryable, Applied applied) {
    super(message, cause, retryable, applied);
  }

  @Override
  public String code() {
    return "call-cycle";
  }
}
