package dev.abide.undertow;

import io.undertow.io.Receiver;
import io.undertow.server.HttpServerExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;

/**
 * Reads a body as it comes, without a thread that waits for it, into as much memory as has come:
 * who announces much and sends little takes little. {@link BodyTimer} cuts off who takes too long.
 */
final class BodyReader {
  /** Never written to. */
  private static final ByteArrayOutputStream NOTHING = new ByteArrayOutputStream(0);

  /** Undertow must let so much more pass: it hangs up without a word. */
  static final long DISCARDED_BYTES_MAX = 1 << 20;

  private final int bodyBytesMax;

  BodyReader(int bodyBytesMax) {
    this.bodyBytesMax = bodyBytesMax;
  }

  /** Throws a refusal if the body is announced to be too large. */
  void checkAnnounced(HttpServerExchange exchange) {
    if (exchange.getRequestContentLength() > bodyBytesMax) {
      throw tooLarge();
    }
  }

  /** Reads the body and hands it over on the I/O thread; a refusal goes to the client. */
  void read(HttpServerExchange exchange, Consumer<byte[]> then) {
    Reading reading = new Reading(exchange, then);
    exchange.getRequestReceiver().receivePartialBytes(reading, reading);
  }

  private Refusal tooLarge() {
    return new Refusal(
        413,
        "body-too-large",
        String.format(
            "the body is larger than %,d bytes, which is as large as it may be", bodyBytesMax));
  }

  /**
   * One body; its parts come one after the other, on one I/O thread. The exchange keeps this as
   * long as it lasts, and who waits for an answer keeps the exchange: so what has come is dropped
   * when it has been handed over, or is not wanted. Where the connection ends before, nobody keeps
   * either.
   */
  private final class Reading implements Receiver.PartialBytesCallback, Receiver.ErrorCallback {
    private final HttpServerExchange exchange;
    private final Admission.Place place;

    /** Null when all is over. */
    private @Nullable Consumer<byte[]> then;

    private ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);

    /** Why nothing more is kept of the body. */
    private @Nullable Refusal refusal;

    private long discarded;

    Reading(HttpServerExchange exchange, Consumer<byte[]> then) {
      this.exchange = exchange;
      this.place = Admission.place(exchange);
      this.then = then;
    }

    private void end() {
      then = null;
      bytes = NOTHING;
    }

    @Override
    public void handle(HttpServerExchange same, byte[] part, boolean last) {
      Consumer<byte[]> whole = then;
      if (whole == null) {
        return; // what comes behind a refusal
      }
      if (refusal == null) {
        try {
          refusal = keep(part);
        } catch (Refusal noRoom) {
          end();
          Answers.refuse(exchange, noRoom);
          return;
        }
      } else {
        discarded += part.length;
      }
      // A client that is still sending when its connection is closed does not get to read why, so
      // what it sends is read, and not kept, for a while.
      if (refusal != null && (last || discarded > DISCARDED_BYTES_MAX)) {
        end();
        Answers.refuse(exchange, refusal);
      } else if (last) {
        byte[] body = bytes.toByteArray();
        end();
        whole.accept(body);
      }
    }

    private @Nullable Refusal keep(byte[] part) {
      if (bytes.size() + (long) part.length > bodyBytesMax) {
        bytes = NOTHING;
        return tooLarge();
      }
      place.reserve(part.length);
      bytes.write(part, 0, part.length);
      return null;
    }

    @Override
    public void error(HttpServerExchange same, IOException failure) {
      if (then == null) {
        return;
      }
      end();
      IoUtils.safeClose(exchange.getConnection());
    }
  }
}
