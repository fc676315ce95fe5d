package dev.abide.engine;

import org.jspecify.annotations.Nullable;

/**
 * The engine closes or is closed. {@code NO}: the call never ran and may be given to another
 * engine.
 */
public final class ClosedException extends AbideException {
  private static final long serialVersionUID = 1;

  /** For the engine's own use. */
  public ClosedException(
      String message, @Nullable Throwable cause, boolean retryable, Applied applied) {
    super(message, cause, retryable, applied);
  }

  @Override
  public String code() {
    return "closed";
  }
}
