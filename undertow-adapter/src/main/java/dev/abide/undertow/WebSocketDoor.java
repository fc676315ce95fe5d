package dev.abide.undertow;

import dev.abide.engine.AbideException;
import dev.abide.engine.Caller;
import dev.abide.engine.SocketRefusedException;
import dev.abide.engine.spi.Descriptor;
import dev.abide.engine.spi.Door;
import dev.abide.engine.spi.Upgrade;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.SameThreadExecutor;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From a request to upgrade to a socket of an object. Judged before anything is woken. */
final class WebSocketDoor {
  /** What {@code authorize} is asked about. */
  static final String METHOD = "#socket";

  private static final HttpString KEY = new HttpString("Sec-WebSocket-Key");
  private static final HttpString VERSION = new HttpString("Sec-WebSocket-Version");
  private static final HttpString PROTOCOL = new HttpString("Sec-WebSocket-Protocol");
  private static final String SALT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int KEY_BYTES = 16;
  private static final int SUBPROTOCOLS_MAX = 32;

  private final Door door;
  private final Admission admission;
  private final Rules rules;
  private final OpenSockets open;
  private final EdgeContext context;
  private final Set<String> types = new HashSet<>();
  private final Duration callTimeout;
  private final int messageBytesMax;
  private final long queueBytesMax;

  WebSocketDoor(Door door, EdgeConfig config, Admission admission, Rules rules, OpenSockets open) {
    this.door = door;
    this.admission = admission;
    this.rules = rules;
    this.open = open;
    this.context = new EdgeContext(config);
    this.callTimeout = config.callTimeout;
    this.messageBytesMax = config.socketMessageMax;
    this.queueBytesMax = config.socketQueueMax;
    for (String type : door.types()) {
      Descriptor<?> descriptor = door.descriptor(type);
      if (descriptor != null && descriptor.sockets()) {
        types.add(type);
      }
    }
  }

  /** Lets a client plug in, if it may; throws a refusal otherwise. */
  void plugIn(HttpServerExchange exchange, String type, String id) {
    if (!types.contains(type) || !names(exchange, Headers.UPGRADE, "websocket")) {
      throw Refusal.notFound();
    }
    if (!exchange.getRequestMethod().equals(Methods.GET)) {
      throw Refusal.methodNotAllowed("GET");
    }
    if (!exchange.isHttp11() || !names(exchange, Headers.CONNECTION, "upgrade")) {
      throw Refusal.badRequest(
          "a WebSocket begins with HTTP/1.1 and the headers Connection: Upgrade and Upgrade:"
              + " websocket");
    }
    if (!"13".equals(one(exchange, VERSION))) {
      throw new Refusal(
          426,
          "other-version",
          "the version of WebSocket must be 13",
          false,
          "Sec-WebSocket-Version",
          "13");
    }
    if (!exchange.isRequestComplete()) {
      throw Refusal.badRequest("a request to upgrade has no body");
    }
    String accept = accept(one(exchange, KEY));
    Upgrade upgrade =
        new Upgrade(
            EdgeHandler.rawPath(exchange),
            headers(exchange),
            PercentText.query(exchange.getQueryString()),
            subprotocols(exchange));
    rules.admit(
        exchange, type, id, METHOD, caller -> connect(exchange, type, id, upgrade, accept, caller));
  }

  private void connect(
      HttpServerExchange exchange,
      String type,
      String id,
      Upgrade upgrade,
      String accept,
      @Nullable Caller caller) {
    String label = type + "." + METHOD;
    WebSocketWire wire =
        new WebSocketWire(
            exchange,
            accept,
            open,
            admission,
            (same, why) -> refuse(same, label, why),
            messageBytesMax,
            queueBytesMax);
    Admission.Place place = Admission.place(exchange);
    // A task and no handler: the answer may come, on another thread, before this one returns.
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
                            exchange,
                            () ->
                                wire.connect(
                                    door.connect(type, id, upgrade, caller, callTimeout, wire))))));
  }

  private static void refuse(HttpServerExchange exchange, String label, Throwable why) {
    switch (why) {
      case SocketRefusedException refused ->
          Answers.problem(
              exchange, refused.status(), "refused-by-object", refused.reason(), false, "no", null);
      case AbideException refused -> Failures.answer(exchange, label, refused);
      default -> Failures.incident(exchange, label, why, "failed", false, "unknown");
    }
  }

  /** Whether a header's list names it. */
  private static boolean names(HttpServerExchange exchange, HttpString header, String name) {
    return list(exchange, header).stream().anyMatch(name::equalsIgnoreCase);
  }

  private static List<String> list(HttpServerExchange exchange, HttpString header) {
    List<String> items = new ArrayList<>();
    HeaderValues values = exchange.getRequestHeaders().get(header);
    if (values != null) {
      for (String value : values) {
        for (String item : value.split(",", -1)) {
          if (!item.isBlank()) {
            items.add(item.strip());
          }
        }
      }
    }
    return items;
  }

  private static @Nullable String one(HttpServerExchange exchange, HttpString header) {
    return exchange.getRequestHeaders().count(header) == 1
        ? exchange.getRequestHeaders().getFirst(header).strip()
        : null;
  }

  private static List<String> subprotocols(HttpServerExchange exchange) {
    List<String> offered = list(exchange, PROTOCOL);
    if (offered.size() > SUBPROTOCOLS_MAX || new HashSet<>(offered).size() != offered.size()) {
      throw Refusal.badRequest(
          "the client offers a subprotocol twice, or more than " + SUBPROTOCOLS_MAX);
    }
    return offered;
  }

  private static Map<String, String> headers(HttpServerExchange exchange) {
    Map<String, String> headers = new HashMap<>();
    for (HeaderValues values : exchange.getRequestHeaders()) {
      headers.put(values.getHeaderName().toString().toLowerCase(Locale.ROOT), values.getFirst());
    }
    return headers;
  }

  /** The proof that the request was read as one to upgrade. */
  private static String accept(@Nullable String key) {
    if (key == null || !isKey(key)) {
      throw Refusal.badRequest("the Sec-WebSocket-Key must be 16 bytes in Base64, once");
    }
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] hash = sha1.digest((key + SALT).getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  private static boolean isKey(String key) {
    try {
      return Base64.getDecoder().decode(key).length == KEY_BYTES;
    } catch (IllegalArgumentException no) {
      return false;
    }
  }
}
