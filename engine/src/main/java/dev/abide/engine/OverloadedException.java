package dev.abide.engine;

import java.time.Duration;

/** The object's mailbox is full. Nothing was applied; retry after a pause. */
public final class OverloadedException extends AbideException {
  private static final long serialVersionUID = 1;

  private final Duration retryAfter;

  /** For the engine's own use. */
  public OverloadedException(String message, Duration retryAfter) {
    super(message, null, true, Applied.NO);
    this.retryAfter = retryAfter;
  }

  /** A pause after which the mailbox may have room. */
  public Duration retryAfter() {
    return retryAfter;
  }

  @Override
  public String code() {
    return "overloaded";
  }
}
