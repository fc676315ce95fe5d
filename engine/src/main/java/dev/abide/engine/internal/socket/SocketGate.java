package dev.abide.engine.internal.socket;

/** What sockets need of the engine: to know when something may leave, and whom to tell. */
public interface SocketGate {
  /** Whether the one commit is durable, and the other written; does not wait. */
  boolean passed(long durable, long written);

  /**
   * Waits until they are.
   *
   * @throws dev.abide.engine.StorageException if it never will be
   */
  void await(long durable, long written);

  /** Something of an object's could not be let go, and the rest goes on. Does not wait. */
  void failed(String type, String id, Throwable failure);
}
