package dev.abide.undertow;

import dev.abide.engine.spi.Frame;
import dev.abide.engine.spi.SocketEvents;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.xnio.conduits.ConduitStreamSinkChannel;

/**
 * What waits for a client to read it, and how it gets to the client: several frames at once, in
 * their order, a pong before those that have not begun.
 *
 * <p>Threading: {@link #add} by any thread, all else on the connection's I/O thread.
 */
final class WireWriter {
  /** As many frames are handed to the system at once; more would only make the arrays longer. */
  private static final int FRAMES_AT_ONCE = 16;

  private final ConcurrentLinkedQueue<Frame> waiting = new ConcurrentLinkedQueue<>();

  /** Frames that have begun, the first one perhaps in part; their buffers lie in `buffers`. */
  private final Queue<Frame> begun = new ArrayDeque<>(0);

  private final List<ByteBuffer> buffers = new ArrayList<>(0);

  /**
   * The last ping's answer: an older one is not owed any more, so a flood of pings takes no room.
   */
  private @Nullable ByteBuffer pong;

  private @Nullable ByteBuffer ping;

  /** The close, which goes last. */
  private @Nullable ByteBuffer close;

  private boolean closeWritten;

  void add(Frame frame) {
    waiting.add(frame);
  }

  void pong(byte[] payload) {
    pong = FrameHeads.pong(payload);
  }

  void ping() {
    ping = FrameHeads.ping();
  }

  /**
   * Sends this last, behind all that waits.
   *
   * @param atOnce whether what has not begun is thrown away
   */
  void close(int code, String reason, boolean atOnce, SocketEvents events) {
    if (close != null || closeWritten) {
      return;
    }
    if (atOnce) {
      drop(waiting, events);
    }
    close = FrameHeads.close(code, reason);
  }

  /** Whether a close is on its way, or has gone. */
  boolean closing() {
    return close != null || closeWritten;
  }

  /** Whether the close has gone, and so has everything. */
  boolean closed() {
    return closeWritten && buffers.isEmpty();
  }

  /** Writes until nothing waits, which is true, or the system takes no more, which is false. */
  boolean write(ConduitStreamSinkChannel sink, SocketEvents events) throws IOException {
    while (true) {
      if (buffers.isEmpty() && !gather()) {
        return sink.flush();
      }
      long written = sink.write(buffers.toArray(ByteBuffer[]::new), 0, buffers.size());
      if (written < 0) {
        throw new IOException("the client is gone");
      }
      while (!buffers.isEmpty() && !buffers.getFirst().hasRemaining()) {
        buffers.removeFirst();
      }
      if (!buffers.isEmpty()) {
        if (written == 0) {
          return false;
        }
        continue;
      }
      drop(begun, events);
    }
  }

  /** Begins the next few frames; false if there is none. */
  private boolean gather() {
    if (closeWritten) {
      return false;
    }
    if (pong != null) {
      buffers.add(pong);
      pong = null;
    }
    if (ping != null) {
      buffers.add(ping);
      ping = null;
    }
    for (int count = 0; count < FRAMES_AT_ONCE; count++) {
      Frame frame = waiting.poll();
      if (frame == null) {
        if (close != null) {
          buffers.add(close);
          close = null;
          closeWritten = true;
        }
        break;
      }
      begun.add(frame);
      buffers.add(FrameHeads.of(frame));
      if (frame.length() > 0) {
        buffers.add(frame.content());
      }
    }
    return !buffers.isEmpty();
  }

  /** Nothing will be written any more. */
  void drop(SocketEvents events) {
    buffers.clear();
    drop(begun, events);
    drop(waiting, events);
  }

  private static void drop(Queue<Frame> frames, SocketEvents events) {
    for (Frame frame = frames.poll(); frame != null; frame = frames.poll()) {
      events.written(frame);
    }
  }
}
