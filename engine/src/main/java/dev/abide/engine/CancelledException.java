package dev.abide.engine;

import org.jspecify.annotations.Nullable;

/**
 * The calling thread was interrupted before the call ran. Never applied; the thread's interrupt
 * flag is set.
 */
public final class CancelledException extends AbideException {
  private static final long serialVersionUID = 1;

  /** For the engine's own use. */
  public CancelledException(
      String message, @Nullable Throwable cause, boolean retryable, Applied applied) {
    super(message, cause, retryable, applied);
  }

  @Override
  public String code() {
    return "cancelled";
  }
}
