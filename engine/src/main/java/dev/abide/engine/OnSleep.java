package dev.abide.engine;

/**
 * For implementation classes that want to hear that their instance goes: to write down what they
 * gathered in memory, or to close what they opened.
 *
 * <p>Best effort: not called at a reset, a deletion, or when the process ends without a close.
 * State that must not be lost belongs in storage at once.
 *
 * <p>Threading: a turn of the object, never on its caller's thread. Errors: reported ({@link
 * Report.Kind#SLEEP_FAILED}); what the turn wrote is not kept, and the object sleeps all the same.
 */
@FunctionalInterface
public interface OnSleep {
  /** The object is about to sleep. What this writes is one commit. */
  void onSleep(SleepReason reason) throws Exception;
}
