package dev.abide.undertow;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.Cookie;
import java.util.Optional;

/** A request as authentication sees it. */
record ExchangeRequest(HttpServerExchange exchange) implements EdgeRequest {
  @Override
  public String method() {
    return exchange.getRequestMethod().toString();
  }

  @Override
  public String path() {
    return EdgeHandler.rawPath(exchange);
  }

  @Override
  public Optional<String> header(String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }

  @Override
  public Optional<String> cookie(String name) {
    Cookie cookie = exchange.getRequestCookie(name);
    return cookie == null ? Optional.empty() : Optional.of(cookie.getValue());
  }

  @Override
  public String remoteAddress() {
    return exchange.getSourceAddress().getAddress().getHostAddress();
  }
}
