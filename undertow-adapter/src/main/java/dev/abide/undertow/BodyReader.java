package dev.abide.undertow;

import io.undertow.io.Receiver;
import io.undertow.server.HttpServerExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;

/**
 * Reads a body as it comes, without a thread that waits for it, into as much memory as has come:
 * who announces much and sends little takes little. Whoever takes too long is cut off.
 */
final class BodyReader {
  /** Undertow must let so much more pass: it hangs up without a word. */
  static final long DISCARDED_BYTES_MAX = 1 << 20;

  private final Admission admission;
  private final int bodyBytesMax;
  private final Duration timeout;

  BodyReader(Admission admission, int bodyBytesMax, Duration timeout) {
    this.admission = admission;
    this.bodyBytesMax = bodyBytesMax;
    this.timeout = timeout;
  }

  /**
   * Reads the body and hands it over on an I/O thread; a refusal goes to the client.
   *
   * @throws Refusal if it is announced to be too large
   */
  void read(HttpServerExchange exchange, Consumer<byte[]> then) {
    if (exchange.getRequestContentLength() > bodyBytesMax) {
      throw tooLarge();
    }
    Reading reading = new Reading(exchange, then);
    XnioExecutor.Key timer =
        exchange
            .getIoThread()
            .executeAfter(
                () -> IoUtils.safeClose(exchange.getConnection()),
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
    reading.timer = timer;
    exchange.addExchangeCompleteListener((ended, next) -> {
      reading.stop();
      admission.release(reading.held);
      next.proceed();
    });
    exchange.getRequestReceiver().receivePartialBytes(reading, reading);
  }

  private Refusal tooLarge() {
    return new Refusal(
        413,
        "body-too-large",
        String.format(
            "the body is larger than %,d bytes, which is as large as it may be", bodyBytesMax));
  }

  /** One body; its parts come one after the other, on one I/O thread. */
  private final class Reading implements Receiver.PartialBytesCallback, Receiver.ErrorCallback {
    private final HttpServerExchange exchange;
    private final Consumer<byte[]> then;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);
    private XnioExecutor.@Nullable Key timer;
    private long held;
    private boolean over;

    /** Why nothing more is kept of the body. */
    private @Nullable Refusal refusal;

    private long discarded;

    Reading(HttpServerExchange exchange, Consumer<byte[]> then) {
      this.exchange = exchange;
      this.then = then;
    }

    void stop() {
      XnioExecutor.Key key = timer;
      if (key != null) {
        key.remove();
        timer = null;
      }
    }

    @Override
    public void handle(HttpServerExchange same, byte[] part, boolean last) {
      if (over) {
        return; // what comes behind a refusal
      }
      if (refusal == null) {
        try {
          refusal = keep(part);
        } catch (Refusal noRoom) {
          over = true;
          stop();
          Answers.refuse(exchange, noRoom);
          return;
        }
      } else {
        discarded += part.length;
      }
      // A client that is still sending when its connection is closed does not get to read why, so
      // what it sends is read, and not kept, for a while.
      if (refusal != null && (last || discarded > DISCARDED_BYTES_MAX)) {
        over = true;
        stop();
        Answers.refuse(exchange, refusal);
      } else if (last) {
        over = true;
        stop();
        then.accept(bytes.toByteArray());
      }
    }

    private @Nullable Refusal keep(byte[] part) {
      if (bytes.size() + (long) part.length > bodyBytesMax) {
        return tooLarge();
      }
      admission.reserve(part.length);
      held += part.length;
      bytes.write(part, 0, part.length);
      return null;
    }

    @Override
    public void error(HttpServerExchange same, IOException failure) {
      stop();
      if (over) {
        return;
      }
      over = true;
      IoUtils.safeClose(exchange.getConnection());
    }
  }
}
