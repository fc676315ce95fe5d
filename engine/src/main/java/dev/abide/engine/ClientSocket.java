package dev.abide.engine;

import java.util.Optional;
import java.util.Set;

/**
 * A client's connection to an object. It stays open while the object sleeps; this handle is of one
 * instance and dies with it, so a woken one gets its sockets from {@link Sockets}.
 *
 * <p>Threading: {@link #id} from any thread, all else in the object's own turns.
 *
 * <p>Durability: what is sent, and a close, is held until the turn has ended well and everything
 * that it depends on is durable; then it leaves in order. If the turn throws, nothing is sent, and
 * tags and attachment are as they were before it. Both live as long as the connection does, through
 * sleep and reset, and not longer: they are in no journal.
 *
 * <p>Errors: {@link IllegalStateException} outside of the object's turns, in a read-only turn for
 * what changes or sends something, and for a handle whose instance is gone. A client that is gone
 * is no error: what is sent to it goes nowhere, and {@link OnSocket#onClose} comes.
 *
 * <p>Bounds: what waits for one client, for durability or for it to read, is bounded by bytes; one
 * that reads too slowly is closed with 1013 and told nothing more.
 */
public interface ClientSocket {
  /** A name of this connection: unique among all that were and will be. */
  String id();

  /** Who plugged in, if that is known. */
  Optional<Caller> caller();

  /**
   * Sends a text message.
   *
   * @throws IllegalArgumentException if the text has half a surrogate pair
   * @throws LimitException if the turn sends more than 64 MiB
   */
  void send(String text);

  /**
   * Sends a text with what listeners of events take up after; others get the text alone.
   *
   * @throws IllegalArgumentException as {@link #send(String)}
   * @throws LimitException as {@link #send(String)}
   */
  void send(ServerEvent event);

  /** Whether this client listens to events only: see {@link Response#events}. */
  boolean listens();

  /**
   * Sends a binary message; the array is copied.
   *
   * @throws IllegalArgumentException if the client listens to events, which are texts
   * @throws LimitException if the turn sends more than 64 MiB
   */
  void send(byte[] bytes);

  /**
   * Closes the connection, behind all that was sent. It is no longer among {@link Sockets#all} from
   * now on. Does nothing if it is closed.
   *
   * @param code 1000, 1001, 1003, 1007 to 1009, 1011 to 1013, or one of your own from 3000 to 4999
   * @param reason a text for the client, 123 bytes at most
   * @throws IllegalArgumentException if code or reason is not allowed
   */
  void close(int code, String reason);

  /**
   * Marks the socket, to be found by {@link Sockets#tagged}.
   *
   * @throws LimitException if the tag is longer than 256 characters, or it would be the 17th
   */
  void tag(String tag);

  /** Takes a mark away. */
  void untag(String tag);

  /** The marks, in the order in which they were set. */
  Set<String> tags();

  /**
   * Keeps a value with the connection, instead of the one before.
   *
   * @param value of a type that storage can hold
   * @throws IllegalArgumentException if its class has no codec
   * @throws LimitException if it takes more than 16 KiB
   */
  void attach(Object value);

  /** As {@link #attach(Object)}, for types with parameters and sealed interfaces. */
  <T> void attach(StoredType<T> type, T value);

  /**
   * The value that is kept with the connection.
   *
   * @throws IllegalArgumentException if it was attached as another type
   */
  <T> Optional<T> attachment(Class<T> type);

  /** As {@link #attachment(Class)}. */
  <T> Optional<T> attachment(StoredType<T> type);
}
