package dev.abide.undertow;

import dev.abide.engine.AbideException;
import dev.abide.engine.Response;
import dev.abide.engine.spi.RequestWire;
import io.undertow.io.IoCallback;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** An object's response to a raw request on its way to the client. */
final class RequestReply implements RequestWire {
  private static final HttpString CONTENT_TYPE_OPTIONS = new HttpString("X-Content-Type-Options");

  private final HttpServerExchange exchange;
  private final Admission.Place place;
  private final String label;
  private final Admission admission;
  private final OpenSockets open;
  private final Duration answerTimeout;
  private final long queueBytesMax;

  /** Whether the client has its answer, or is about to. */
  private final AtomicBoolean answered = new AtomicBoolean();

  RequestReply(
      HttpServerExchange exchange,
      String label,
      Admission admission,
      OpenSockets open,
      Duration answerTimeout,
      long queueBytesMax) {
    this.exchange = exchange;
    this.place = Admission.place(exchange);
    this.label = label;
    this.admission = admission;
    this.open = open;
    this.answerTimeout = answerTimeout;
    this.queueBytesMax = queueBytesMax;
  }

  /** Whether who asks is the first to answer, and somebody waits. */
  boolean mayAnswer() {
    return answered.compareAndSet(false, true) && !exchange.isComplete();
  }

  @Override
  public void respond(Response response) {
    byte[] content = ((Response.Bytes) response.body()).content();
    if (!mayAnswer()) {
      return;
    }
    if (!admission.reserveAnswer(content.length)) {
      // The turn was done, and what it wrote is kept.
      Answers.problem(
          exchange,
          503,
          "too-many-bytes",
          "there is no room for the answer at the moment",
          false,
          "yes",
          null);
      return;
    }
    AtomicLong held = new AtomicLong(content.length);
    exchange.addExchangeCompleteListener((ended, next) -> {
      admission.releaseAnswer(held.getAndSet(0));
      next.proceed();
    });
    head(exchange, response);
    if (content.length == 0) {
      exchange.endExchange();
    } else {
      exchange.getResponseSender().send(ByteBuffer.wrap(content), IoCallback.END_EXCHANGE);
    }
    // A client that vanished before the listener was added does not meet it.
    if (exchange.isComplete()) {
      admission.releaseAnswer(held.getAndSet(0));
    }
  }

  @Override
  public @Nullable Sink begin(Response response) {
    if (!mayAnswer()) {
      return null;
    }
    head(exchange, response);
    if (exchange.getRequestMethod().equals(Methods.HEAD)) {
      headOnly(exchange);
      return null;
    }
    streams(exchange);
    return new BodySink(exchange, answerTimeout);
  }

  /**
   * The head of a body without a length, to a client that wants no more. Nobody writes the body:
   * what is written to such an exchange vanishes, and so nothing would ever tell that the client
   * has gone.
   */
  static void headOnly(HttpServerExchange exchange) {
    if (exchange.isHttp11()) {
      exchange.getResponseHeaders().put(Headers.TRANSFER_ENCODING, "chunked");
    }
    var _ = exchange.getResponseChannel(); // else the exchange would say that the body is empty
    exchange.endExchange();
  }

  @Override
  public Listener listen(Response response) {
    return new EventWire(exchange, this, response, open, queueBytesMax);
  }

  @Override
  public void refuse(Throwable why) {
    if (!mayAnswer()) {
      return;
    }
    if (why instanceof AbideException refused) {
      Failures.answer(exchange, label, refused);
    } else {
      Failures.incident(exchange, label, why, "failed", false, "unknown");
    }
  }

  /**
   * What follows has no length. It is the connection's last, so that nothing follows one that was
   * cut; and comes in chunks, of which there is a last one, so that a cut is no end. Only clients
   * of HTTP/1.0 cannot tell the two.
   */
  static void streams(HttpServerExchange exchange) {
    exchange.setPersistent(false);
    if (exchange.isHttp11()) {
      exchange.getResponseHeaders().put(Headers.TRANSFER_ENCODING, "chunked");
    }
  }

  @Override
  public void over() {
    place.over();
  }

  /** Status and headers; what the object does not say is said as for all answers. */
  static void head(HttpServerExchange exchange, Response response) {
    exchange.setStatusCode(response.status());
    exchange
        .getResponseHeaders()
        .put(Headers.CACHE_CONTROL, "no-store")
        .put(CONTENT_TYPE_OPTIONS, "nosniff");
    boolean caches = false;
    for (Response.Header header : response.headers()) {
      HttpString name = new HttpString(header.name());
      if (name.equals(Headers.CACHE_CONTROL) && !caches) {
        caches = true;
        exchange.getResponseHeaders().put(name, header.value());
      } else if (name.equals(CONTENT_TYPE_OPTIONS)) {
        exchange.getResponseHeaders().put(name, header.value());
      } else {
        exchange.getResponseHeaders().add(name, header.value());
      }
    }
  }
}
