package dev.abide.engine;

/**
 * Thrown by {@link OnSocket#onOpen}: the client may not plug in. It is told so by an HTTP status
 * and a text. Undoes the turn like any exception.
 */
public final class SocketRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String reason;

  /**
   * A refusal.
   *
   * @param status an HTTP status from 400 to 599
   * @param reason what the client is told
   * @throws IllegalArgumentException if the status is another
   */
  public SocketRefusedException(int status, String reason) {
    super(status + " " + reason);
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException(
          "a socket was to be refused with the status "
              + status
              + "; a refusal has one from 400 to 599");
    }
    this.status = status;
    this.reason = reason;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** What the client is told. */
  public String reason() {
    return reason;
  }
}
