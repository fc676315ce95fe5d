package dev.abide.undertow;

import dev.abide.engine.Request;
import dev.abide.engine.spi.Descriptor;
import dev.abide.engine.spi.Door;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Methods;
import io.undertow.util.SameThreadExecutor;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From a raw request to an object and back. Judged before anything is woken. */
final class RequestDoor {
  /** What {@code authorize} is asked about. */
  static final String METHOD = "#http";

  /** What pages of another origin may send, if they may send anything. */
  static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";

  private static final String SEGMENT = "http";

  private final Door door;
  private final Admission admission;
  private final Rules rules;
  private final BodyReader bodies;
  private final OpenSockets open;
  private final EdgeContext context;
  private final Set<String> types = new HashSet<>();
  private final Duration callTimeout;
  private final Duration answerTimeout;
  private final long queueBytesMax;

  RequestDoor(
      Door door,
      EdgeConfig config,
      Admission admission,
      Rules rules,
      BodyReader bodies,
      OpenSockets open) {
    this.door = door;
    this.admission = admission;
    this.rules = rules;
    this.bodies = bodies;
    this.open = open;
    this.context = new EdgeContext(config);
    this.callTimeout = config.callTimeout;
    this.answerTimeout = config.answerTimeout;
    this.queueBytesMax = config.socketQueueMax;
    for (String type : door.types()) {
      Descriptor<?> descriptor = door.descriptor(type);
      if (descriptor != null && descriptor.requests()) {
        types.add(type);
      }
    }
  }

  /** Whether an address behind the prefix is one of raw requests. */
  boolean serves(List<String> segments) {
    return segments.size() >= 3
        && segments.get(2).equals(SEGMENT)
        && types.contains(segments.get(0));
  }

  /**
   * Takes a request, if it may come in; throws a refusal otherwise.
   *
   * @param path the address behind the prefix, not decoded
   */
  void take(HttpServerExchange exchange, String type, String id, String path) {
    if (exchange.getRequestMethod().equals(Methods.CONNECT)
        || exchange.getRequestMethod().equals(Methods.TRACE)) {
      throw Refusal.methodNotAllowed(METHODS + ", OPTIONS");
    }
    Request.Builder request = Request.of(exchange.getRequestMethod().toString(), behind(path));
    for (HeaderValues values : exchange.getRequestHeaders()) {
      values.forEach(value -> request.header(values.getHeaderName().toString(), value));
    }
    PercentText.query(exchange.getQueryString(), request::query);
    bodies.checkAnnounced(exchange);
    rules.admit(
        exchange,
        type,
        id,
        METHOD,
        caller -> {
          request.caller(caller);
          if (exchange.isRequestComplete()) {
            enter(exchange, type, id, request, null);
          } else {
            bodies.read(exchange, body -> enter(exchange, type, id, request, body));
          }
        });
  }

  /** What stands behind {@code /{type}/{id}/http}, as it was sent. */
  private static String behind(String path) {
    int at = 0;
    for (int slashes = 0; slashes < 3; slashes++) {
      at = path.indexOf('/', at + 1);
      if (at < 0) {
        return "/";
      }
    }
    return path.substring(at);
  }

  /* A task and no handler: the answer may come, on another thread, before this one returns. */
  private void enter(
      HttpServerExchange exchange,
      String type,
      String id,
      Request.Builder request,
      byte @Nullable [] body) {
    String label = type + "." + METHOD;
    Request whole = body == null ? request.build() : request.body(body).build();
    RequestReply reply =
        new RequestReply(exchange, label, admission, open, answerTimeout, queueBytesMax);
    Admission.Place place = Admission.place(exchange);
    place.dispatch(
        exchange,
        SameThreadExecutor.INSTANCE,
        /* oneWay */ false,
        () ->
            Rules.guarded(
                exchange,
                label,
                () ->
                    place.handOver(() ->
                        context.around(
                            exchange, () -> door.request(type, id, whole, callTimeout, reply)))));
  }
}
