package dev.abide.engine;

import org.jspecify.annotations.Nullable;

/**
 * A message for clients that listen by server-sent events: a text, and with it a number to take up
 * after, and a name. Clients plugged in by WebSocket get the text alone. Immutable.
 *
 * @param id the client says it as {@code Last-Event-ID} when it comes back; null for none
 * @param name what it is listened for by; null for {@code message}
 * @param text the text; its lines may end with CR, LF or both, and arrive with LF
 */
public record ServerEvent(@Nullable String id, @Nullable String name, String text) {
  /** Refuses an id or a name that would be taken for something else. */
  public ServerEvent {
    check("id", id);
    check("name", name);
  }

  private static void check(String what, @Nullable String value) {
    if (value == null) {
      return;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\n' || c == '\r' || c == 0) {
        throw new IllegalArgumentException(
            String.format("the %s of an event has the character U+%04X", what, (int) c));
      }
    }
  }

  /** A text without more. */
  public static ServerEvent of(String text) {
    return new ServerEvent(null, null, text);
  }

  /** A text with its number. */
  public static ServerEvent of(long id, String text) {
    return new ServerEvent(Long.toString(id), null, text);
  }

  /** The same by another name. */
  public ServerEvent named(String newName) {
    return new ServerEvent(id, newName, text);
  }
}
