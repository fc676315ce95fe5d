package dev.abide.engine;

/**
 * Thrown by a turn to reset its object whether it had written or not: the next turn runs on a new
 * instance built from committed state. Reaches the caller as it is.
 *
 * <p>Also what an open stage ends with whose object was reset or deleted: its turn has committed,
 * and what it does beside that is not known.
 */
public final class ResetException extends AbideException {
  private static final long serialVersionUID = 1;

  /**
   * A request to reset the object.
   *
   * @param reason why; the message
   */
  public ResetException(String reason) {
    super(reason, null, false, Applied.UNKNOWN);
  }

  @Override
  public String code() {
    return "reset";
  }
}
