package dev.abide.engine;

/**
 * A key, a name, a value or a turn's writes are larger than their bound. Not retryable as it is.
 */
public final class LimitException extends AbideException {
  private static final long serialVersionUID = 1;

  private final long value;
  private final long bound;

  /** For the engine's own use. */
  public LimitException(String message, long value, long bound) {
    super(message, null, false, Applied.NO);
    this.value = value;
    this.bound = bound;
  }

  /** What was asked for. */
  public long value() {
    return value;
  }

  /** What is allowed. */
  public long bound() {
    return bound;
  }

  @Override
  public String code() {
    return "limit-exceeded";
  }
}
