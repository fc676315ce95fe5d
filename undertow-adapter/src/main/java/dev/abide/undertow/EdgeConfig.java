package dev.abide.undertow;

import dev.abide.engine.Caller;
import dev.abide.engine.ContextCarrier;
import io.undertow.server.HttpHandler;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** An edge's options, checked as they are set. */
final class EdgeConfig implements UndertowEdge.Options {
  private static final Pattern PREFIX = Pattern.compile("(/[A-Za-z0-9._~-]+)+");
  private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

  private static final int SOCKET_MESSAGE_BYTES = 64 << 10;

  String host = "127.0.0.1";
  int port = 8080;
  @Nullable SSLContext tls;
  @Nullable String adminHost;
  int adminPort;
  @Nullable Function<? super EdgeRequest, Optional<Caller>> authentication;
  @Nullable Function<? super EdgeRequest, ? extends ContextCarrier.Scope> context;
  @Nullable Authorizer authorization;
  boolean allowsAll;
  final Set<String> origins = new HashSet<>();
  final Set<String> hosts = new HashSet<>();
  String prefix = "/objects";
  @Nullable HttpHandler otherwise;
  int bodyBytesMax = 1 << 20;
  long bodiesBytesMax = Math.clamp(Runtime.getRuntime().maxMemory() / 64, 1L << 20, 64L << 20);
  long answersBytesMax = Math.clamp(Runtime.getRuntime().maxMemory() / 16, 1L << 20, 256L << 20);
  int headerBytesMax = 16 << 10;
  int jsonDepthMax = 64;
  int requestsMax = 10_000;
  int connectionsMax = 20_000;

  /** Zero until it is set: then 64 KiB, or all that messages may take if that is less. */
  int socketMessageMax;

  long socketQueueMax = 256 << 10;
  Duration socketIdleTimeout = Duration.ofSeconds(60);
  Duration headerTimeout = Duration.ofSeconds(10);
  Duration bodyTimeout = Duration.ofSeconds(30);
  Duration answerTimeout = Duration.ofSeconds(30);
  Duration callTimeout = Duration.ofSeconds(30);
  Duration drain = Duration.ofSeconds(10);

  private EdgeConfig() {}

  static EdgeConfig of(Consumer<? super UndertowEdge.Options> configure) {
    EdgeConfig config = new EdgeConfig();
    configure.accept(config);
    if (config.bodiesBytesMax < config.bodyBytesMax) {
      throw new IllegalArgumentException(
          String.format(
              "bodiesBytesMax is %,d, less than one body may have: bodyBytesMax is %,d. Raise the"
                  + " first or lower the second",
              config.bodiesBytesMax, config.bodyBytesMax));
    }
    if (config.socketMessageMax == 0) {
      config.socketMessageMax = (int) Math.min(SOCKET_MESSAGE_BYTES, config.bodiesBytesMax);
    } else if (config.bodiesBytesMax < config.socketMessageMax) {
      throw new IllegalArgumentException(
          String.format(
              "bodiesBytesMax is %,d, less than one message may have: socketMessageMax is %,d. Raise"
                  + " the first or lower the second",
              config.bodiesBytesMax, config.socketMessageMax));
    }
    return config;
  }

  /** The names by which clients may know a listener; empty if all may. */
  Set<String> knownHosts(boolean loopback) {
    Set<String> known = new HashSet<>(hosts);
    if (loopback) {
      known.addAll(LOOPBACK_NAMES);
    }
    return known;
  }

  /** Refuses an edge that strangers could reach without anybody having said so. */
  void checkReach(boolean loopback) {
    if (!loopback && authorization == null && !allowsAll) {
      throw new IllegalArgumentException(
          "the edge would be reachable from elsewhere, at "
              + host
              + ", and nothing says who may call what. Set authorize(...), or allowAll() if"
              + " everybody may call every exposed method, or bind to 127.0.0.1");
    }
  }

  /** Whether the address can only be reached from this machine. */
  static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "\"" + host + "\" is no address of this machine: " + e.getMessage(), e);
    }
  }

  @Override
  public EdgeConfig bind(String host, int port) {
    checkPort(port);
    this.host = host;
    this.port = port;
    return this;
  }

  @Override
  public EdgeConfig tls(SSLContext context) {
    tls = context;
    return this;
  }

  @Override
  public EdgeConfig admin(String host, int port) {
    checkPort(port);
    adminHost = host;
    adminPort = port;
    return this;
  }

  @Override
  public EdgeConfig authenticate(Function<? super EdgeRequest, Optional<Caller>> rule) {
    authentication = rule;
    return this;
  }

  @Override
  public EdgeConfig context(Function<? super EdgeRequest, ? extends ContextCarrier.Scope> opening) {
    context = opening;
    return this;
  }

  @Override
  public EdgeConfig authorize(Authorizer rule) {
    authorization = rule;
    return this;
  }

  @Override
  public EdgeConfig allowAll() {
    allowsAll = true;
    return this;
  }

  @Override
  public EdgeConfig allowOrigins(String... origins) {
    for (String origin : origins) {
      URI uri = URI.create(origin);
      if (uri.getScheme() == null
          || uri.getHost() == null
          || !uri.getPath().isEmpty()
          || uri.getQuery() != null) {
        throw new IllegalArgumentException(
            "\"" + origin + "\" is no origin; write scheme, host and port: https://app.example");
      }
      this.origins.add(origin.toLowerCase(Locale.ROOT));
    }
    return this;
  }

  @Override
  public EdgeConfig allowHosts(String... hosts) {
    for (String name : hosts) {
      this.hosts.add(name.toLowerCase(Locale.ROOT));
    }
    return this;
  }

  @Override
  public EdgeConfig prefix(String path) {
    if (!PREFIX.matcher(path).matches()) {
      throw new IllegalArgumentException(
          "\"" + path + "\" is no prefix; it begins with / and does not end so: /objects");
    }
    prefix = path;
    return this;
  }

  @Override
  public EdgeConfig otherwise(HttpHandler handler) {
    otherwise = handler;
    return this;
  }

  @Override
  public EdgeConfig bodyBytesMax(int bytes) {
    bodyBytesMax = (int) positive("bodyBytesMax", bytes);
    return this;
  }

  @Override
  public EdgeConfig bodiesBytesMax(long bytes) {
    bodiesBytesMax = positive("bodiesBytesMax", bytes);
    return this;
  }

  @Override
  public EdgeConfig answersBytesMax(long bytes) {
    answersBytesMax = positive("answersBytesMax", bytes);
    return this;
  }

  @Override
  public EdgeConfig headerTimeout(Duration timeout) {
    headerTimeout = positive("headerTimeout", timeout);
    return this;
  }

  @Override
  public EdgeConfig answerTimeout(Duration timeout) {
    answerTimeout = positive("answerTimeout", timeout);
    return this;
  }

  @Override
  public EdgeConfig headerBytesMax(int bytes) {
    headerBytesMax = (int) positive("headerBytesMax", bytes);
    return this;
  }

  @Override
  public EdgeConfig jsonDepthMax(int levels) {
    jsonDepthMax = (int) positive("jsonDepthMax", levels);
    return this;
  }

  @Override
  public EdgeConfig requestsMax(int requests) {
    requestsMax = (int) positive("requestsMax", requests);
    return this;
  }

  @Override
  public EdgeConfig connectionsMax(int connections) {
    connectionsMax = (int) positive("connectionsMax", connections);
    return this;
  }

  @Override
  public EdgeConfig bodyTimeout(Duration timeout) {
    bodyTimeout = positive("bodyTimeout", timeout);
    return this;
  }

  @Override
  public EdgeConfig callTimeout(Duration timeout) {
    callTimeout = positive("callTimeout", timeout);
    return this;
  }

  @Override
  public EdgeConfig socketMessageMax(int bytes) {
    socketMessageMax = (int) positive("socketMessageMax", bytes);
    return this;
  }

  @Override
  public EdgeConfig socketQueueMax(long bytes) {
    socketQueueMax = positive("socketQueueMax", bytes);
    return this;
  }

  @Override
  public EdgeConfig socketIdleTimeout(Duration timeout) {
    socketIdleTimeout = positive("socketIdleTimeout", timeout);
    return this;
  }

  @Override
  public EdgeConfig drain(Duration grace) {
    if (grace.isNegative()) {
      throw new IllegalArgumentException("drain is " + grace + ", and cannot be negative");
    }
    drain = grace;
    return this;
  }

  private static void checkPort(int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("the port is " + port + ", and must be 0 to 65535");
    }
  }

  private static long positive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + ", and must be at least 1");
    }
    return value;
  }

  private static Duration positive(String name, Duration value) {
    if (value.isNegative() || value.isZero() || value.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          name + " is " + value + ", and must be positive and at most a day");
    }
    return value;
  }
}
