package dev.abide.engine.spi;

import java.util.List;
import java.util.Map;

/**
 * What a client sent to plug in. Immutable.
 *
 * @param path as it was sent, not decoded, without the query
 * @param headers the first value of each header, by its name in lower case
 * @param query the parameters, decoded
 * @param subprotocols what the client offers to speak
 */
public record Upgrade(
    String path,
    Map<String, String> headers,
    Map<String, String> query,
    List<String> subprotocols) {
  /** Keeps own copies. */
  public Upgrade {
    headers = Map.copyOf(headers);
    query = Map.copyOf(query);
    subprotocols = List.copyOf(subprotocols);
  }
}
