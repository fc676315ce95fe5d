package dev.abide.undertow;

import dev.abide.engine.Caller;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Who calls, and whether they may: the application's rules, asked before anything is woken. */
final class Rules {
  private final Executor virtual;
  private final @Nullable Function<? super EdgeRequest, Optional<Caller>> authentication;
  private final @Nullable Authorizer authorization;

  Rules(EdgeConfig config, Executor virtual) {
    this.virtual = virtual;
    this.authentication = config.authentication;
    this.authorization = config.authorization;
  }

  /**
   * Asks the rules who calls and whether they may, before a byte of the body is read: strangers
   * take no room from those who are known. Rules may wait, so they are asked on a virtual thread;
   * it goes on where it began, on the I/O thread.
   *
   * @param method a method's name, or {@code #socket}
   */
  void admit(
      HttpServerExchange exchange,
      String type,
      String id,
      String method,
      Consumer<@Nullable Caller> then) {
    if (authentication == null && authorization == null) {
      then.accept(null);
      return;
    }
    String label = type + "." + method;
    HttpHandler ask =
        same ->
            guarded(
                exchange,
                label,
                () -> {
                  Caller caller = admitted(exchange, type, id, method);
                  HttpHandler goOn = again -> guarded(exchange, label, () -> then.accept(caller));
                  exchange.dispatch(exchange.getIoThread(), goOn);
                });
    exchange.dispatch(virtual, ask);
  }

  /** Runs a step of a request; what it throws is the answer. */
  static void guarded(HttpServerExchange exchange, String label, Runnable step) {
    try {
      step.run();
    } catch (Refusal refused) {
      Answers.refuse(exchange, refused);
    } catch (RuntimeException | Error failure) {
      Failures.incident(exchange, label, failure, "failed", false, "no");
    }
  }

  /** Who calls, if that is known and allowed. */
  private @Nullable Caller admitted(
      HttpServerExchange exchange, String type, String id, String method) {
    Optional<Caller> caller =
        authentication == null
            ? Optional.empty()
            : authentication.apply(new ExchangeRequest(exchange));
    if (authorization != null && !authorization.allows(caller, type, id, method)) {
      if (caller.isEmpty() && authentication != null) {
        throw new Refusal(
            401,
            "unauthenticated",
            "say who you are",
            false,
            "WWW-Authenticate",
            "Bearer realm=\"abide\"");
      }
      throw Refusal.notFound();
    }
    return caller.orElse(null);
  }
}
