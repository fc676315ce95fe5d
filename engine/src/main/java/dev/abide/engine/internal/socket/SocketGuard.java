package dev.abide.engine.internal.socket;

/** Says whether sockets may be used here and now. */
public interface SocketGuard {
  /**
   * Before a look.
   *
   * @throws IllegalStateException outside of the object's own turns, or when the instance is gone
   */
  void reading();

  /**
   * Before something is sent or changed.
   *
   * @throws IllegalStateException as {@link #reading}, and in a read-only turn
   */
  void sending();
}
