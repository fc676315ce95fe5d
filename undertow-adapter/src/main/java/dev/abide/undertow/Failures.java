package dev.abide.undertow;

import dev.abide.engine.AbideException;
import dev.abide.engine.CallCycleException;
import dev.abide.engine.ClosedException;
import dev.abide.engine.DeadlineException;
import dev.abide.engine.NestedCallException;
import dev.abide.engine.OverloadedException;
import dev.abide.engine.StorageException;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Failed calls as problems. What is not meant for callers is logged under a number and not told.
 */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(UndertowEdge.class);

  private Failures() {}

  /** Answers with what a call ended with. */
  static void answer(HttpServerExchange exchange, Route route, Throwable failure) {
    if (!(failure instanceof AbideException refused)) {
      if (route.declares(failure)) {
        // The turn threw, so nothing of its own is kept; what it called may be.
        Answers.problem(
            exchange, 422, "refused-by-method", failure.getMessage(), false, "unknown", null);
      } else {
        incident(exchange, route.label(), failure, "failed", false, "unknown");
      }
      return;
    }
    answer(exchange, route.label(), refused);
  }

  /** Answers with what kept a request from being served. */
  static void answer(HttpServerExchange exchange, String label, AbideException refused) {
    String applied = refused.applied().name().toLowerCase(Locale.ROOT);
    int status = status(refused);
    if (status == 500) {
      incident(exchange, label, refused, refused.code(), refused.retryable(), applied);
      return;
    }
    Duration pause = pause(refused);
    if (pause != null) {
      long seconds = Math.max(1, pause.plusMillis(999).toSeconds());
      exchange.getResponseHeaders().put(Headers.RETRY_AFTER, Long.toString(seconds));
    }
    String detail =
        switch (status) {
          case 429 -> "too many calls wait for this object";
          case 504 -> "the call was not answered in time";
          default -> "the object cannot be called at the moment";
        };
    Answers.problem(exchange, status, refused.code(), detail, refused.retryable(), applied, null);
  }

  private static int status(AbideException refused) {
    return switch (refused) {
      case OverloadedException full -> 429;
      case DeadlineException late -> 504;
      case ClosedException closing -> 503;
      case StorageException storage -> storage.retryable() ? 503 : 500;
      case CallCycleException cycle -> cycle.retryable() ? 503 : 500;
      case NestedCallException nested -> root(nested) instanceof OverloadedException ? 503 : 500;
      default -> 500;
    };
  }

  private static @Nullable Duration pause(AbideException refused) {
    return switch (refused) {
      case OverloadedException full -> full.retryAfter();
      case NestedCallException nested when root(nested) instanceof OverloadedException full ->
          full.retryAfter();
      case ClosedException closing -> Duration.ofSeconds(1);
      case StorageException storage when storage.retryable() -> Duration.ofSeconds(1);
      default -> null;
    };
  }

  private static Throwable root(NestedCallException nested) {
    Throwable cause = nested;
    while (cause instanceof NestedCallException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** A 500: the number is all that the client is told, and the log has the rest under it. */
  static void incident(
      HttpServerExchange exchange,
      @Nullable String label,
      Throwable failure,
      String code,
      boolean retryable,
      String applied) {
    String incident = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    LOG.error("incident {}: {} failed", incident, label == null ? "a request" : label, failure);
    if (exchange.isResponseStarted()) {
      exchange.endExchange(); // half an answer, of a handler of the application's own: hang up
    } else {
      Answers.problem(exchange, 500, code, null, retryable, applied, incident);
    }
  }
}
