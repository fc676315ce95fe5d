package dev.abide.undertow;

import dev.abide.engine.Abide;
import dev.abide.micrometer.AbideMeters;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * {@code /metrics} of the admin listener: what engine and edge count, in OpenMetrics, or in the
 * older text form for who asks for that only.
 */
final class MetricsHandler implements HttpHandler {
  private static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final EdgeMeter edge;
  private final Executor virtual;

  MetricsHandler(Abide abide, Admission admission, Executor virtual) {
    this.virtual = virtual;
    new AbideMeters(abide).bindTo(registry);
    this.edge = new EdgeMeter(admission, registry);
  }

  /** What counts the answers that are told here. */
  EdgeMeter edge() {
    return edge;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) {
    if (!EdgeHandler.rawPath(exchange).equals("/metrics")) {
      throw Refusal.notFound();
    }
    if (!exchange.getRequestMethod().equals(Methods.GET)) {
      throw Refusal.methodNotAllowed("GET");
    }
    String type = form(exchange.getRequestHeaders().getFirst(Headers.ACCEPT));
    // Adding up takes as long as there are objects in memory: not on the I/O thread.
    exchange.dispatch(
        virtual,
        () -> {
          try {
            ByteBuffer body = StandardCharsets.UTF_8.encode(registry.scrape(type));
            Answers.send(exchange, 200, type, body);
          } catch (RuntimeException | Error failure) {
            Failures.incident(exchange, null, failure, "failed", false, "no");
          }
        });
  }

  private static String form(@Nullable String accepted) {
    if (accepted == null) {
      return OPEN_METRICS;
    }
    String accepts = accepted.toLowerCase(Locale.ROOT);
    return accepts.contains("application/openmetrics-text") || !accepts.contains("text/plain")
        ? OPEN_METRICS
        : TEXT;
  }
}
