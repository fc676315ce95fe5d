package dev.abide.engine;

import org.jspecify.annotations.Nullable;

/**
 * What Abide itself refuses or fails at. An exception of a method crosses as it is and is never one
 * of these.
 *
 * <p>{@link #applied()} speaks of the call whose stub threw this.
 */
public abstract class AbideException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Whether what the call did is kept. */
  public enum Applied {
    /** All that the call did is kept. */
    YES,
    /** Nothing was done. */
    NO,
    /** It is not known. */
    UNKNOWN
  }

  private boolean retryable;
  private Applied applied;

  /** Whether a stub has thrown this: seen from outside of the call, it is that call's outcome. */
  private boolean crossed;

  AbideException(String message, @Nullable Throwable cause, boolean retryable, Applied applied) {
    super(message, cause);
    this.retryable = retryable;
    this.applied = applied;
  }

  /** A stable name of the kind of error, for logs, metrics and programs. */
  public abstract String code();

  /** Whether the same call may succeed later without a change. */
  public final boolean retryable() {
    return retryable;
  }

  /** Whether what the call did is kept. */
  public final Applied applied() {
    return applied;
  }

  final boolean crossed() {
    return crossed;
  }

  final void cross() {
    crossed = true;
  }

  /** Nothing was known to be done when this was made, but its turn had done more than it knew. */
  final void unsure() {
    retryable = false;
    applied = Applied.UNKNOWN;
  }
}
