package dev.abide.examples.demo;

import dev.abide.engine.Abide;
import dev.abide.engine.AbideException;
import dev.abide.examples.account.Account;
import dev.abide.examples.cart.Cart;
import dev.abide.examples.counter.Counter;
import dev.abide.examples.document.Document;
import dev.abide.examples.job.Job;
import dev.abide.examples.limiter.Limiter;
import dev.abide.examples.reminder.Reminder;
import dev.abide.examples.user.AddressPage;
import dev.abide.examples.user.User;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the demo serves beside its objects: the page, and what the page needs to put an object to
 * sleep and to see that it woke.
 */
final class DemoPages implements HttpHandler {
  /** Everything comes from here; nothing is inline. */
  private static final String POLICY =
      "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

  private static final Map<String, Class<?>> TYPES =
      Map.of(
          "account", Account.class,
          "cart", Cart.class,
          "counter", Counter.class,
          "job", Job.class,
          "document", Document.class,
          "limiter", Limiter.class,
          "reminder", Reminder.class,
          "user", User.class);

  private static final int BOARDS_SHOWN = 30;

  private record Page(String type, ByteBuffer content) {}

  private final Map<String, Page> pages =
      Map.of(
          "/", page("index.html", "text/html;charset=utf-8"),
          "/demo.css", page("demo.css", "text/css;charset=utf-8"),
          "/demo.js", page("demo.js", "text/javascript;charset=utf-8"),
          "/life.js", page("life.js", "text/javascript;charset=utf-8"),
          "/document", page("document.html", "text/html;charset=utf-8"),
          "/document.css", page("document.css", "text/css;charset=utf-8"),
          "/document.js", page("document.js", "text/javascript;charset=utf-8"),
          // Of the edge: a browser's end of a socket.
          "/abide-socket.js",
              page("/dev/abide/undertow/abide-socket.js", "text/javascript;charset=utf-8"));

  private final Abide abide;
  private final Wakes wakes;
  private final Life life;
  private final JsonMapper json = JsonMapper.builder().build();
  private final Executor virtual = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpHandler address;

  DemoPages(Abide abide, Wakes wakes, Life life) {
    this.abide = abide;
    this.wakes = wakes;
    this.life = life;
    this.address = new AddressPage(abide, virtual);
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws Exception {
    boolean reads = exchange.getRequestMethod().equals(Methods.GET);
    Page page = pages.get(exchange.getRequestPath());
    if (page != null && reads) {
      exchange
          .getResponseHeaders()
          .put(Headers.CONTENT_TYPE, page.type())
          .put(new HttpString("Content-Security-Policy"), POLICY)
          .put(new HttpString("X-Content-Type-Options"), "nosniff")
          .put(new HttpString("Referrer-Policy"), "no-referrer");
      exchange.getResponseSender().send(page.content().duplicate());
      return;
    }
    switch (exchange.getRequestPath()) {
      case "/demo/wakes" -> wakes(exchange, reads);
      case "/demo/life" -> life(exchange, reads);
      case "/demo/boards" -> boards(exchange, reads);
      case "/demo/sleep" -> sleep(exchange);
      case "/address" -> address.handleRequest(exchange);
      case "/favicon.ico" -> exchange.setStatusCode(StatusCodes.NO_CONTENT); // none, and no error
      default -> exchange.setStatusCode(StatusCodes.NOT_FOUND);
    }
  }

  private void wakes(HttpServerExchange exchange, boolean reads) {
    String type = parameter(exchange, "type");
    String id = parameter(exchange, "id");
    if (!reads || type == null || id == null) {
      exchange.setStatusCode(StatusCodes.BAD_REQUEST);
      return;
    }
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
    exchange.getResponseSender().send("{\"wakes\":" + wakes.of(type, id) + "}");
  }

  private void life(HttpServerExchange exchange, boolean reads) {
    if (!reads) {
      exchange.setStatusCode(StatusCodes.BAD_REQUEST);
      return;
    }
    exchange
        .getResponseHeaders()
        .put(Headers.CONTENT_TYPE, "application/json")
        .put(Headers.CACHE_CONTROL, "no-store");
    exchange.getResponseSender().send(ByteBuffer.wrap(json.writeValueAsBytes(life.now())));
  }

  /* A list of objects waits for what is not applied yet: not on an I/O thread. */
  private void boards(HttpServerExchange exchange, boolean reads) {
    if (!reads) {
      exchange.setStatusCode(StatusCodes.BAD_REQUEST);
      return;
    }
    exchange.dispatch(
        virtual,
        () -> {
          exchange
              .getResponseHeaders()
              .put(Headers.CONTENT_TYPE, "application/json")
              .put(Headers.CACHE_CONTROL, "no-store");
          try (Stream<String> ids = abide.ids(Document.class)) {
            List<String> first = ids.limit(BOARDS_SHOWN).toList();
            exchange.getResponseSender().send(ByteBuffer.wrap(json.writeValueAsBytes(first)));
          } catch (AbideException refused) {
            exchange.setStatusCode(StatusCodes.SERVICE_UNAVAILABLE);
            exchange.endExchange();
          }
        });
  }

  /*
   * Putting an object to sleep waits for its turn, so it does not happen on an I/O thread. It is asked
   * for with a header that another site's page cannot send without asking first.
   */
  private void sleep(HttpServerExchange exchange) {
    String type = parameter(exchange, "type");
    String id = parameter(exchange, "id");
    Class<?> hosted = type == null ? null : TYPES.get(type);
    if (!exchange.getRequestMethod().equals(Methods.POST)
        || !exchange.getRequestHeaders().contains("X-Demo")
        || hosted == null
        || id == null) {
      exchange.setStatusCode(StatusCodes.BAD_REQUEST);
      return;
    }
    exchange.dispatch(
        virtual,
        () -> {
          try {
            abide.sleep(hosted, id);
            exchange.setStatusCode(StatusCodes.NO_CONTENT);
          } catch (IllegalArgumentException noId) {
            exchange.setStatusCode(StatusCodes.BAD_REQUEST);
          } catch (AbideException refused) {
            exchange.setStatusCode(StatusCodes.SERVICE_UNAVAILABLE);
          }
          exchange.endExchange();
        });
  }

  private static @Nullable String parameter(HttpServerExchange exchange, String name) {
    Deque<String> values = exchange.getQueryParameters().get(name);
    if (values == null || values.size() != 1) {
      return null;
    }
    try {
      return URLDecoder.decode(values.getFirst(), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException cutShort) {
      return null; // an escape that is none: as good as missing
    }
  }

  private static Page page(String name, String type) {
    try (InputStream in = DemoPages.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the demo's " + name + " is not on the class path");
      }
      return new Page(type, ByteBuffer.wrap(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
