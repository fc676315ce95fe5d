package dev.abide.undertow;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What an edge counts: its answers, by status and by the code of the problem. Codes are the edge's
 * and the engine's own, so they are few.
 *
 * <p>Threading: any thread.
 */
final class EdgeMeter {
  /** The code of the problem that an exchange is answered with. */
  private static final AttachmentKey<String> CODE = AttachmentKey.create(String.class);

  private record Outcome(int status, String code) {}

  private final Map<Outcome, LongAdder> answers = new ConcurrentHashMap<>();
  private final MeterRegistry registry;

  EdgeMeter(Admission admission, MeterRegistry registry) {
    this.registry = registry;
    Gauge.builder("abide.edge.requests", admission, Admission::underWay)
        .description("Requests under way")
        .register(registry);
    Gauge.builder("abide.edge.late", admission, Admission::late)
        .description("Requests that nobody waits for any more and whose turns have not ended")
        .register(registry);
    Gauge.builder("abide.edge.held.bytes", admission, Admission::heldBytes)
        .description("Bytes of bodies and answers that are held in memory")
        .register(registry);
  }

  /** Notes the code for the end of the exchange. */
  static void coded(HttpServerExchange exchange, String code) {
    exchange.putAttachment(CODE, code);
  }

  /** Counts the exchange when it ends. */
  void watch(HttpServerExchange exchange) {
    exchange.addExchangeCompleteListener((ended, next) -> {
      String code = ended.getAttachment(CODE);
      counter(new Outcome(ended.getStatusCode(), Objects.requireNonNullElse(code, "none")))
          .increment();
      next.proceed();
    });
  }

  private LongAdder counter(Outcome outcome) {
    return answers.computeIfAbsent(outcome, this::registered);
  }

  private LongAdder registered(Outcome outcome) {
    LongAdder count = new LongAdder();
    var _ =
        FunctionCounter.builder("abide.edge.answers", count, same -> count.sum())
            .description("Requests that were answered, by status and code of the problem")
            .tag("status", Integer.toString(outcome.status()))
            .tag("code", outcome.code())
            .register(registry);
    return count;
  }
}
