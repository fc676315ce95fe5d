package dev.abide.examples.user;

import dev.abide.engine.Abide;
import dev.abide.engine.AbideException;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.Cookie;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * A page of the application's own beside the objects: {@code GET /address} finds the user by a
 * cookie, and calls its object like any other Java object.
 */
public final class AddressPage implements HttpHandler {
  private final Abide abide;
  private final Executor threads;

  /**
   * The page.
   *
   * @param threads where calls wait; a virtual thread for each is what they want
   */
  public AddressPage(Abide abide, Executor threads) {
    this.abide = abide;
    this.threads = threads;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) {
    // A call may wait for its turn and for the disk: never on an I/O thread, which serves others.
    exchange.dispatch(threads, () -> answer(exchange));
  }

  private void answer(HttpServerExchange exchange) {
    Cookie cookie = exchange.getRequestCookie("user");
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain;charset=utf-8");
    if (cookie == null || cookie.getValue().isEmpty()) {
      exchange.setStatusCode(StatusCodes.UNAUTHORIZED);
      exchange.getResponseSender().send("Who are you? Send a cookie called user.\n");
      return;
    }
    try {
      Optional<User.Address> address = abide.get(User.class, cookie.getValue()).address();
      exchange.getResponseSender().send(address.map(AddressPage::text).orElse("No address yet.\n"));
    } catch (IllegalArgumentException noId) {
      exchange.setStatusCode(StatusCodes.BAD_REQUEST);
      exchange.getResponseSender().send("That cannot be a user: " + noId.getMessage() + "\n");
    } catch (AbideException failure) {
      exchange.setStatusCode(StatusCodes.SERVICE_UNAVAILABLE);
      exchange.getResponseSender().send("Try again in a moment.\n");
    }
  }

  private static String text(User.Address address) {
    return String.join(
        "\n",
        address.name(),
        address.street(),
        address.postcode() + " " + address.city(),
        address.country().map(country -> country + "\n").orElse(""));
  }
}
