package dev.abide.undertow;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
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

  /**
   * Requests that nobody waits for and whose turns have not ended. May be below zero for an
   * instant.
   */
  private final AtomicLong late = new AtomicLong();

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

  /**
   * A request's place among those under way, and the bytes of its body. The bytes are held while
   * the client waits or the engine has the request; a turn that runs on after its client has left
   * keeps the place too. Else who asks slow objects for much, and leaves, would take all memory.
   */
  final class Place {
    private static final int CLIENT = 1;
    private static final int TURN = 2;

    /**
     * The answer was that the call is accepted: it waits as one of its mailbox's, not as one here.
     */
    private static final int ONE_WAY = 4;

    private final AtomicInteger holders = new AtomicInteger(CLIENT);
    private final AtomicLong bytes = new AtomicLong();

    /** Takes room for bytes of the body. Throws a refusal if there is none. */
    void reserve(long more) {
      Admission.this.reserve(more);
      bytes.addAndGet(more);
      if (holders.get() == 0) {
        letGo(); // the connection was closed meanwhile, and gave back what had been taken before
      }
    }

    /** The engine gets the request; {@link #over} must follow. */
    void begin(boolean oneWay) {
      int before = holders.getAndUpdate(now -> now | TURN | (oneWay ? ONE_WAY : 0));
      if ((before & CLIENT) == 0 && !oneWay) {
        late.incrementAndGet();
      }
    }

    /**
     * Begins, and goes on with the task as soon as the exchange is free for it; the task hands
     * over. Where it cannot be dispatched nobody else would tell that it is over.
     */
    void dispatch(HttpServerExchange exchange, Executor thread, boolean oneWay, Runnable task) {
      begin(oneWay);
      handOver(() -> exchange.dispatch(thread, task));
    }

    /** Gives the request to the engine, behind {@link #begin}. Where that fails it never had it. */
    void handOver(Runnable step) {
      boolean given = false;
      try {
        step.run();
        given = true;
      } finally {
        if (!given) {
          over();
        }
      }
    }

    /** The engine has the request no more, or never had it. May be told again. */
    void over() {
      int before = holders.getAndUpdate(now -> now & ~TURN);
      if ((before & TURN) != 0 && (before & CLIENT) == 0) {
        if ((before & ONE_WAY) == 0) {
          late.decrementAndGet();
        }
        letGo();
      }
    }

    /**
     * The request has been answered, is not waited for any more, or its connection is gone. May be
     * told again.
     */
    void leave() {
      int before = holders.getAndUpdate(now -> now & ~CLIENT);
      if ((before & CLIENT) == 0) {
        return;
      }
      if ((before & TURN) == 0) {
        letGo();
      } else if ((before & ONE_WAY) == 0) {
        // Before it is counted out below: for an instant it is counted twice, and never not at all.
        late.incrementAndGet();
      }
      Admission.this.leave();
    }

    private void letGo() {
      release(bytes.getAndSet(0));
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
      if (now + late.get() >= requestsMax) {
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

  private void reserve(long bytes) {
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

  /** How many requests nobody waits for any more, and whose turns go on. */
  long late() {
    return Math.max(0, late.get());
  }

  /** How many requests are waited for. */
  long underWay() {
    return requests.get() & (CLOSING - 1);
  }

  /** How many bytes are held, of bodies and of answers. */
  long heldBytes() {
    return bodies.get() + answers.get();
  }
}
