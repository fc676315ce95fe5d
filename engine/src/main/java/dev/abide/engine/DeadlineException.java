package dev.abide.engine;

import org.jspecify.annotations.Nullable;

/**
 * A deadline, or the bound on waiting in a mailbox, passed. {@code NO}: the call never ran. {@code
 * UNKNOWN}: its turn was running and goes on.
 */
public final class DeadlineException extends AbideException {
  private static final long serialVersionUID = 1;

  /** For the engine's own use. */
  public DeadlineException(
      String message, @Nullable Throwable cause, boolean retryable, Applied applied) {
    super(message, cause, retryable, applied);
  }

  @Override
  public String code() {
    return "deadline-exceeded";
  }
}
