package dev.abide.examples.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.abide.engine.Abide;
import dev.abide.examples.trace.Shop.Ledger;
import dev.abide.examples.trace.Shop.LedgerObject;
import dev.abide.examples.trace.Shop.Order;
import dev.abide.examples.trace.Shop.OrderObject;
import dev.abide.examples.trace.Shop.Shelf;
import dev.abide.examples.trace.Shop.ShelfObject;
import dev.abide.undertow.UndertowEdge;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00f067aa0ba902b7";

  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final OpenTelemetrySdk telemetry =
      OpenTelemetrySdk.builder()
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(spans))
                  .build())
          .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
          .build();

  @AfterEach
  void close() {
    telemetry.close();
  }

  private Abide abide(boolean inline) {
    Tracer tracer = telemetry.getTracer("shop");
    return Abide.inMemory(options ->
        options
            .host(Order.class, context -> new OrderObject(context, tracer))
            .host(Shelf.class, context -> new ShelfObject(context, tracer))
            .host(Ledger.class, context -> new LedgerObject(context, tracer))
            .inline(inline)
            .carry(new OpenTelemetryCarrier()));
  }

  private Map<String, SpanData> awaitSpans(int count) {
    await().until(() -> spans.getFinishedSpanItems().size() == count);
    return spans.getFinishedSpanItems().stream()
        .collect(Collectors.toMap(SpanData::getName, Function.identity()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void trace_ofARequest_goesThroughTheEdge_twoObjects_andAOneWayCall(boolean inline)
      throws Exception {
    try (Abide abide = abide(inline);
        UndertowEdge edge =
            UndertowEdge.open(
                abide, options -> options.bind("127.0.0.1", 0).context(new EdgeSpans(telemetry)));
        HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("http://localhost:" + edge.port() + "/objects/order/ann/buy"))
              .header("Content-Type", "application/json")
              .header("traceparent", "00-" + TRACE + "-" + PARENT + "-01")
              .POST(HttpRequest.BodyPublishers.ofString("{\"sku\":\"tea\"}"))
              .build();
      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).body()).isEqualTo("99");

      Map<String, SpanData> all = awaitSpans(4);
      assertThat(all.values()).extracting(SpanData::getTraceId).containsOnly(TRACE);
      SpanData door = all.get("POST");
      SpanData buy = all.get("order.buy");
      SpanData take = all.get("shelf.take");
      assertThat(door.getParentSpanId()).isEqualTo(PARENT);
      assertThat(buy.getParentSpanId()).isEqualTo(door.getSpanId());
      assertThat(take.getParentSpanId()).isEqualTo(buy.getSpanId());
      assertThat(all.get("ledger.sold").getParentSpanId()).isEqualTo(take.getSpanId());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void traces_ofTwoCallersOfOneObject_areKeptApart(boolean inline) {
    Tracer tracer = telemetry.getTracer("test");
    try (Abide abide = abide(inline)) {
      for (String name : new String[] {"first", "second"}) {
        Span root = tracer.spanBuilder(name).startSpan();
        try (Scope current = root.makeCurrent()) {
          abide.get(Order.class, "ann").buy("tea");
        }
        root.end();
        Map<String, SpanData> all = awaitSpans(4);
        assertThat(all.values())
            .extracting(SpanData::getTraceId)
            .containsOnly(root.getSpanContext().getTraceId());
        spans.reset();
      }
    }
    assertThat(Span.current().getSpanContext().isValid()).as("nothing stays behind").isFalse();
  }
}
