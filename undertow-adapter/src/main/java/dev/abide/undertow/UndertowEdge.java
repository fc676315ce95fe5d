package dev.abide.undertow;

import dev.abide.engine.Abide;
import dev.abide.engine.Caller;
import dev.abide.engine.ContextCarrier;
import io.undertow.server.HttpHandler;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

/**
 * Serves an engine's exposed methods over HTTP: {@code POST /objects/{type}/{id}/{method}} with a
 * JSON object of the arguments by name, {@code GET} for {@code @ReadOnly} methods of scalars; its
 * sockets: {@code GET /objects/{type}/{id}} with a WebSocket upgrade; and raw requests to objects:
 * anything at {@code /objects/{type}/{id}/http/...}.
 *
 * <p>Threading: safe for all threads. Errors are RFC 9457 problems; see the edge's reference.
 * Durability: a response leaves when everything that it depends on is durable.
 */
public final class UndertowEdge implements AutoCloseable {
  private final Server server;

  private UndertowEdge(Server server) {
    this.server = server;
  }

  /**
   * Opens the edge of an engine. Close it before the engine.
   *
   * @param abide an open engine
   * @param configure sets options
   * @throws IllegalArgumentException if an option is wrong, if a type of an exposed method has no
   *     JSON form, or if the address is not a loopback one and there is no rule for who may call
   * @throws java.io.UncheckedIOException if the address is taken or cannot be bound
   */
  public static UndertowEdge open(Abide abide, Consumer<? super Options> configure) {
    return new UndertowEdge(Server.start(abide, EdgeConfig.of(configure)));
  }

  /**
   * The same as a handler to be mounted in another Undertow application, which owns listeners,
   * buffers and timeouts; {@code bind} and {@code admin} have no meaning here. Requires {@link
   * Options#authorize} or {@link Options#allowAll}.
   *
   * @throws IllegalArgumentException as {@link #open}
   */
  public static HttpHandler handler(Abide abide, Consumer<? super Options> configure) {
    return Server.handler(abide, EdgeConfig.of(configure));
  }

  /** The port that is served. */
  public int port() {
    return server.port();
  }

  /** The port of the admin listener. Throws {@link IllegalStateException} if there is none. */
  public int adminPort() {
    return server.adminPort();
  }

  /**
   * Refuses new requests with 503, waits for those under way, at most {@link Options#drain}, closes
   * sockets with 1001, and then the listeners. Idempotent. The engine stays open.
   */
  @Override
  public void close() {
    server.close();
  }

  /** What an edge is opened with. Used in the function given to {@code open} only. */
  public interface Options {
    /** The address; {@code 127.0.0.1}, 8080 by default. Port 0 picks a free one. */
    Options bind(String host, int port);

    /** TLS for the listener of {@link #bind}. */
    Options tls(SSLContext context);

    /**
     * A listener of its own for {@code /livez}, {@code /readyz} and {@code /metrics}, to be kept
     * from the public; none by default. With it turns are timed, which costs every call two looks
     * at a clock.
     */
    Options admin(String host, int port);

    /** Finds out who calls. On a virtual thread: it may wait. An exception is a 500. */
    Options authenticate(Function<? super EdgeRequest, Optional<Caller>> rule);

    /**
     * Opens something around the hand-over of each request that may come in: a span under the one
     * that a {@code traceparent} names, a logging context. What the engine's carriers capture there
     * goes into the turn. On the thread that hands over, which may not wait; closed there at once,
     * before the turn has ended. An exception is a 500, and nothing was done.
     */
    Options context(Function<? super EdgeRequest, ? extends ContextCarrier.Scope> opening);

    /** Decides who may call what. */
    Options authorize(Authorizer rule);

    /** Lets everybody call every exposed method; to be said where the address is public. */
    Options allowAll();

    /**
     * Origins, as {@code https://app.example}, whose pages may call. A page of the edge's own
     * origin always may; any other is refused with 403.
     */
    Options allowOrigins(String... origins);

    /**
     * Names by which clients may know this server, without port; all by default. On a loopback
     * address they are added to {@code localhost}, {@code 127.0.0.1} and {@code [::1]}: other names
     * are refused there, since a stranger's page can have any name that resolves to this machine.
     */
    Options allowHosts(String... hosts);

    /** Where objects are; {@code /objects}. */
    Options prefix(String path);

    /** Serves what is no object and no health check; 404 by default. Called on I/O threads. */
    Options otherwise(HttpHandler handler);

    /** How many bytes a request's body may have; 1 MiB. */
    Options bodyBytesMax(int bytes);

    /**
     * How many bytes of bodies may be in memory at once; a 64th of the heap, at most 64 MiB. Over
     * it, 503. A body counts until its request has its answer and its turn is over. What is made of
     * it takes several times its bytes.
     */
    Options bodiesBytesMax(long bytes);

    /**
     * How many bytes of answers may wait at once for clients to read them; a 16th of the heap, at
     * most 256 MiB. A call whose answer finds no room ends with 503.
     */
    Options answersBytesMax(long bytes);

    /** How many bytes a request's line and headers may have; 16 KiB. */
    Options headerBytesMax(int bytes);

    /** How deep JSON may be nested; 64. */
    Options jsonDepthMax(int levels);

    /**
     * How many requests may be under way at once, those included that nobody waits for any more and
     * whose turns go on; 10,000. Over it, 503.
     */
    Options requestsMax(int requests);

    /** How many connections may be open at once; 20,000. Others wait to be accepted. */
    Options connectionsMax(int connections);

    /** How long a request's line and headers may take to come; 10 s. */
    Options headerTimeout(Duration timeout);

    /**
     * How long a request's body may take to come, {@link #otherwise}'s too, and a message of a
     * socket with all its fragments; 30 s. Then the connection is closed, a socket with 1008.
     */
    Options bodyTimeout(Duration timeout);

    /** How long a client may leave an answer unread; 30 s. Then the connection is closed. */
    Options answerTimeout(Duration timeout);

    /**
     * How long a client waits for a call; 30 s. Then 504, and its turn goes on. An earlier deadline
     * of the method itself holds instead, and interrupts the turn.
     */
    Options callTimeout(Duration timeout);

    /**
     * How many bytes a message of a socket may have, all fragments together; 64 KiB, but no more
     * than {@link #bodiesBytesMax}. Over it, the socket is closed with 1009. Messages that have
     * come and wait count in {@link #bodiesBytesMax}; where there is no room, 1013.
     */
    Options socketMessageMax(int bytes);

    /**
     * How many bytes may wait for the client of one socket, each message counting 64 more than it
     * has; 256 KiB. Who lets more pile up is closed with 1013. One larger message passes alone.
     */
    Options socketQueueMax(long bytes);

    /**
     * How long a socket may be silent; 60 s. It is pinged after a third of it; then the connection
     * is closed.
     */
    Options socketIdleTimeout(Duration timeout);

    /**
     * How long close waits for requests under way, and then again for sockets to say goodbye; 10 s.
     */
    Options drain(Duration grace);
  }
}
