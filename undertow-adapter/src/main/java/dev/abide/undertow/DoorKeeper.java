package dev.abide.undertow;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which names and which pages' origins may reach the edge. The name keeps out pages of a site whose
 * name is made to resolve to this machine; the origin those of any other site.
 */
final class DoorKeeper {
  private static final HttpString ALLOW_ORIGIN = new HttpString("Access-Control-Allow-Origin");
  private static final HttpString ALLOW_METHODS = new HttpString("Access-Control-Allow-Methods");
  private static final HttpString ALLOW_HEADERS = new HttpString("Access-Control-Allow-Headers");
  private static final HttpString ALLOW_CREDENTIALS =
      new HttpString("Access-Control-Allow-Credentials");
  private static final HttpString MAX_AGE = new HttpString("Access-Control-Max-Age");

  private final Set<String> hosts;
  private final Set<String> origins;

  DoorKeeper(Set<String> hosts, Set<String> origins) {
    this.hosts = hosts;
    this.origins = origins;
  }

  /**
   * Refuses a body whose end is a matter of opinion: Undertow takes a coding that it does not know
   * for none, so that the body would be taken for the next request.
   */
  static void checkCoding(HttpServerExchange exchange) {
    String coding = exchange.getRequestHeaders().getFirst(Headers.TRANSFER_ENCODING);
    if (coding != null && !coding.equalsIgnoreCase("chunked")) {
      exchange.setPersistent(false);
      throw Refusal.badRequest("the Transfer-Encoding must be chunked, and nothing else");
    }
  }

  /** Refuses a name that the server is not known by. */
  void checkHost(HttpServerExchange exchange) {
    if (exchange.getRequestHeaders().count(Headers.HOST) != 1) {
      throw Refusal.badRequest("the request must have one Host header");
    }
    String host = exchange.getRequestHeaders().getFirst(Headers.HOST);
    if (!hosts.isEmpty() && !hosts.contains(withoutPort(host).toLowerCase(Locale.ROOT))) {
      throw new Refusal(
          403, "foreign-host", "this server is not known by the name that the request gives");
    }
  }

  /** Refuses a page of another origin, unless it is allowed; then its browser is told so. */
  void checkOrigin(HttpServerExchange exchange) {
    if (exchange.getRequestHeaders().count(Headers.ORIGIN) > 1) {
      throw Refusal.badRequest("the request may have one Origin header at most");
    }
    String origin = exchange.getRequestHeaders().getFirst(Headers.ORIGIN);
    if (origin == null || isOwn(origin, exchange)) {
      return;
    }
    if (!origins.contains(origin.toLowerCase(Locale.ROOT))) {
      throw new Refusal(403, "foreign-origin", "pages of that origin may not call");
    }
    exchange
        .getResponseHeaders()
        .put(ALLOW_ORIGIN, origin)
        .put(ALLOW_CREDENTIALS, "true")
        .put(Headers.VARY, "Origin");
  }

  /**
   * Answers a browser that asks whether a page of another origin may call.
   *
   * @param methods the methods that the address takes
   */
  void preflight(HttpServerExchange exchange, String methods) {
    checkOrigin(exchange);
    exchange
        .getResponseHeaders()
        .put(ALLOW_METHODS, methods)
        .put(ALLOW_HEADERS, "Authorization, Content-Type")
        .put(MAX_AGE, "600");
    Answers.empty(exchange, 204);
  }

  static boolean isPreflight(HttpServerExchange exchange) {
    return exchange.getRequestMethod().equals(Methods.OPTIONS)
        && exchange.getRequestHeaders().contains(Headers.ORIGIN);
  }

  /*
   * The scheme is not compared: behind a proxy that ends TLS, the page's is https and ours http. Its
   * port stands for it where none is written.
   */
  private static boolean isOwn(String origin, HttpServerExchange exchange) {
    URI uri = uri(origin);
    String host = exchange.getRequestHeaders().getFirst(Headers.HOST);
    if (uri == null || uri.getHost() == null || uri.getScheme() == null || host == null) {
      return false;
    }
    int usual = uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    String name = withoutPort(host);
    String port = host.substring(name.length());
    int ours =
        port.length() > 1 && port.matches(":[0-9]{1,5}")
            ? Integer.parseInt(port.substring(1))
            : usual;
    return uri.getHost().equalsIgnoreCase(name)
        && (uri.getPort() < 0 ? usual : uri.getPort()) == ours;
  }

  private static @Nullable URI uri(String origin) {
    try {
      return URI.create(origin);
    } catch (IllegalArgumentException none) {
      return null; // an origin that is no URI is nobody's own
    }
  }

  private static String withoutPort(String host) {
    int colon = host.lastIndexOf(':');
    return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
  }
}
