package dev.abide.undertow;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How much the edge takes on at once: requests under way, bytes of their bodies, and bytes of
 * answers that clients have not read. What is over one of the first two bounds is refused before
 * anything is woken or called.
 *
 * <p>Threading: safe for all threads; never waits but in {@link #drain}.
 */
final class Admission {
  private static final long CLOSING = 1L << 62;
  private static final AttachmentKey<Place> PLACE = AttachmentKey.create(Place.class);

  private final int requestsMax;
  private final long bodiesBytesMax;
  private final long answersBytesMax;
  private final AtomicLong bodies = new AtomicLong();
  private final AtomicLong answers = new AtomicLong();

  /*
   * The requests under way, and a bit that says that no more may come: in one word, so that none can
   * slip in between the check and the count while close looks for zero.
   */
  private final AtomicLong requests = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition empty = lock.newCondition();

  Admission(EdgeConfig config) {
    this.requestsMax = config.requestsMax;
    this.bodiesBytesMax = config.bodiesBytesMax;
    this.answersBytesMax = config.answersBytesMax;
  }

  /** A request's place among those under way. */
  final class Place {
    private final AtomicBoolean left = new AtomicBoolean();

    /** The request has been answered, is not waited for any more, or its connection is gone. */
    void leave() {
      if (left.compareAndSet(false, true)) {
        Admission.this.leave();
      }
    }
  }

  /** The place of an exchange that is under way. */
  static Place place(HttpServerExchange exchange) {
    return Objects.requireNonNull(exchange.getAttachment(PLACE));
  }

  /** Lets a request in; {@link Place#leave} must follow. Throws a refusal otherwise. */
  Place enter(HttpServerExchange exchange) {
    enter();
    Place place = new Place();
    exchange.putAttachment(PLACE, place);
    return place;
  }

  private void enter() {
    while (true) {
      long now = requests.get();
      if (now >= CLOSING) {
        throw Refusal.unavailable("closing", "the server is about to close");
      }
      if (now >= requestsMax) {
        throw Refusal.unavailable(
            "too-many-requests", requestsMax + " requests are under way, as many as may be");
      }
      if (requests.compareAndSet(now, now + 1)) {
        return;
      }
    }
  }

  private void leave() {
    if (requests.decrementAndGet() == CLOSING) {
      lock.lock();
      try {
        empty.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  boolean closing() {
    return requests.get() >= CLOSING;
  }

  /** Takes bytes of a body; {@link #release} must follow. Throws a refusal if there is no room. */
  void reserve(long bytes) {
    if (!tryReserve(bytes)) {
      throw Refusal.unavailable(
          "too-many-bytes", "bodies of other requests take all the room that there is for them");
    }
  }

  /** Takes bytes of a message, if there is room; {@link #release} must follow. */
  boolean tryReserve(long bytes) {
    if (bodies.addAndGet(bytes) > bodiesBytesMax) {
      bodies.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void release(long bytes) {
    bodies.addAndGet(-bytes);
  }

  /** Takes room for an answer, if there is; {@link #releaseAnswer} must follow. */
  boolean reserveAnswer(long bytes) {
    if (answers.addAndGet(bytes) > answersBytesMax) {
      answers.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void releaseAnswer(long bytes) {
    answers.addAndGet(-bytes);
  }

  /** Lets nobody in any more, and waits until all have left, so long at most. */
  void drain(Duration grace) {
    requests.getAndUpdate(now -> now >= CLOSING ? now : now + CLOSING);
    long left = grace.toNanos();
    boolean interrupted = false;
    lock.lock();
    try {
      while (requests.get() > CLOSING && left > 0) {
        try {
          left = empty.awaitNanos(left);
        } catch (InterruptedException e) {
          interrupted = true;
          left = 0;
        }
      }
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** How many requests are under way. */
  long underWay() {
    return requests.get() & (CLOSING - 1);
  }

  /** How many bytes are held, of bodies and of answers. */
  long heldBytes() {
    return bodies.get() + answers.get();
  }
}
