package dev.abide.undertow;

import dev.abide.engine.spi.Door;
import io.undertow.server.HttpServerExchange;
import org.jspecify.annotations.Nullable;

/** A call's outcome on its way to the client. */
final class Reply implements Door.Answer {
  private final HttpServerExchange exchange;
  private final Admission.Place place;
  private final Route route;
  private final JsonForm json;
  private final Admission admission;

  Reply(
      HttpServerExchange exchange,
      Admission.Place place,
      Route route,
      JsonForm json,
      Admission admission) {
    this.exchange = exchange;
    this.place = place;
    this.route = route;
    this.json = json;
    this.admission = admission;
  }

  @Override
  public void value(@Nullable Object value) {
    if (route.method().oneWay()) {
      Answers.empty(exchange, 202);
    } else if (route.isVoid()) {
      Answers.empty(exchange, 204);
    } else {
      AnswerBytes bytes = new AnswerBytes(admission);
      try {
        write(value, bytes);
      } finally {
        // Where the client vanished meanwhile, the listener may have run before the last byte was
        // counted; where it did not, it runs after this and finds all of them.
        if (exchange.isComplete()) {
          bytes.release();
        }
      }
    }
  }

  private void write(@Nullable Object value, AnswerBytes bytes) {
    if (exchange.isComplete()) {
      return; // nobody waits for it any more
    }
    exchange.addExchangeCompleteListener((ended, next) -> {
      bytes.release();
      next.proceed();
    });
    try {
      json.write(route, value, bytes);
    } catch (RuntimeException | Error failure) {
      unsent(bytes, failure);
      return;
    }
    Answers.send(exchange, 200, "application/json", bytes.content());
  }

  /** The call was done; what a client may do now depends on whether it changed anything. */
  private void unsent(AnswerBytes bytes, Throwable failure) {
    bytes.release();
    boolean changesNothing = route.method().readOnly();
    String applied = changesNothing ? "no" : "yes";
    if (bytes.noRoom()) {
      Answers.problem(
          exchange,
          503,
          "too-many-bytes",
          "there is no room for the answer at the moment",
          changesNothing,
          applied,
          null);
    } else {
      Failures.incident(exchange, route.label(), failure, "no-json-form", false, applied);
    }
  }

  @Override
  public void failure(Throwable failure) {
    Failures.answer(exchange, route, failure);
  }

  @Override
  public void over() {
    place.over();
  }
}
