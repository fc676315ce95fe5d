package dev.abide.engine.testing;

import dev.abide.engine.Abide;
import dev.abide.engine.AbideException;
import dev.abide.engine.Caller;
import dev.abide.engine.SocketRefusedException;
import dev.abide.engine.spi.Descriptor;
import dev.abide.engine.spi.Door;
import dev.abide.engine.spi.Frame;
import dev.abide.engine.spi.SocketEvents;
import dev.abide.engine.spi.Upgrade;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client that is plugged in to an object, without a server: it goes the way that an adapter's
 * clients go. It reads what comes at once, unless told not to.
 *
 * <p>Threading: safe for all threads.
 */
public final class TestSocket implements AutoCloseable {
  private final TestWire wire;

  private TestSocket(TestWire wire) {
    this.wire = wire;
  }

  /** What the client sends to plug in. */
  public interface Options {
    /** The path as it is sent, beginning with a slash; {@code "/"} by default. */
    Options path(String path);

    /** A header. */
    Options header(String name, String value);

    /** A parameter of the query. */
    Options query(String name, String value);

    /** Offers to speak these. */
    Options subprotocols(String... names);

    /** Who it is. */
    Options caller(Caller caller);

    /**
     * How many bytes may wait for the client, a message counting 64 more than it has; 256 KiB, as
     * at the edge.
     */
    Options queueBytesMax(long bytes);
  }

  /** How a connection ended. */
  public record End(int code, String reason) {}

  /**
   * Plugs in, and returns when the object has taken the client in.
   *
   * @throws SocketRefusedException if the object refused it
   * @throws AbideException if the object could not be asked
   * @throws IllegalArgumentException if the type is not hosted or exposes no sockets
   * @throws IllegalStateException if {@code onOpen} threw something else, which is the cause
   */
  public static TestSocket connect(
      Abide abide, Class<?> type, String id, Consumer<? super Options> configure) {
    Client client = new Client();
    configure.accept(client);
    Door door = Door.of(abide);
    TestWire wire = new TestWire(client.queueBytesMax);
    SocketEvents events =
        door.connect(
            name(door, type),
            id,
            new Upgrade(client.path, client.headers, client.query, client.subprotocols),
            client.caller,
            Duration.ofSeconds(30),
            wire);
    wire.connect(events);
    wire.awaitAnswer();
    return new TestSocket(wire);
  }

  /** As {@link #connect(Abide, Class, String, Consumer)}, with nothing to say. */
  public static TestSocket connect(Abide abide, Class<?> type, String id) {
    return connect(abide, type, id, options -> {});
  }

  private static String name(Door door, Class<?> type) {
    for (String name : door.types()) {
      Descriptor<?> descriptor = door.descriptor(name);
      if (descriptor != null && descriptor.type() == type) {
        return name;
      }
    }
    throw new IllegalArgumentException(type.getName() + " is not hosted by this engine");
  }

  private static final class Client implements Options {
    final Map<String, String> headers = new LinkedHashMap<>();
    final Map<String, String> query = new LinkedHashMap<>();
    String path = "/";
    List<String> subprotocols = List.of();
    @Nullable Caller caller;
    long queueBytesMax = 256 << 10;

    @Override
    public Options path(String sent) {
      if (!sent.startsWith("/")) {
        throw new IllegalArgumentException(
            "the path of a request is \"" + sent + "\", and begins with a slash");
      }
      path = sent;
      return this;
    }

    @Override
    public Options header(String name, String value) {
      headers.put(name.toLowerCase(Locale.ROOT), value);
      return this;
    }

    @Override
    public Options query(String name, String value) {
      query.put(name, value);
      return this;
    }

    @Override
    public Options subprotocols(String... names) {
      subprotocols = List.of(names);
      return this;
    }

    @Override
    public Options caller(Caller who) {
      caller = who;
      return this;
    }

    @Override
    public Options queueBytesMax(long bytes) {
      queueBytesMax = bytes;
      return this;
    }
  }

  /** What was agreed on, if anything. */
  public Optional<String> subprotocol() {
    return wire.subprotocol();
  }

  /**
   * Sends a text; does not wait for its turn, but for the object to read on where too much of this
   * client waits.
   *
   * @throws IllegalStateException if the connection has ended
   */
  public void send(String text) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    wire.tell(events -> events.text(text, bytes));
  }

  /** Sends bytes; as {@link #send(String)}. */
  public void send(byte[] bytes) {
    byte[] copy = bytes.clone();
    wire.tell(events -> events.bytes(copy));
  }

  /** The next text that came; waits for it, at most 30 s. */
  public String next() {
    Frame frame = wire.next();
    if (!frame.text()) {
      throw new AssertionError("bytes came, not a text");
    }
    return StandardCharsets.UTF_8.decode(frame.content()).toString();
  }

  /** The next bytes that came; waits for them, at most 30 s. */
  public byte[] nextBytes() {
    Frame frame = wire.next();
    if (frame.text()) {
      throw new AssertionError("a text came, not bytes");
    }
    byte[] bytes = new byte[frame.length()];
    frame.content().get(bytes);
    return bytes;
  }

  /** The texts that came and were not taken by {@link #next}; takes them, and waits for none. */
  public List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (Frame frame : wire.takeAll()) {
      texts.add(StandardCharsets.UTF_8.decode(frame.content()).toString());
    }
    return texts;
  }

  /** Reads nothing from now on: what is sent to the client waits for it. */
  public void stopReading() {
    wire.reading(false);
  }

  /** Reads again. */
  public void readOn() {
    wire.reading(true);
  }

  /** Ends the connection from the client's side. */
  public void close(int code, String reason) {
    wire.end(code, reason);
  }

  /** Ends it with 1000. Does nothing if it has ended. */
  @Override
  public void close() {
    close(1000, "");
  }

  /** The client is gone without a word. */
  public void vanish() {
    close(1006, "");
  }

  /** How the connection ended, if it has. */
  public Optional<End> end() {
    return wire.end();
  }

  /** How the connection ended; waits for it, at most 30 s. */
  public End awaitEnd() {
    return wire.awaitEnd();
  }
}
