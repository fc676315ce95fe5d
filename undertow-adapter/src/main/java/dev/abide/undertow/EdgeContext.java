package dev.abide.undertow;

import dev.abide.engine.ContextCarrier;
import io.undertow.server.HttpServerExchange;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an application opens around the hand-over of a request to its object. */
final class EdgeContext {
  private static final Logger LOG = LoggerFactory.getLogger(UndertowEdge.class);

  private final @Nullable Function<? super EdgeRequest, ? extends ContextCarrier.Scope> opening;

  EdgeContext(EdgeConfig config) {
    this.opening = config.context;
  }

  /** Hands over; what the application throws before that leaves this, and nothing was done. */
  void around(HttpServerExchange exchange, Runnable handOver) {
    if (opening == null) {
      handOver.run();
      return;
    }
    ContextCarrier.Scope scope = opening.apply(new ExchangeRequest(exchange));
    try {
      handOver.run();
    } finally {
      close(scope);
    }
  }

  /** The call is on its way, and its answer perhaps sent: a failure here has nobody to go to. */
  private static void close(ContextCarrier.Scope scope) {
    try {
      scope.close();
    } catch (RuntimeException e) {
      LOG.warn("the context of a request could not be closed", e);
    }
  }
}
