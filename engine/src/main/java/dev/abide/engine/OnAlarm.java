package dev.abide.engine;

/**
 * For implementation classes that set alarms.
 *
 * <p>Threading: a turn of the object that begins a chain of its own; it wakes the object.
 *
 * <p>Durability: an alarm goes off at least once, and not before its time. It is cleared, or a
 * schedule moves on, in the last commit of its turn; so what the turn committed before, by {@link
 * ObjectContext#commit}, may be done again after a crash.
 *
 * <p>Errors: what this throws undoes the turn, and the alarm is tried again after 2, 4, 8 ...
 * seconds, at most 10 minutes apart, until it succeeds or is cancelled. From the sixth failure on
 * each is reported ({@link Report.Kind#ALARM_FAILED}).
 */
@FunctionalInterface
public interface OnAlarm {
  /** An alarm goes off. */
  void onAlarm(AlarmEvent event) throws Exception;
}
