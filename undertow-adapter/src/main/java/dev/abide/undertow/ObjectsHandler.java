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
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
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
  private final Executor virtual;
  private final String prefix;
  private final Duration callTimeout;
  private final @Nullable Function<? super EdgeRequest, Optional<Caller>> authentication;
  private final @Nullable Authorizer authorization;

  ObjectsHandler(
      Door door, EdgeConfig config, Admission admission, DoorKeeper keeper, Executor virtual) {
    this.door = door;
    this.json = new JsonForm(config.bodyBytesMax, config.jsonDepthMax);
    this.routes = new RouteTable(door, json);
    this.bodies = new BodyReader(admission, config.bodyBytesMax, config.bodyTimeout);
    this.keeper = keeper;
    this.virtual = virtual;
    this.prefix = config.prefix;
    this.callTimeout = config.callTimeout;
    this.authentication = config.authentication;
    this.authorization = config.authorization;
  }

  /** Whether the path is one of an object. */
  boolean serves(String path) {
    return path.startsWith(prefix)
        && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) {
    if (DoorKeeper.isPreflight(exchange)) {
      keeper.preflight(exchange);
      return;
    }
    keeper.checkOrigin(exchange);
    String path = EdgeHandler.rawPath(exchange).substring(prefix.length());
    List<String> segments = path.isEmpty() ? List.of() : PercentText.segments(path);
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
    enter(exchange, route, id, 0, () -> json.arguments(route, PercentText.query(query)));
  }

  private void post(HttpServerExchange exchange, Route route, String id) {
    if (!exchange.getQueryString().isEmpty()) {
      throw Refusal.badRequest("a POST has no query; arguments stand in the body");
    }
    checkContent(exchange);
    bodies.read(
        exchange,
        body -> enter(exchange, route, id, body.length, () -> json.arguments(route, body)));
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

  /** Goes on where it may take as long as it takes. */
  private void enter(
      HttpServerExchange exchange,
      Route route,
      String id,
      int bytes,
      Supplier<@Nullable Object[]> arguments) {
    boolean quick = authentication == null && authorization == null && bytes <= INLINE_BYTES_MAX;
    exchange.dispatch(
        quick ? SameThreadExecutor.INSTANCE : virtual,
        () -> guarded(exchange, route, () -> call(exchange, route, id, arguments)));
  }

  private static void guarded(HttpServerExchange exchange, Route route, Runnable step) {
    try {
      step.run();
    } catch (Refusal refused) {
      Answers.refuse(exchange, refused);
    } catch (RuntimeException | Error failure) {
      Failures.incident(exchange, route, failure, "failed", false, "no");
    }
  }

  private void call(
      HttpServerExchange exchange, Route route, String id, Supplier<@Nullable Object[]> arguments) {
    Caller caller = admit(exchange, route, id);
    @Nullable Object[] values = arguments.get();
    try {
      door.call(
          route.type(), id, route.method(), values, caller, callTimeout, answer(exchange, route));
    } catch (NullPointerException | IllegalArgumentException refused) {
      throw Refusal.badRequest(
          Objects.requireNonNullElse(refused.getMessage(), "an argument is missing or null"));
    }
  }

  /** Who calls, if that is known and allowed. */
  private @Nullable Caller admit(HttpServerExchange exchange, Route route, String id) {
    Optional<Caller> caller =
        authentication == null
            ? Optional.empty()
            : authentication.apply(new ExchangeRequest(exchange));
    if (authorization != null
        && !authorization.allows(caller, route.type(), id, route.method().name())) {
      if (caller.isEmpty() && authentication != null) {
        throw new Refusal(
            401,
            "unauthenticated",
            "say who you are",
            false,
            "WWW-Authenticate",
            "Bearer realm=\"abide\"");
      }
      throw Refusal.notFound();
    }
    return caller.orElse(null);
  }

  private Door.Answer answer(HttpServerExchange exchange, Route route) {
    return new Door.Answer() {
      @Override
      public void value(@Nullable Object value) {
        if (route.method().oneWay()) {
          Answers.empty(exchange, 202);
        } else if (route.isVoid()) {
          Answers.empty(exchange, 204);
        } else {
          send(exchange, route, value);
        }
      }

      @Override
      public void failure(Throwable failure) {
        Failures.answer(exchange, route, failure);
      }
    };
  }

  private void send(HttpServerExchange exchange, Route route, @Nullable Object value) {
    byte[] body;
    try {
      body = json.write(route, value);
    } catch (RuntimeException | StackOverflowError noForm) {
      Failures.incident(exchange, route, noForm, "no-json-form", false, "yes");
      return;
    }
    Answers.send(exchange, 200, "application/json", body);
  }
}
