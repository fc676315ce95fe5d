package dev.abide.undertow;

import dev.abide.engine.Abide;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Methods;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The way in: counts, looks at the name, and gives each request to whom it is for. */
final class EdgeHandler implements HttpHandler {
  private final Abide abide;
  private final Admission admission;
  private final DoorKeeper keeper;
  private final @Nullable ObjectsHandler objects;
  private final @Nullable HttpHandler otherwise;
  private final Duration bodyTimeout;
  private final @Nullable EdgeMeter meter;

  /**
   * The edge's handler.
   *
   * @param objects serves objects; null on the admin listener
   * @param otherwise serves everything else
   * @param bodyTimeout how long a body may take to come, whoever it is for
   * @param meter counts answers; null where nobody reads the counts
   */
  EdgeHandler(
      Abide abide,
      Admission admission,
      DoorKeeper keeper,
      @Nullable ObjectsHandler objects,
      @Nullable HttpHandler otherwise,
      Duration bodyTimeout,
      @Nullable EdgeMeter meter) {
    this.abide = abide;
    this.admission = admission;
    this.keeper = keeper;
    this.objects = objects;
    this.otherwise = otherwise;
    this.bodyTimeout = bodyTimeout;
    this.meter = meter;
  }

  /** The path as the client sent it, without a host in front of it and without the query. */
  static String rawPath(HttpServerExchange exchange) {
    String uri = exchange.getRequestURI();
    if (exchange.isHostIncludedInRequestURI()) {
      int scheme = uri.indexOf("://");
      int path = uri.indexOf('/', scheme < 0 ? 0 : scheme + 3);
      uri = path < 0 ? "/" : uri.substring(path);
    }
    return uri;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws Exception {
    if (meter != null) {
      meter.watch(exchange);
    }
    try {
      BodyTimer.start(exchange, bodyTimeout);
      DoorKeeper.checkCoding(exchange);
      String path = rawPath(exchange);
      if (path.equals("/livez")) {
        health(exchange, true);
      } else if (path.equals("/readyz")) {
        health(exchange, abide.ready() && !admission.closing());
      } else {
        Admission.Place place = admission.enter(exchange);
        exchange.addExchangeCompleteListener((ended, next) -> {
          place.leave();
          next.proceed();
        });
        keeper.checkHost(exchange);
        if (objects != null && objects.serves(path)) {
          objects.handleRequest(exchange);
        } else if (otherwise != null) {
          otherwise.handleRequest(exchange);
        } else {
          throw Refusal.notFound();
        }
      }
    } catch (Refusal refused) {
      Answers.refuse(exchange, refused);
    } catch (Exception | Error failure) {
      // Undertow would answer too, but with nothing that leads from the answer to the log.
      Failures.incident(exchange, null, failure, "failed", false, "unknown");
    }
  }

  private static void health(HttpServerExchange exchange, boolean well) {
    if (!exchange.getRequestMethod().equals(Methods.GET)
        && !exchange.getRequestMethod().equals(Methods.HEAD)) {
      throw Refusal.methodNotAllowed("GET");
    }
    ByteBuffer body = StandardCharsets.UTF_8.encode(well ? "ok\n" : "not ready\n");
    Answers.send(exchange, well ? 200 : 503, "text/plain;charset=utf-8", body);
  }
}
