package dev.abide.jmh.report;

/** The command was not used as it can be; the message is all that its user has to read. */
public final class MisuseException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With the fact, the value and the next step. */
  public MisuseException(String message) {
    super(message);
  }
}
