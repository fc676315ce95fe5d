package dev.abide.engine;

import java.util.List;
import java.util.Optional;

/**
 * The sockets of an object: those whose clients are plugged in, or are about to be, and that the
 * object has not closed. They stay open while it sleeps.
 *
 * <p>Threading: in the object's own turns, its constructor included; elsewhere {@link
 * IllegalStateException}. Durability and errors: as in {@link ClientSocket}.
 */
public interface Sockets {
  /** All, in the order in which they came. */
  List<ClientSocket> all();

  /** Those with this tag, in the order in which they came. */
  List<ClientSocket> tagged(String tag);

  /** The socket of that name, if it is there. */
  Optional<ClientSocket> find(String id);

  /** Sends a text to all. */
  void broadcast(String text);

  /** Sends a text to all but one. */
  void broadcast(String text, ClientSocket except);

  /** Sends an event to all; those that do not listen to events get its text. */
  void broadcast(ServerEvent event);

  /** Sends an event to all but one. */
  void broadcast(ServerEvent event, ClientSocket except);

  /** Sends bytes to all but those that listen to events, which are texts; the array is copied. */
  void broadcast(byte[] bytes);

  /** Sends bytes to the same, but for one; the array is copied. */
  void broadcast(byte[] bytes, ClientSocket except);

  /**
   * Answers each message that is this text with that reply, without waking the object and without a
   * turn: for a client's pings. The answer does not wait for messages before it. Held in the turn
   * like a message to send; it holds for all sockets of the object, and is forgotten when the last
   * one has gone and the object sleeps, so set it in the constructor.
   *
   * @param text of 1 to 1,024 characters
   * @param reply of at most 1,024 characters
   * @throws LimitException if one is too long, or it would be the 17th answer
   */
  void answer(String text, String reply);
}
