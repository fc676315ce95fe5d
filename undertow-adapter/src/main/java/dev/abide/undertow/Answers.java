package dev.abide.undertow;

import io.undertow.io.IoCallback;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.StatusCodes;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Sends responses; none is kept by caches, and none is taken for something else. */
final class Answers {
  private static final HttpString CONTENT_TYPE_OPTIONS = new HttpString("X-Content-Type-Options");
  private static final JsonMapper PROBLEMS = JsonMapper.builder().build();

  private Answers() {}

  /** A response without a body. */
  static void empty(HttpServerExchange exchange, int status) {
    if (exchange.isResponseStarted()) {
      return;
    }
    exchange.setStatusCode(status);
    exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store");
    exchange.endExchange();
  }

  /** A body of the type. */
  static void send(HttpServerExchange exchange, int status, String type, ByteBuffer body) {
    if (exchange.isResponseStarted()) {
      return;
    }
    exchange.setStatusCode(status);
    exchange
        .getResponseHeaders()
        .put(Headers.CONTENT_TYPE, type)
        .put(Headers.CACHE_CONTROL, "no-store")
        .put(CONTENT_TYPE_OPTIONS, "nosniff");
    exchange.getResponseSender().send(body, IoCallback.END_EXCHANGE);
  }

  /** A refusal of the edge itself; what is left of the body is not read. */
  static void refuse(HttpServerExchange exchange, Refusal refused) {
    if (exchange.isResponseStarted()) {
      return;
    }
    if (!exchange.isRequestComplete()) {
      exchange.setPersistent(false);
      exchange.getResponseHeaders().put(Headers.CONNECTION, "close");
    }
    if (refused.header != null && refused.headerValue != null) {
      exchange.getResponseHeaders().put(new HttpString(refused.header), refused.headerValue);
    }
    problem(
        exchange,
        refused.status,
        refused.code,
        String.valueOf(refused.getMessage()),
        refused.retryable,
        "no",
        null);
  }

  /** A problem as RFC 9457 has it, with three members of our own. */
  static void problem(
      HttpServerExchange exchange,
      int status,
      String code,
      @Nullable String detail,
      boolean retryable,
      String applied,
      @Nullable String incident) {
    EdgeMeter.coded(exchange, code);
    Map<String, Object> problem = new LinkedHashMap<>();
    problem.put("title", StatusCodes.getReason(status));
    problem.put("status", status);
    if (detail != null) {
      problem.put("detail", detail);
    }
    problem.put("code", code);
    problem.put("retryable", retryable);
    problem.put("applied", applied);
    if (incident != null) {
      problem.put("incident", incident);
    }
    send(
        exchange,
        status,
        "application/problem+json",
        ByteBuffer.wrap(PROBLEMS.writeValueAsBytes(problem)));
  }
}
