package dev.abide.undertow;

import dev.abide.engine.spi.RequestWire;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSinkChannel;

/**
 * A body that is written piece by piece. The writing thread, a virtual one, waits on a condition
 * until the I/O thread finds room: the channel's own way to wait would hold the carrier.
 *
 * <p>Threading: one writer. Between its calls nobody else touches the channel; while it waits, the
 * I/O thread does.
 */
final class BodySink implements RequestWire.Sink {
  private final HttpServerExchange exchange;
  private final Duration timeout;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable StreamSinkChannel channel;

  /* Guarded by the lock. */
  private boolean room;
  private boolean gone;

  BodySink(HttpServerExchange exchange, Duration timeout) {
    this.exchange = exchange;
    this.timeout = timeout;
    // Never used for another request, so it gets one such listener.
    exchange.getConnection().addCloseListener(closed -> change(() -> gone = true));
  }

  private void change(Runnable step) {
    lock.lock();
    try {
      step.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes, from, length);
    try {
      if (Thread.currentThread().isInterrupted()) {
        // A client that reads quickly never makes this wait. The channel would close too, without
        // a word about why.
        throw interrupted();
      }
      StreamSinkChannel out = channel();
      while (rest.hasRemaining() || !out.flush()) {
        if (!rest.hasRemaining() || out.write(rest) == 0) {
          awaitRoom(out);
        }
      }
      // Undertow's own clock of a client that does not read stands still between writes.
      out.suspendWrites();
    } catch (IOException broken) {
      cut();
      throw broken;
    }
  }

  private StreamSinkChannel channel() throws IOException {
    StreamSinkChannel out = channel;
    if (out == null) {
      out = exchange.getResponseChannel();
      if (out == null) {
        throw new IOException("the client is gone");
      }
      channel = out;
    }
    return out;
  }

  private void awaitRoom(StreamSinkChannel out) throws IOException {
    lock.lock();
    try {
      room = false;
      out.getWriteSetter()
          .set(ready -> {
            ready.suspendWrites();
            change(() -> room = true);
          });
      out.resumeWrites();
      long left = timeout.toNanos();
      while (!room && !gone) {
        if (left <= 0) {
          throw new IOException("the client has not read for " + timeout);
        }
        left = changed.awaitNanos(left);
      }
      if (gone) {
        throw new IOException("the client is gone");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted();
    } finally {
      lock.unlock();
    }
  }

  private static IOException interrupted() {
    return new InterruptedIOException("the object was reset, deleted or closed");
  }

  @Override
  public void end() {
    try {
      var _ = channel(); // else the exchange would say that there is no body
      exchange.endExchange();
    } catch (IOException gone) {
      cut();
    }
  }

  @Override
  public void cut() {
    IoUtils.safeClose(exchange.getConnection());
    exchange.endExchange();
  }
}
