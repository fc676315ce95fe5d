package dev.abide.undertow;

import java.util.Optional;

/**
 * What authentication sees of a request. Valid while it is asked.
 *
 * <p>Threading: for the thread that was given it.
 */
public interface EdgeRequest {
  /** The HTTP method. */
  String method();

  /** The path as the client sent it, not decoded. */
  String path();

  /** A header's first value. */
  Optional<String> header(String name);

  /** A cookie's value. */
  Optional<String> cookie(String name);

  /** The address that the connection comes from; a proxy's, if there is one. */
  String remoteAddress();
}
