package dev.abide.undertow;

import dev.abide.engine.spi.Frame;
import dev.abide.engine.spi.SocketEvents;
import dev.abide.engine.spi.SocketWire;
import io.undertow.connector.ByteBufferPool;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.HttpUpgradeListener;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.ConduitStreamSinkChannel;

/**
 * One client's WebSocket, from the request to upgrade to the end.
 *
 * <p>Threading: the connection's I/O thread reads, writes and closes. Other threads leave what they
 * want in a field or a queue and ask that thread to come by ({@link #comeBy}).
 *
 * <p>The end, whoever begins it: a close frame goes out behind what was sent, or at once after an
 * error; the other side's is waited for; then the connection is closed. Who does not answer, or
 * does not read, is hung up on after {@value #GOODBYE_MS} ms.
 */
final class WebSocketWire
    implements SocketWire, FrameReader.Listener, HttpUpgradeListener, OpenSockets.Open {
  private static final HttpString ACCEPT = new HttpString("Sec-WebSocket-Accept");
  private static final HttpString PROTOCOL = new HttpString("Sec-WebSocket-Protocol");
  private static final int GOODBYE_MS = 5_000;

  /** So often a client is read before others of the same I/O thread have their turn. */
  private static final int READS_AT_ONCE = 8;

  /** What a client may still send after an error before it is hung up on. */
  private static final int DISCARDED_BYTES_MAX = 1 << 20;

  private final String accept;
  private final OpenSockets sockets;
  private final Admission admission;
  private final Refusals refusals;
  private final ByteBufferPool pool;
  private final long queueBytesMax;

  /** The request's, until its turn is over. */
  private volatile Admission.@Nullable Place place;

  /** Until the answer; what is upgraded keeps nothing of its request. */
  private volatile @Nullable HttpServerExchange exchange;

  private volatile @Nullable SocketEvents events;
  private volatile @Nullable StreamConnection connection;
  private final AtomicBoolean asked = new AtomicBoolean();
  private final AtomicBoolean told = new AtomicBoolean();
  private final WireWriter writer = new WireWriter();

  /** A close that the object or the edge wants, or null. */
  private volatile @Nullable Close wanted;

  /** Whether the object wants no more messages for now. */
  private volatile boolean stopped;

  /** Whether the connection has been closed. */
  private volatile boolean gone;

  /** When something came last, by {@code System.nanoTime}. */
  private volatile long heard;

  /** Whether a message has begun to come and is not whole; and when, by the same clock. */
  private volatile boolean unfinished;

  private volatile long unfinishedSince;

  private volatile boolean pinged;
  private volatile boolean pingWanted;

  /* Of the I/O thread. */
  private final FrameReader reader;
  private boolean begun;
  private boolean suspended;
  private boolean discarding;
  private boolean peerClosed;
  private boolean leaving;
  private int discarded;

  /** What was read, and the object did not want yet. */
  private byte[] rest = NOTHING;

  /** How the connection has ended, or is about to: what the object is told. */
  private Close end = new Close(1006, "");

  private static final byte[] NOTHING = {};

  private record Close(int code, String reason) {}

  /** How a client is told that it may not plug in. */
  @FunctionalInterface
  interface Refusals {
    void answer(HttpServerExchange exchange, Throwable why);
  }

  WebSocketWire(
      HttpServerExchange exchange,
      String accept,
      OpenSockets sockets,
      Admission admission,
      Refusals refusals,
      int messageBytesMax,
      long queueBytesMax) {
    this.exchange = exchange;
    this.place = Admission.place(exchange);
    this.accept = accept;
    this.sockets = sockets;
    this.admission = admission;
    this.refusals = refusals;
    this.pool = exchange.getConnection().getByteBufferPool();
    this.queueBytesMax = queueBytesMax;
    this.reader = new FrameReader(messageBytesMax, this);
  }

  /** Where to tell what happens; the upgrade may have come first. */
  void connect(SocketEvents told) {
    events = told;
    comeBy();
    if (gone) {
      tellEnd();
    }
  }

  // ---- for the engine, on any thread

  @Override
  public long queueBytesMax() {
    return queueBytesMax;
  }

  @Override
  public void open(@Nullable String subprotocol) {
    HttpServerExchange request = Objects.requireNonNull(exchange);
    exchange = null;
    over(); // the turn has ended well, as the engine will say in a moment
    request.getResponseHeaders().put(Headers.UPGRADE, "websocket").put(ACCEPT, accept);
    if (subprotocol != null) {
      request.getResponseHeaders().put(PROTOCOL, subprotocol);
    }
    // Before the client hears of it: from then on the edge's close has to find it. That one comes,
    // or the end of the connection below does, and takes it out again.
    heard = System.nanoTime();
    sockets.add(this, request.getIoThread());
    // Whether or not it comes to an upgrade: a client may vanish before.
    request.getConnection().addCloseListener(closed -> ended());
    request.upgradeChannel(this);
    request.endExchange();
    if (!request.getConnection().isOpen()) {
      ended();
    }
  }

  @Override
  public void refuse(Throwable why) {
    HttpServerExchange request = Objects.requireNonNull(exchange);
    exchange = null;
    refusals.answer(request, why);
  }

  @Override
  public void over() {
    Admission.Place held = place;
    if (held != null) {
      place = null;
      held.over();
    }
  }

  @Override
  public void send(Frame frame) {
    writer.add(frame);
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
  public void handled(int bytes) {
    admission.release(bytes);
  }

  @Override
  public void readOn() {
    stopped = false;
    comeBy();
  }

  // ---- for the edge, on any thread

  @Override
  public void goAway() {
    close(1001, "the server is closing");
  }

  @Override
  public void look(long now, long idleNanos) {
    if (overdue(now)) {
      comeBy(); // looks again: the message may be whole by then
    }
    long silent = now - heard;
    if (stopped) {
      // It is not read, so nobody knows whether it speaks.
      heard = now;
      pinged = false;
    } else if (silent > idleNanos) {
      IoUtils.safeClose(connection);
    } else if (silent > idleNanos / 3 && !pinged) {
      pinged = true;
      pingWanted = true;
      comeBy();
    }
  }

  /**
   * Whether a message takes too long to come: until it is whole it holds room that others need, and
   * a client that answers pings could hold it for ever.
   */
  private boolean overdue(long now) {
    return unfinished && now - unfinishedSince > sockets.messageTimeout().toNanos();
  }

  // ---- the I/O thread

  @Override
  public void handleUpgrade(StreamConnection upgraded, HttpServerExchange request) {
    heard = System.nanoTime();
    connection = upgraded;
    comeBy();
  }

  /**
   * Asks the I/O thread to see to what is wanted. One visit sees to all that was left before it.
   */
  private void comeBy() {
    StreamConnection at = connection;
    if (at != null && asked.compareAndSet(false, true)) {
      try {
        at.getIoThread().execute(this::visit);
      } catch (RejectedExecutionException stopped) {
        ended(); // the server is down, and the connection with it
      }
    }
  }

  private void visit() {
    // Before the looks below: what is left behind one of them asks again.
    asked.set(false);
    StreamConnection at = connection;
    SocketEvents to = events;
    if (at == null || to == null || gone) {
      return;
    }
    if (!begun) {
      begun = true;
      at.getSourceChannel().setReadListener(source -> read(at, to));
      at.getSinkChannel().setWriteListener(sink -> write(at, to));
      at.getSourceChannel().wakeupReads();
    }
    Close close = wanted;
    if (close != null && !writer.closing()) {
      end = close;
      leave(at);
      writer.close(close.code(), close.reason(), /* atOnce */ false, to);
    }
    if (writer.closing()) {
      // The other side's close is waited for, and messages before it are not the object's any more.
      stopped = false;
    }
    if (!discarding && !peerClosed && overdue(System.nanoTime())) {
      broken(
          new FrameReader.Violation(
              FrameReader.TOO_LATE,
              "a message was not whole after "
                  + sockets.messageTimeout().toMillis()
                  + " ms, as long as it may take"),
          to);
    }
    if (pingWanted) {
      pingWanted = false;
      writer.ping();
    }
    if (suspended && !stopped) {
      suspended = false;
      takeRest(to);
      if (!suspended) {
        at.getSourceChannel().resumeReads();
      }
    }
    write(at, to);
  }

  private void read(StreamConnection at, SocketEvents to) {
    try (PooledByteBuffer pooled = pool.allocate()) {
      ByteBuffer buffer = pooled.getBuffer();
      for (int reads = 0; reads < READS_AT_ONCE && !suspended; reads++) {
        buffer.clear();
        int bytes = at.getSourceChannel().read(buffer);
        if (bytes < 0) {
          IoUtils.safeClose(at); // without a close, unless one has been said on the way
          return;
        }
        if (bytes == 0) {
          break;
        }
        heard = System.nanoTime();
        pinged = false;
        take(buffer.flip(), to);
      }
      if (suspended) {
        at.getSourceChannel().suspendReads();
      }
      write(at, to);
    } catch (IOException broken) {
      IoUtils.safeClose(at);
    }
  }

  private void takeRest(SocketEvents to) {
    ByteBuffer kept = ByteBuffer.wrap(rest);
    rest = NOTHING;
    take(kept, to);
  }

  /** Takes what came; where the object wants no more, the rest is kept and reading stops. */
  private void take(ByteBuffer bytes, SocketEvents to) {
    if (discarding || peerClosed) {
      discarded += bytes.remaining();
      if (discarded > DISCARDED_BYTES_MAX) {
        IoUtils.safeClose(connection);
      }
      return;
    }
    try {
      if (!reader.read(bytes) && !peerClosed) {
        suspended = true;
        rest = new byte[bytes.remaining()];
        bytes.get(rest);
      }
    } catch (FrameReader.Violation violation) {
      broken(violation, to);
    }
    unfinished = !discarding && !peerClosed && reader.unfinished();
  }

  /** Nothing that the client sends counts any more. */
  private void broken(FrameReader.Violation violation, SocketEvents to) {
    discarding = true;
    unfinished = false;
    admission.release(reader.drop());
    if (!writer.closing()) {
      end = new Close(violation.code, violation.reason());
    }
    leave(Objects.requireNonNull(connection));
    writer.close(violation.code, violation.reason(), /* atOnce */ true, to);
  }

  private void write(StreamConnection at, SocketEvents to) {
    ConduitStreamSinkChannel sink = at.getSinkChannel();
    try {
      if (!writer.write(sink, to)) {
        sink.resumeWrites();
        return;
      }
      sink.suspendWrites();
      if (writer.closed()) {
        if (peerClosed) {
          IoUtils.safeClose(at);
        } else if (discarding) {
          // Not closed: bytes of the client that nobody has read would take the close frame with
          // them.
          sink.shutdownWrites();
          var _ = sink.flush();
        }
      }
    } catch (IOException broken) {
      IoUtils.safeClose(at);
    }
  }

  /** Hangs up in a while, whatever the client does. */
  private void leave(StreamConnection at) {
    if (!leaving) {
      leaving = true;
      at.getIoThread().executeAfter(() -> IoUtils.safeClose(at), GOODBYE_MS, TimeUnit.MILLISECONDS);
    }
  }

  // ---- what the client sent, on the I/O thread

  @Override
  public void begins() {
    unfinishedSince = System.nanoTime();
  }

  @Override
  public boolean reserve(int bytes) {
    return admission.tryReserve(bytes);
  }

  @Override
  public void release(int bytes) {
    admission.release(bytes);
  }

  @Override
  public boolean text(String text, int bytes) {
    return tell(bytes, to -> to.text(text, bytes));
  }

  @Override
  public boolean bytes(byte[] bytes) {
    return tell(bytes.length, to -> to.bytes(bytes));
  }

  private boolean tell(int bytes, Predicate<SocketEvents> message) {
    if (writer.closing()) {
      admission.release(bytes);
      return true;
    }
    // Before the object is told: it may want more before it has said that it wants no more.
    stopped = true;
    if (message.test(Objects.requireNonNull(events))) {
      stopped = false;
    }
    return !stopped;
  }

  @Override
  public void ping(byte[] payload) {
    writer.pong(payload);
  }

  @Override
  public void closed(int code, String reason) {
    peerClosed = true;
    admission.release(reader.drop());
    if (!writer.closing()) {
      end = new Close(code, reason);
    }
    leave(Objects.requireNonNull(connection));
    writer.close(code, "", /* atOnce */ true, Objects.requireNonNull(events));
  }

  // ---- the end

  /** The connection is closed; on any thread. */
  private void ended() {
    gone = true;
    StreamConnection at = connection;
    if (at == null || Thread.currentThread() == at.getIoThread()) {
      tellEnd();
      return;
    }
    try {
      // The I/O thread may be in the middle of a message, which must be told first.
      at.getIoThread().execute(this::tellEnd);
    } catch (RejectedExecutionException stopped) {
      tellEnd();
    }
  }

  private void tellEnd() {
    SocketEvents to = events;
    if (to == null || !told.compareAndSet(false, true)) {
      return; // told when there is somebody to tell
    }
    sockets.remove(this);
    admission.release(reader.drop());
    writer.drop(to);
    to.closed(end.code(), end.reason());
  }
}
