package dev.abide.engine.internal.observe;

/** A bound that was met; each has a counter. Those of calls are counted as refusals. */
public enum Limit {
  /** An id that is empty, too long, or no well-formed text. */
  ID("id"),
  /** The name of a cell, a map or an alarm is too long. */
  NAME("name"),
  /** A key of a map is too long. */
  KEY("key"),
  /** A value is too large. */
  VALUE("value"),
  /** A value is nested too deep. */
  VALUE_DEPTH("value-depth"),
  /** A turn wrote too much between two commits. */
  TURN_BYTES("turn-bytes"),
  /** The period of an alarm is too short. */
  ALARM_PERIOD("alarm-period"),
  /** So many alarms are on their way that the others wait. */
  ALARMS("alarms"),
  /** An object has as much background work as it may. */
  BACKGROUND("background"),
  /** An object has as many open stages as it may. */
  STAGES("stages"),
  /** A call was queued because its chain of inline turns was deep. */
  INLINE_DEPTH("inline-depth"),
  /** Objects were sent to sleep because too many were awake. */
  AWAKE("awake"),
  /** A commit was refused: no room in journal or store, or it had waited too long for some. */
  COMMIT_ROOM("commit-room"),
  /** Past states are dropped before their time, because they take too much space. */
  RETENTION("retention"),
  /** A client is read no further until the object has handled what it sent. */
  SOCKET_PENDING("socket-pending"),
  /** A client was closed because what it did not read piled up. */
  SOCKET_QUEUE("socket-queue"),
  /** A close did not end within its grace. */
  CLOSE_GRACE("close-grace");

  private final String label;

  Limit(String label) {
    this.label = label;
  }

  /** Its name as a label. */
  public String label() {
    return label;
  }
}
