package dev.abide.undertow;

import dev.abide.engine.Response;
import dev.abide.engine.spi.Frame;
import dev.abide.engine.spi.RequestWire;
import dev.abide.engine.spi.SocketEvents;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Methods;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSinkChannel;

/**
 * A client that listens to server-sent events, from its request to the end.
 *
 * <p>Threading: the connection's I/O thread writes and ends; others leave what they want in a field
 * or a queue and ask that thread to come by ({@link #comeBy}).
 *
 * <p>The end: one that the object or the edge means well (1000, 1001) is the end of the response;
 * at any other the response is cut, so that the client can tell. A client that goes away is noticed
 * when something is written: a comment is, when there has been nothing else for a while.
 */
final class EventWire implements RequestWire.Listener, OpenSockets.Open {
  /** Events that are written at once; more would only make the buffer larger. */
  private static final int FRAMES_AT_ONCE = 16;

  private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
  private static final int GOODBYE_MS = 5_000;

  private record Close(int code, String reason) {}

  private final HttpServerExchange exchange;
  private final RequestReply reply;
  private final Response response;
  private final OpenSockets open;
  private final long queueBytesMax;
  private final ConcurrentLinkedQueue<Frame> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean asked = new AtomicBoolean();
  private final AtomicBoolean told = new AtomicBoolean();
  private volatile @Nullable SocketEvents events;
  private volatile @Nullable Close wanted;
  private volatile boolean commentWanted = true; // the first one takes the headers along

  /** When something was written last, by {@code System.nanoTime}. */
  private volatile long spoke;

  /* Of the I/O thread. */
  private final Queue<Frame> begun = new ArrayDeque<>(0);
  private @Nullable StreamSinkChannel channel;
  private ByteBuffer buffer = ByteBuffer.allocate(0);
  private boolean leaving;

  EventWire(
      HttpServerExchange exchange,
      RequestReply reply,
      Response response,
      OpenSockets open,
      long queueBytesMax) {
    this.exchange = exchange;
    this.reply = reply;
    this.response = response;
    this.open = open;
    this.queueBytesMax = queueBytesMax;
  }

  // ---- for the engine, on any thread

  @Override
  public void connect(SocketEvents told) {
    events = told;
  }

  @Override
  public long queueBytesMax() {
    return queueBytesMax;
  }

  @Override
  public void open(@Nullable String subprotocol) {
    if (!reply.mayAnswer()) {
      tellEnd(new Close(1006, "")); // the client was told that it had waited too long
      return;
    }
    RequestReply.head(exchange, response);
    if (exchange.getRequestMethod().equals(Methods.HEAD)) {
      exchange.endExchange();
      tellEnd(new Close(1000, ""));
      return;
    }
    RequestReply.streams(exchange);
    spoke = System.nanoTime();
    // Before the client hears of it: from then on the edge's close has to find it. From here on it
    // is no request that the close waits for.
    open.add(this, exchange.getIoThread());
    reply.over(); // its turn has ended well, as the engine will say in a moment
    Admission.place(exchange).leave();
    exchange.getConnection().addCloseListener(closed -> ended());
    comeBy();
    if (!exchange.getConnection().isOpen()) {
      ended();
    }
  }

  @Override
  public void refuse(Throwable why) {
    reply.refuse(why);
  }

  @Override
  public void send(Frame frame) {
    waiting.add(frame);
    comeBy();
  }

  @Override
  public void close(int code, String reason) {
    if (wanted == null) {
      wanted = new Close(code, reason);
      comeBy();
    }
  }

  @Override
  public void handled(int bytes) {}

  @Override
  public void readOn() {}

  // ---- for the edge

  @Override
  public void goAway() {
    close(1001, "the server is closing");
  }

  @Override
  public void look(long now, long idleNanos) {
    if (now - spoke > idleNanos / 3) {
      spoke = now;
      commentWanted = true;
      comeBy();
    }
  }

  // ---- the I/O thread

  private void comeBy() {
    if (asked.compareAndSet(false, true)) {
      try {
        exchange.getIoThread().execute(this::visit);
      } catch (RejectedExecutionException stopped) {
        ended(); // the server is down, and the connection with it
      }
    }
  }

  private void visit() {
    // Before the looks below: what is left behind one of them asks again.
    asked.set(false);
    if (told.get()) {
      return;
    }
    if (wanted != null && !leaving) {
      leaving = true;
      exchange
          .getIoThread()
          .executeAfter(
              () -> IoUtils.safeClose(exchange.getConnection()), GOODBYE_MS, TimeUnit.MILLISECONDS);
    }
    try {
      StreamSinkChannel out = channel;
      if (out == null) {
        out = exchange.getResponseChannel();
        if (out == null) {
          throw new IOException("the client is gone");
        }
        channel = out;
        out.getWriteSetter().set(ready -> visit());
      }
      write(out);
    } catch (IOException broken) {
      IoUtils.safeClose(exchange.getConnection());
      ended();
    }
  }

  private void write(StreamSinkChannel out) throws IOException {
    while (buffer.hasRemaining() || gather()) {
      if (out.write(buffer) == 0) {
        out.resumeWrites();
        return;
      }
      spoke = System.nanoTime();
      if (!buffer.hasRemaining()) {
        dropBegun(Objects.requireNonNull(events));
      }
    }
    if (!out.flush()) {
      out.resumeWrites();
      return;
    }
    out.suspendWrites();
    Close close = wanted;
    // One that was sent before the close was wanted is there by now.
    if (close != null && waiting.isEmpty()) {
      end(close);
    }
  }

  private void end(Close close) {
    tellEnd(close);
    if (close.code() == 1000 || close.code() == 1001) {
      exchange.endExchange();
    } else {
      IoUtils.safeClose(exchange.getConnection());
      exchange.endExchange();
    }
  }

  /** Writes down the next few events; false if there is none. */
  private boolean gather() {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int count = 0; count < FRAMES_AT_ONCE; count++) {
      Frame frame = waiting.poll();
      if (frame == null) {
        break;
      }
      begun.add(frame);
      write(frame, text);
    }
    if (commentWanted) {
      commentWanted = false;
      if (text.size() == 0) {
        text.writeBytes(COMMENT);
      }
    }
    buffer = ByteBuffer.wrap(text.toByteArray());
    return buffer.hasRemaining();
  }

  /** An event's lines; each line of its text gets the field's name in front. */
  static void write(Frame frame, ByteArrayOutputStream to) {
    ByteBuffer head = frame.eventHead();
    while (head.hasRemaining()) {
      to.write(head.get());
    }
    ByteBuffer text = frame.content();
    to.writeBytes(DATA);
    while (text.hasRemaining()) {
      byte next = text.get();
      if (next == '\r' || next == '\n') {
        if (next == '\r' && text.hasRemaining() && text.get(text.position()) == '\n') {
          text.get();
        }
        to.write('\n');
        to.writeBytes(DATA);
      } else {
        to.write(next);
      }
    }
    to.write('\n');
    to.write('\n');
  }

  // ---- the end

  /** The connection is closed; on any thread. */
  private void ended() {
    try {
      // The I/O thread may be in the middle of a write.
      exchange
          .getIoThread()
          .execute(() -> {
            tellEnd(Objects.requireNonNullElse(wanted, new Close(1006, "")));
            exchange.endExchange();
          });
    } catch (RejectedExecutionException stopped) {
      tellEnd(new Close(1006, ""));
    }
  }

  private void tellEnd(Close end) {
    if (!told.compareAndSet(false, true)) {
      return;
    }
    open.remove(this);
    SocketEvents to = Objects.requireNonNull(events);
    dropBegun(to);
    for (Frame frame = waiting.poll(); frame != null; frame = waiting.poll()) {
      to.written(frame);
    }
    to.closed(end.code(), end.reason());
  }

  private void dropBegun(SocketEvents to) {
    for (Frame frame = begun.poll(); frame != null; frame = begun.poll()) {
      to.written(frame);
    }
  }
}
