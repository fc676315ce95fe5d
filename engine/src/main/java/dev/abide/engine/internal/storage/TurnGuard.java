package dev.abide.engine.internal.storage;

/** Says whether storage may be used here and now. */
public interface TurnGuard {
  /**
   * Before a read.
   *
   * @throws IllegalStateException outside of the object's own turns, or when the instance is gone
   */
  void reading();

  /**
   * Before a change; from here on the turn has written.
   *
   * @throws IllegalStateException as {@link #reading}, and in a read-only turn
   */
  void writing();

  /** The number of the running turn. */
  long turn();
}
