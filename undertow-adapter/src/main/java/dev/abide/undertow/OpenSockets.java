package dev.abide.undertow;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.xnio.XnioIoThread;

/**
 * All sockets of an edge: pinged when they are silent, closed when they stay so or do not finish
 * what they began, and closed when the edge is.
 *
 * <p>One round for all instead of a timer for each: ten thousand idle sockets cost a walk over a
 * set now and then.
 */
final class OpenSockets {
  private static final int ROUNDS = 12;

  /** A client that stays: plugged in, or listening to events. */
  interface Open {
    /** Pings who is silent, hangs up on who stays so. On any I/O thread. */
    void look(long now, long idleNanos);

    /** The edge closes. On any thread. */
    void goAway();
  }

  private final Set<Open> open = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean rounds = new AtomicBoolean();
  private final long idleNanos;
  private final Duration messageTimeout;
  private volatile boolean closing;

  OpenSockets(Duration idleTimeout, Duration messageTimeout) {
    this.idleNanos = idleTimeout.toNanos();
    this.messageTimeout = messageTimeout;
  }

  /** How long a client's message may take to come. */
  Duration messageTimeout() {
    return messageTimeout;
  }

  /** A socket has been opened; its I/O thread may do the rounds for all. */
  void add(Open wire, XnioIoThread thread) {
    // In the set before the mark is read: either close finds it there, or it finds the mark.
    open.add(wire);
    if (closing) {
      wire.goAway();
    }
    if (rounds.compareAndSet(false, true)) {
      again(thread);
    }
  }

  void remove(Open wire) {
    open.remove(wire);
  }

  int count() {
    return open.size();
  }

  private void again(XnioIoThread thread) {
    long pause = Math.max(1, Math.min(idleNanos, messageTimeout.toNanos()) / ROUNDS / 1_000_000);
    thread.executeAfter(() -> round(thread), pause, TimeUnit.MILLISECONDS);
  }

  private void round(XnioIoThread thread) {
    long now = System.nanoTime();
    open.forEach(wire -> wire.look(now, idleNanos));
    if (!open.isEmpty()) {
      again(thread);
      return;
    }
    rounds.set(false);
    // One that came between the look and the line above found the rounds going on.
    if (!open.isEmpty() && rounds.compareAndSet(false, true)) {
      again(thread);
    }
  }

  /** Closes all with 1001, and waits until they have gone, so long at most. */
  void close(Duration grace) {
    closing = true;
    open.forEach(Open::goAway);
    long end = System.nanoTime() + grace.toNanos();
    while (!open.isEmpty()
        && System.nanoTime() - end < 0
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(1_000_000);
    }
  }
}
