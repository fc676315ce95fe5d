package dev.abide.engine;

import java.util.List;
import java.util.Optional;

/**
 * The request by which a client plugs in. Valid in its {@link OnSocket#onOpen}; in the object's
 * turn only.
 */
public interface SocketRequest {
  /** The path as the client sent it, not decoded, without the query. */
  String path();

  /** A header's first value; upper and lower case are one. */
  Optional<String> header(String name);

  /** A parameter of the query, decoded. */
  Optional<String> query(String name);

  /** Who plugs in, if that is known. */
  Optional<Caller> caller();

  /** What the client offers to speak, in the order of its preference; empty if it does not say. */
  List<String> subprotocols();

  /**
   * Agrees to speak one of them. Browsers hang up if they offer some and none is chosen.
   *
   * @throws IllegalArgumentException if the client does not offer it
   */
  void choose(String subprotocol);
}
