package dev.abide.engine;

import org.jspecify.annotations.Nullable;

/**
 * The constructor of the implementation, or its {@code onWake}, threw: the cause. Not applied,
 * retryable: the next call constructs afresh.
 */
public final class WakeException extends AbideException {
  private static final long serialVersionUID = 1;

  /** For the engine's own use. */
  public WakeException(
      String message, @Nullable Throwable cause, boolean retryable, Applied applied) {
    super(message, cause, retryable, applied);
  }

  @Override
  public String code() {
    return "wake-failed";
  }
}
