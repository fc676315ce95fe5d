package dev.abide.engine.spi;

import org.jspecify.annotations.Nullable;

/**
 * A client's connection as the engine uses it; an adapter implements it.
 *
 * <p>First comes one of {@link #open} and {@link #refuse}, once. Then, only if it was opened,
 * messages and at most one close, in the order in which they have to reach the client.
 *
 * <p>Threading: called from any thread, two at once for {@link #handled}, {@link #readOn}, {@link
 * #send} and {@link #close}; must not block and must not throw.
 */
public interface SocketWire {
  /** How many bytes may wait for this client, by {@link Frame#cost}. */
  long queueBytesMax();

  /**
   * The object has taken the client in: complete the upgrade.
   *
   * @param subprotocol what was agreed on, or null
   */
  void open(@Nullable String subprotocol);

  /**
   * The client may not plug in.
   *
   * @param why a {@link dev.abide.engine.SocketRefusedException}, an {@link
   *     dev.abide.engine.AbideException}, or what the object threw
   */
  void refuse(Throwable why);

  /**
   * The turn in which the client wanted to plug in is over, or never ran and has left the mailbox:
   * the engine holds nothing of the wish any more. Told once or twice, before the answer or after
   * it: one by a deadline comes while the turn still runs, or waits.
   */
  default void over() {}

  /**
   * Sends a message behind those before it; {@link SocketEvents#written} follows when it has gone.
   * After {@link #close} nothing is sent.
   */
  void send(Frame frame);

  /** Closes the connection behind what was sent before; {@link SocketEvents#closed} follows. */
  void close(int code, String reason);

  /** A message's turn has ended, or will not come: its bytes are free. */
  void handled(int bytes);

  /** There is room again, after an event had answered that reading should stop. */
  void readOn();
}
