package dev.abide.undertow;

import dev.abide.engine.Abide;
import dev.abide.engine.spi.Door;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.HttpHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.xnio.Options;

/** The listeners of an edge and what they share. */
final class Server {
  private static final int NO_REQUEST_TIMEOUT_MS = 60_000;
  private static final int HEADERS_MAX = 100;
  private static final int PARAMETERS_MAX = 100;

  private final Undertow listener;
  private final @Nullable Undertow admin;
  private final Admission admission;
  private final ExecutorService virtual;
  private final OpenSockets sockets;
  private final Duration drain;

  private Server(
      Undertow listener,
      @Nullable Undertow admin,
      Admission admission,
      ExecutorService virtual,
      OpenSockets sockets,
      Duration drain) {
    this.listener = listener;
    this.admin = admin;
    this.admission = admission;
    this.virtual = virtual;
    this.sockets = sockets;
    this.drain = drain;
  }

  static Server start(Abide abide, EdgeConfig config) {
    boolean loopback = EdgeConfig.isLoopback(config.host);
    config.checkReach(loopback);
    Admission admission = new Admission(config);
    ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor();
    MetricsHandler metrics =
        config.adminHost == null ? null : new MetricsHandler(abide, admission, virtual);
    EdgeMeter meter = metrics == null ? null : metrics.edge();
    OpenSockets sockets = new OpenSockets(config.socketIdleTimeout, config.bodyTimeout);
    HttpHandler handler = handler(abide, config, admission, virtual, sockets, loopback, meter);
    Undertow.Builder builder = builder(config).setHandler(handler);
    if (config.tls == null) {
      builder.addHttpListener(config.port, config.host);
    } else {
      builder.addHttpsListener(config.port, config.host, config.tls);
    }
    Undertow listener = started(builder.build(), config.host, config.port);
    Undertow admin = null;
    String adminHost = config.adminHost;
    if (adminHost != null) {
      DoorKeeper keeper =
          new DoorKeeper(config.knownHosts(EdgeConfig.isLoopback(adminHost)), java.util.Set.of());
      Undertow second =
          builder(config)
              .setIoThreads(1)
              .setHandler(
                  new EdgeHandler(
                      abide, admission, keeper, null, metrics, config.bodyTimeout, null))
              .addHttpListener(config.adminPort, adminHost)
              .build();
      try {
        admin = started(second, adminHost, config.adminPort);
      } catch (RuntimeException failure) {
        listener.stop();
        virtual.shutdownNow();
        throw failure;
      }
    }
    return new Server(listener, admin, admission, virtual, sockets, config.drain);
  }

  /** A handler for another application's listeners. */
  static HttpHandler handler(Abide abide, EdgeConfig config) {
    config.checkReach(/* loopback */ false);
    return handler(
        abide,
        config,
        new Admission(config),
        Executors.newVirtualThreadPerTaskExecutor(),
        new OpenSockets(config.socketIdleTimeout, config.bodyTimeout),
        /* loopback */ false,
        null);
  }

  private static HttpHandler handler(
      Abide abide,
      EdgeConfig config,
      Admission admission,
      ExecutorService virtual,
      OpenSockets sockets,
      boolean loopback,
      @Nullable EdgeMeter meter) {
    DoorKeeper keeper = new DoorKeeper(config.knownHosts(loopback), config.origins);
    ObjectsHandler objects =
        new ObjectsHandler(Door.of(abide), config, admission, keeper, virtual, sockets);
    return new EdgeHandler(
        abide, admission, keeper, objects, config.otherwise, config.bodyTimeout, meter);
  }

  /*
   * No cache per thread in the pool of buffers: virtual threads would each fill one. Addresses are
   * not decoded: %2F would stay and %25 would not, so that two ids would have one address.
   */
  private static Undertow.Builder builder(EdgeConfig config) {
    return Undertow.builder()
        .setByteBufferPool(new DefaultByteBufferPool(true, 16 * 1024, 1000, 0, 0))
        .setServerOption(UndertowOptions.DECODE_URL, false)
        .setServerOption(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, false)
        .setServerOption(
            UndertowOptions.MAX_ENTITY_SIZE,
            config.bodyBytesMax + 2 * BodyReader.DISCARDED_BYTES_MAX)
        .setServerOption(UndertowOptions.MAX_HEADER_SIZE, config.headerBytesMax)
        .setServerOption(UndertowOptions.MAX_HEADERS, HEADERS_MAX)
        .setServerOption(UndertowOptions.MAX_PARAMETERS, PARAMETERS_MAX)
        .setServerOption(
            UndertowOptions.REQUEST_PARSE_TIMEOUT, (int) config.headerTimeout.toMillis())
        .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, NO_REQUEST_TIMEOUT_MS)
        .setServerOption(UndertowOptions.ALLOW_UNKNOWN_PROTOCOLS, false)
        .setServerOption(UndertowOptions.ENABLE_HTTP2, false)
        .setSocketOption(Options.WRITE_TIMEOUT, (int) config.answerTimeout.toMillis())
        .setSocketOption(Options.CONNECTION_HIGH_WATER, config.connectionsMax)
        .setSocketOption(Options.CONNECTION_LOW_WATER, config.connectionsMax);
  }

  private static Undertow started(Undertow server, String host, int port) {
    try {
      server.start();
      return server;
    } catch (RuntimeException failure) {
      server.stop();
      for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
        if (cause instanceof BindException taken) {
          throw new UncheckedIOException(
              host
                  + ":"
                  + port
                  + " cannot be bound: "
                  + taken.getMessage()
                  + ". Stop what uses that port, or choose another one; 0 picks a free one",
              taken);
        }
        if (cause instanceof IOException io) {
          throw new UncheckedIOException(host + ":" + port + " cannot be bound", io);
        }
      }
      throw failure;
    }
  }

  int port() {
    return port(listener);
  }

  int adminPort() {
    if (admin == null) {
      throw new IllegalStateException("this edge has no admin listener; set admin(host, port)");
    }
    return port(admin);
  }

  private static int port(Undertow server) {
    return ((InetSocketAddress) server.getListenerInfo().getFirst().getAddress()).getPort();
  }

  void close() {
    admission.drain(drain);
    sockets.close(drain);
    listener.stop();
    if (admin != null) {
      admin.stop();
    }
    virtual.shutdown();
  }
}
