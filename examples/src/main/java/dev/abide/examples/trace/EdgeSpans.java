package dev.abide.examples.trace;

import dev.abide.engine.ContextCarrier;
import dev.abide.undertow.EdgeRequest;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Opens a span for each call that the edge hands over, under the one that the request's {@code
 * traceparent} names: {@code options.context(new EdgeSpans(telemetry))}.
 */
public final class EdgeSpans implements Function<EdgeRequest, ContextCarrier.Scope> {
  private static final TextMapGetter<EdgeRequest> HEADERS =
      new TextMapGetter<>() {
        @Override
        @SuppressWarnings("deprecation") // abstract still
        public Iterable<String> keys(EdgeRequest request) {
          return List.of("traceparent", "tracestate");
        }

        @Override
        public @Nullable String get(@Nullable EdgeRequest request, String key) {
          return request == null ? null : request.header(key).orElse(null);
        }
      };

  private final OpenTelemetry telemetry;
  private final Tracer tracer;

  /** Spans of this telemetry, with its propagators. */
  public EdgeSpans(OpenTelemetry telemetry) {
    this.telemetry = telemetry;
    this.tracer = telemetry.getTracer("edge");
  }

  @Override
  @SuppressWarnings("MustBeClosedChecker") // by whoever closes what is returned
  public ContextCarrier.Scope apply(EdgeRequest request) {
    Context caller =
        telemetry.getPropagators().getTextMapPropagator().extract(Context.root(), request, HEADERS);
    Span span =
        tracer
            .spanBuilder(request.method())
            .setSpanKind(SpanKind.SERVER)
            .setParent(caller)
            .setAttribute("url.path", request.path())
            .startSpan();
    Scope current = span.makeCurrent();
    return () -> {
      current.close();
      span.end();
    };
  }
}
