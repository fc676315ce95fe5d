package dev.abide.engine;

/**
 * For implementation classes that clients plug sockets into; the interface says so by
 * {@code @Exposed(sockets = true)}.
 *
 * <p>Threading: each is a turn of the object that begins a chain of its own; it wakes the object.
 * Events of one socket come in their order, and one at a time like all turns.
 *
 * <p>Durability: what a turn sends leaves when everything that it depends on is durable, and never
 * if the turn throws. Events are not durable: a message that was received and whose turn had not
 * committed when the process died is lost, as is the socket. A client that must know sends again
 * what was not answered.
 *
 * <p>Errors: what {@link #onOpen} throws refuses the socket. What {@link #onText} and {@link
 * #onBytes} throw undoes the turn, is reported ({@link Report.Kind#SOCKET_FAILED}) and closes this
 * socket with 1011, or with 1013 if the exception is an {@link AbideException} that may be retried;
 * the others stay open. What {@link #onClose} throws undoes the turn and is reported.
 */
public interface OnSocket {
  /**
   * A client wants to plug in. It is told when this has returned and is durable; what this sends
   * follows that. {@code socket} is among {@link Sockets#all} already.
   *
   * @throws SocketRefusedException to refuse it
   */
  default void onOpen(ClientSocket socket, SocketRequest request) throws Exception {}

  /** A text message. */
  default void onText(ClientSocket socket, String text) throws Exception {}

  /** A binary message. The array is the object's own. */
  default void onBytes(ClientSocket socket, byte[] bytes) throws Exception {}

  /**
   * The socket has ended, whoever ended it; it is no longer among {@link Sockets#all}, and what is
   * sent to it goes nowhere. Told once for each socket whose {@link #onOpen} returned, but not when
   * the object was deleted, nor when the engine closes or ends, nor if the object could not be
   * woken for it, which is reported.
   *
   * @param code as WebSocket has it: 1000 for a normal end, 1001 where somebody goes away, 1006
   *     where the connection broke
   * @param reason what the one who closed it said, or empty
   */
  default void onClose(ClientSocket socket, int code, String reason) throws Exception {}
}
