package dev.abide.engine;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * What an object answers to a raw request: status, headers and a body. Immutable: {@link #status}
 * and {@link #header} make others.
 *
 * <p>A body is bytes, a stream that is written beside the object's turns, or events that the object
 * sends when it likes.
 */
public final class Response {
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Set<String> RESERVED =
      Set.of(
          "connection",
          "content-length",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");
  private static final byte[] NOTHING = {};

  /** A header. */
  public record Header(String name, String value) {}

  /** What follows the headers. */
  public sealed interface Body {}

  /** Bytes. */
  public static final class Bytes implements Body {
    private final byte[] content;

    private Bytes(byte[] content) {
      this.content = content;
    }

    /** All of them; the array belongs to the response. */
    public byte[] content() {
      return content;
    }
  }

  /** Bytes that are written beside the object's turns. */
  public record Streamed(Writing writing) implements Body {}

  /** Server-sent events. */
  public record Events(Consumer<? super ClientSocket> opened) implements Body {}

  /** Writes a body. */
  @FunctionalInterface
  public interface Writing {
    /** Writes, and returns when that was all. */
    void writeTo(OutputStream out) throws Exception;
  }

  private final int status;
  private final List<Header> headers;
  private final Body body;

  private Response(int status, List<Header> headers, Body body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** A status and no body. */
  public static Response of(int status) {
    return new Response(200, List.of(), new Bytes(NOTHING)).status(status);
  }

  /** 200 and a text. */
  public static Response text(String text) {
    return bytes("text/plain;charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /** 200 and JSON that is written already. */
  public static Response json(String json) {
    return bytes("application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  /** 200 and bytes; the array belongs to the response from now on. */
  public static Response bytes(String contentType, byte[] content) {
    return new Response(200, List.of(), new Bytes(Objects.requireNonNull(content, "content")))
        .header("Content-Type", contentType);
  }

  /**
   * 200 and a body that is written piece by piece, as background work of the object is done: it
   * begins when the turn is durable, on a thread of its own, and gets at the object by {@link
   * ObjectContext#enter}, which returns what is durable. It keeps the object awake, and waits where
   * the client reads slowly.
   *
   * <p>When the writing returns, the response has ended well. If it throws, if the object is reset,
   * deleted or closed, and if the client does not read for the edge's {@code answerTimeout}, the
   * connection is cut, so that the client can tell; the thread is interrupted, or finds an {@link
   * java.io.IOException} when it writes.
   */
  public static Response stream(String contentType, Writing writing) {
    return new Response(200, List.of(), new Streamed(Objects.requireNonNull(writing, "writing")))
        .header("Content-Type", contentType);
  }

  /**
   * 200 and server-sent events: the client becomes one of the object's {@link Sockets}, one that
   * only listens. It stays while the object sleeps, gets what any turn sends to it or broadcasts,
   * each text an event, and ends as other sockets do.
   *
   * @param opened is given the client in this turn, to mark it and to send what comes first
   */
  public static Response events(Consumer<? super ClientSocket> opened) {
    return new Response(200, List.of(), new Events(Objects.requireNonNull(opened, "opened")))
        .header("Content-Type", "text/event-stream;charset=utf-8");
  }

  /**
   * The same with another status.
   *
   * @throws IllegalArgumentException if it is not one from 200 to 599, or is 204, 205 or 304 and
   *     there is a body
   */
  public Response status(int code) {
    if (code < 200 || code > 599) {
      throw new IllegalArgumentException(
          "the status of a response is " + code + "; it is one from 200 to 599");
    }
    boolean bodiless = code == 204 || code == 205 || code == 304;
    if (bodiless && !(body instanceof Bytes bytes && bytes.content().length == 0)) {
      throw new IllegalArgumentException("a response with the status " + code + " has no body");
    }
    return new Response(code, headers, body);
  }

  /**
   * The same with one header more; of {@code Content-Type} the last one counts.
   *
   * @throws IllegalArgumentException if name or value cannot stand in a response, or the header is
   *     about the connection, which is the server's
   */
  public Response header(String name, String value) {
    if (!TOKEN.matcher(name).matches()) {
      throw new IllegalArgumentException("\"" + name + "\" is no name of a header");
    }
    if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "the header " + name + " is about the connection, which is the server's");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c >= 0x7f) {
        throw new IllegalArgumentException(
            String.format(
                "the value of the header %s has the character U+%04X; encode it", name, (int) c));
      }
    }
    List<Header> more = new ArrayList<>(headers);
    if (name.equalsIgnoreCase("Content-Type")) {
      more.removeIf(header -> header.name().equalsIgnoreCase(name));
    }
    more.add(new Header(name, value));
    return new Response(status, List.copyOf(more), body);
  }

  /** The status. */
  public int status() {
    return status;
  }

  /** The headers, in the order in which they were set. */
  public List<Header> headers() {
    return headers;
  }

  /** The body. */
  public Body body() {
    return body;
  }

  @Override
  public String toString() {
    return "response " + status;
  }
}
