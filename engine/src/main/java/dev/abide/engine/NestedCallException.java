package dev.abide.engine;

import org.jspecify.annotations.Nullable;

/**
 * A call that a turn made was refused or failed by Abide, and the turn let that exception out: the
 * cause. What this says of retrying and of what was applied is true of the outer call.
 */
public final class NestedCallException extends AbideException {
  private static final long serialVersionUID = 1;

  /** For the engine's own use. */
  public NestedCallException(
      String message, @Nullable Throwable cause, boolean retryable, Applied applied) {
    super(message, cause, retryable, applied);
  }

  @Override
  public String code() {
    return "nested-call-failed";
  }
}
