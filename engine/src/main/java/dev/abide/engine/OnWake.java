package dev.abide.engine;

/**
 * For implementation classes that have something to do at every wake, before the first call.
 *
 * <p>Threading: one turn with the constructor, and one commit. Errors: as those of the constructor,
 * they reach the callers as the cause of a {@link WakeException}, and nothing that either wrote is
 * kept.
 */
@FunctionalInterface
public interface OnWake {
  /** The object wakes: its instance has just been made. */
  void onWake() throws Exception;
}
