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

  /**
   * Begins the work on a thread of its own, which may wait.
   *
   * @throws Error if there is no memory for one, or no thread to carry it; whether the work will be
   *     begun is not known then
   */
  void start(Runnable work);

  /** Something of an object's could not be let go, and the rest goes on. Does not wait. */
  void failed(String type, String id, Throwable failure);
}
