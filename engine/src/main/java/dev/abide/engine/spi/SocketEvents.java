package dev.abide.engine.spi;

/**
 * What an adapter tells of a client's connection that was opened.
 *
 * <p>Threading: events of one connection come one after the other, in their order; {@link #written}
 * from any thread. Never blocks, runs no turn on the calling thread.
 */
public interface SocketEvents {
  /**
   * A text message came.
   *
   * @param bytes how many it took, for bounds
   * @return whether to go on reading; if not, {@link SocketWire#readOn} says when
   */
  boolean text(String text, int bytes);

  /**
   * A binary message came; the array belongs to the object from now on.
   *
   * @return as {@link #text}
   */
  boolean bytes(byte[] bytes);

  /** A message has gone to the client, or never will. */
  void written(Frame frame);

  /** The connection has ended, whoever ended it; told once. 1006 where it broke. */
  void closed(int code, String reason);
}
