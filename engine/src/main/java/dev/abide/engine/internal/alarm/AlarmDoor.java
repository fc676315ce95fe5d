package dev.abide.engine.internal.alarm;

/** What the scheduler needs of the engine. */
public interface AlarmDoor {
  /** What became of an alarm that was handed over. */
  enum Delivery {
    /** It waits in the object's mailbox; the scheduler is told when its turn has ended. */
    ACCEPTED,
    /** The engine does not host the type. */
    NOT_HOSTED,
    /** The engine takes nothing any more. */
    REFUSED
  }

  /** Puts the alarm into the mailbox of its object, full as it may be. */
  Delivery deliver(Flight flight);

  /** Says that as many alarms are on their way as may be, and the others have to wait. */
  void full();

  /** Says that the scheduler met something that it cannot deal with. */
  void report(String message, Throwable cause);
}
