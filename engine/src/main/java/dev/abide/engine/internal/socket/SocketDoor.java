package dev.abide.engine.internal.socket;

import dev.abide.engine.internal.observe.Limit;

/** The way of sockets' events into the mailbox of their object. */
public interface SocketDoor {
  /** What became of an event. */
  enum Delivery {
    /** It waits in the mailbox; {@link Connection#ended} follows. */
    ACCEPTED,
    /** The same, and the mailbox is as full as it may be: read no more. */
    FULL,
    /** The engine takes nothing any more. */
    REFUSED
  }

  /** A message; the mailbox takes it, full as it may be. */
  Delivery message(Connection connection, Message message);

  /** Counts a bound that was met. */
  void met(Limit limit);

  /** The end of a connection; as above. */
  void ended(Connection connection, int code, String reason);
}
