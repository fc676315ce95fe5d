package dev.abide.engine.internal.observe;

/** Why a call ended without its turn's own outcome. */
public enum Refused {
  /** The mailbox was full. */
  MAILBOX("mailbox"),
  /** It had waited in the mailbox as long as a call may. */
  QUEUE_WAIT("queue-wait"),
  /** Its deadline passed, in the mailbox or while its turn ran. */
  DEADLINE("deadline"),
  /** It would have waited for its own end. */
  CYCLE("cycle"),
  /** Its caller was interrupted. */
  CANCELLED("cancelled"),
  /** The engine closes or has failed. */
  CLOSED("closed");

  private final String label;

  Refused(String label) {
    this.label = label;
  }

  /** Its name as a label. */
  public String label() {
    return label;
  }
}
