package dev.abide.engine.internal.socket;

/** What sockets need of the engine to know when something may leave. */
public interface SocketGate {
  /** Whether the one commit is durable, and the other written; does not wait. */
  boolean passed(long durable, long written);

  /**
   * Waits until they are.
   *
   * @throws dev.abide.engine.StorageException if it never will be
   */
  void await(long durable, long written);
}
