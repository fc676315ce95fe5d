package dev.abide.undertow;

import dev.abide.engine.Caller;
import dev.abide.engine.spi.Door;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.SameThreadExecutor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * From a request to a call and back. Judged on the I/O thread, cheapest first: address, origin,
 * route, size; rules that may wait and large bodies go to a virtual thread; the call is handed over
 * through the asynchronous door, which never waits either.
 */
final class ObjectsHandler implements HttpHandler {
  private static final int ID_BYTES_MAX = 1_024;

  /** Larger ones take an I/O thread too long to read. */
  private static final int INLINE_BYTES_MAX = 16 << 10;

  private final Door door;
  private final RouteTable routes;
  private final JsonForm json;
  private final BodyReader bodies;
  private final DoorKeeper keeper;
  private final Admission admission;
  private final Executor virtual;
  private final String prefix;
  private final Duration callTimeout;
  private final Rules rules;
  private final EdgeContext context;
  private final WebSocketDoor sockets;
  private final RequestDoor requests;

  ObjectsHandler(
      Door door,
      EdgeConfig config,
      Admission admission,
      DoorKeeper keeper,
      Executor virtual,
      OpenSockets open) {
    this.door = door;
    this.json = new JsonForm(config.bodyBytesMax, config.jsonDepthMax);
    this.routes = new RouteTable(door, json);
    this.bodies = new BodyReader(config.bodyBytesMax);
    this.keeper = keeper;
    this.admission = admission;
    this.virtual = virtual;
    this.prefix = config.prefix;
    this.callTimeout = config.callTimeout;
    this.rules = new Rules(config, virtual);
    this.context = new EdgeContext(config);
    this.sockets = new WebSocketDoor(door, config, admission, rules, open);
    this.requests = new RequestDoor(door, config, admission, rules, bodies, open);
  }

  /** Whether the path is one of an object. */
  boolean serves(String path) {
    return path.startsWith(prefix)
        && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) {
    String path = EdgeHandler.rawPath(exchange).substring(prefix.length());
    List<String> segments = path.isEmpty() ? List.of() : PercentText.segments(path);
    boolean raw = requests.serves(segments);
    if (DoorKeeper.isPreflight(exchange)) {
      keeper.preflight(exchange, raw ? RequestDoor.METHODS : "GET, POST");
      return;
    }
    keeper.checkOrigin(exchange);
    if (raw) {
      requests.take(exchange, segments.get(0), checkedId(segments.get(1)), path);
      return;
    }
    if (segments.size() == 2) {
      sockets.plugIn(exchange, segments.get(0), checkedId(segments.get(1)));
      return;
    }
    if (segments.size() != 3) {
      throw Refusal.notFound();
    }
    String id = checkedId(segments.get(1));
    Route route = routes.find(segments.get(0), segments.get(2));
    if (route == null) {
      throw Refusal.notFound();
    }
    HttpString method = exchange.getRequestMethod();
    if (method.equals(Methods.GET) && route.byGet()) {
      get(exchange, route, id);
    } else if (method.equals(Methods.POST)) {
      post(exchange, route, id);
    } else {
      throw Refusal.methodNotAllowed(route.byGet() ? "GET, POST" : "POST");
    }
  }

  private static String checkedId(String id) {
    int bytes = id.getBytes(StandardCharsets.UTF_8).length;
    if (bytes < 1 || bytes > ID_BYTES_MAX) {
      throw Refusal.badRequest(
          String.format("the id has %,d bytes, and must have 1 to %,d", bytes, ID_BYTES_MAX));
    }
    return id;
  }

  private void get(HttpServerExchange exchange, Route route, String id) {
    if (exchange.getRequestContentLength() > 0
        || exchange.getRequestHeaders().contains(Headers.TRANSFER_ENCODING)) {
      throw Refusal.badRequest("a GET has no body; arguments stand in the query");
    }
    String query = exchange.getQueryString();
    Supplier<@Nullable Object[]> arguments = () -> json.arguments(route, PercentText.query(query));
    rules.admit(
        exchange,
        route.type(),
        id,
        route.method().name(),
        caller -> enter(exchange, route, id, caller, SameThreadExecutor.INSTANCE, arguments));
  }

  private void post(HttpServerExchange exchange, Route route, String id) {
    if (!exchange.getQueryString().isEmpty()) {
      throw Refusal.badRequest("a POST has no query; arguments stand in the body");
    }
    checkContent(exchange);
    bodies.checkAnnounced(exchange);
    rules.admit(
        exchange,
        route.type(),
        id,
        route.method().name(),
        caller ->
            bodies.read(
                exchange,
                body -> {
                  Executor thread =
                      body.length <= INLINE_BYTES_MAX ? SameThreadExecutor.INSTANCE : virtual;
                  enter(exchange, route, id, caller, thread, () -> json.arguments(route, body));
                }));
  }

  /** JSON only, so that another site's form cannot call objects through a visitor's browser. */
  private static void checkContent(HttpServerExchange exchange) {
    String type = exchange.getRequestHeaders().getFirst(Headers.CONTENT_TYPE);
    String plain = type == null ? "" : type.toLowerCase(Locale.ROOT).replace(" ", "");
    if (!plain.equals("application/json")
        && !plain.equals("application/json;charset=utf-8")
        && !plain.equals("application/json;charset=\"utf-8\"")) {
      throw new Refusal(415, "not-json", "the Content-Type must be application/json, in UTF-8");
    }
    String encoding = exchange.getRequestHeaders().getFirst(Headers.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw new Refusal(415, "encoded-body", "a body may not be compressed");
    }
  }

  /*
   * A task and no handler: Undertow is still busy with the exchange while a handler runs, and the
   * answer may come, on another thread, before this one returns.
   */
  private void enter(
      HttpServerExchange exchange,
      Route route,
      String id,
      @Nullable Caller caller,
      Executor thread,
      Supplier<@Nullable Object[]> arguments) {
    Admission.Place place = Admission.place(exchange);
    place.dispatch(
        exchange,
        thread,
        route.method().oneWay(),
        () ->
            Rules.guarded(
                exchange,
                route.label(),
                () ->
                    place.handOver(() -> {
                      @Nullable Object[] values = arguments.get();
                      context.around(
                          exchange, () -> call(exchange, place, route, id, caller, values));
                    })));
  }

  private void call(
      HttpServerExchange exchange,
      Admission.Place place,
      Route route,
      String id,
      @Nullable Caller caller,
      @Nullable Object[] values) {
    try {
      door.call(
          route.type(),
          id,
          route.method(),
          values,
          caller,
          callTimeout,
          new Reply(exchange, place, route, json, admission));
    } catch (NullPointerException | IllegalArgumentException refused) {
      throw Refusal.badRequest(
          Objects.requireNonNullElse(refused.getMessage(), "an argument is missing or null"));
    } catch (RuntimeException | Error failure) {
      // The call may have been accepted before this: who retries might do it twice. Whether the
      // engine will say that it is over is not known either.
      place.over();
      Failures.incident(exchange, route.label(), failure, "failed", false, "unknown");
    }
  }
}
