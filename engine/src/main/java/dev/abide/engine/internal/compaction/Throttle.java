package dev.abide.engine.internal.compaction;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How long compaction must pause so as not to write faster than it may: a fixed rate, or four times
 * what came in during the last ten seconds.
 *
 * <p>Guarded by its owner's lock.
 */
final class Throttle {
  private static final long WINDOW_NANOS = 10_000_000_000L;
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final int TIMES_INCOMING = 4;

  private record Came(long nanos, long bytes) {}

  private final long bytesPerSecond;
  private final Deque<Came> came = new ArrayDeque<>();
  private long incoming;
  private long freeAt;

  Throttle(long bytesPerSecond, long nowNanos) {
    this.bytesPerSecond = bytesPerSecond;
    this.freeAt = nowNanos;
  }

  /** A segment of so many bytes has become full. */
  void came(long bytes, long nowNanos) {
    came.add(new Came(nowNanos, bytes));
    incoming += bytes;
  }

  /** So many bytes were written; gives how long to pause. */
  long wrote(long bytes, long nowNanos) {
    while (!came.isEmpty() && nowNanos - came.getFirst().nanos > WINDOW_NANOS) {
      incoming -= came.removeFirst().bytes;
    }
    long fromIncoming = TIMES_INCOMING * incoming / (WINDOW_NANOS / SECOND_NANOS);
    long rate = Math.max(bytesPerSecond, fromIncoming);
    // What was not written for a while may not be caught up with at once.
    freeAt = Math.max(freeAt, nowNanos) + (long) ((double) bytes / rate * SECOND_NANOS);
    return freeAt - nowNanos;
  }
}
