package dev.abide.engine.testing;

import dev.abide.engine.Abide;
import dev.abide.engine.Request;
import dev.abide.engine.Response;
import dev.abide.engine.spi.Descriptor;
import dev.abide.engine.spi.Door;
import dev.abide.engine.spi.Frame;
import dev.abide.engine.spi.RequestWire;
import dev.abide.engine.spi.SocketEvents;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What an object answers to a raw request, without a server: it goes the way that an adapter's
 * requests go.
 *
 * <p>Threading: safe for all threads.
 */
public final class TestResponse {
  private static final long SECONDS_MAX = 30;
  private static final long QUEUE_BYTES_MAX = 1 << 20;

  private final Wire wire = new Wire();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /* Guarded by the lock. */
  private @Nullable Response response;
  private @Nullable Throwable refusal;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private boolean whole;
  private boolean cut;
  private boolean reading = true;
  private boolean gone;
  private @Nullable TestWire listener;

  private TestResponse() {}

  /**
   * Sends a request, and returns at once.
   *
   * @throws IllegalArgumentException if the type is not hosted or takes no requests
   */
  public static TestResponse send(Abide abide, Class<?> type, String id, Request request) {
    TestResponse sent = new TestResponse();
    Door door = Door.of(abide);
    door.request(name(door, type), id, request, Duration.ofSeconds(SECONDS_MAX), sent.wire);
    return sent;
  }

  private static String name(Door door, Class<?> type) {
    for (String name : door.types()) {
      Descriptor<?> descriptor = door.descriptor(name);
      if (descriptor != null && descriptor.type() == type) {
        return name;
      }
    }
    throw new IllegalArgumentException(type.getName() + " is not hosted by this engine");
  }

  /** Whether there is an answer yet, or a refusal. */
  public boolean answered() {
    lock.lock();
    try {
      return response != null || refusal != null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The status; waits for it, at most 30 s.
   *
   * @throws IllegalStateException if the object did not answer; the cause is why
   */
  public int status() {
    return head().status();
  }

  /** A header's first value; waits as {@link #status} does. */
  public Optional<String> header(String name) {
    return head().headers().stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Response.Header::value)
        .findFirst();
  }

  /** Why the object did not answer; waits for that, at most 30 s. */
  public Throwable refusal() {
    await("no refusal", () -> response != null || refusal != null);
    Throwable why = refusal;
    if (why == null) {
      throw new AssertionError("the object answered: " + response);
    }
    return why;
  }

  /** The body when it is whole; waits for it, at most 30 s. */
  public byte[] body() {
    Response made = head();
    if (made.body() instanceof Response.Bytes bytes) {
      return bytes.content();
    }
    await("the body did not end", () -> whole || cut);
    if (cut) {
      throw new IllegalStateException("the body was cut after " + body.size() + " bytes");
    }
    return soFar();
  }

  /** The body in UTF-8; waits as {@link #body} does. */
  public String text() {
    return new String(body(), StandardCharsets.UTF_8);
  }

  /** What came of the body so far. */
  public byte[] soFar() {
    lock.lock();
    try {
      return body.toByteArray();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the body stayed a part; waits until it has ended, at most 30 s. */
  public boolean wasCut() {
    await("the body did not end", () -> whole || cut);
    return cut;
  }

  /** The next event's text; waits for it, at most 30 s. */
  public String next() {
    return StandardCharsets.UTF_8.decode(events().next().content()).toString();
  }

  /** The next event's lines but for its text: {@code id: 7}; waits for it, at most 30 s. */
  public String nextHead() {
    return StandardCharsets.UTF_8.decode(events().next().eventHead()).toString();
  }

  /** How many events came that were not taken. Takes them. */
  public int takeAll() {
    return events().takeAll().size();
  }

  /** How the events ended; waits for it, at most 30 s. */
  public TestSocket.End awaitEnd() {
    return events().awaitEnd();
  }

  private TestWire events() {
    head();
    TestWire events = listener;
    if (events == null) {
      throw new AssertionError("the response has no events");
    }
    return events;
  }

  /** Reads nothing from now on. */
  public void stopReading() {
    change(() -> reading = false);
    TestWire events = listener;
    if (events != null) {
      events.reading(false);
    }
  }

  /** The client is gone without a word. */
  public void vanish() {
    change(() -> gone = true);
    TestWire events = listener;
    if (events != null) {
      events.end(1006, "");
    }
  }

  private Response head() {
    await("the object did not answer", () -> response != null || refusal != null);
    Response made = response;
    if (made == null) {
      throw new IllegalStateException("the object did not answer: " + refusal, refusal);
    }
    return made;
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

  private void await(String otherwise, BooleanSupplier condition) {
    long left = TimeUnit.SECONDS.toNanos(SECONDS_MAX);
    lock.lock();
    try {
      while (!condition.getAsBoolean()) {
        if (left <= 0) {
          throw new AssertionError(otherwise + " in " + SECONDS_MAX + " s");
        }
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  /** The engine's side. */
  private final class Wire implements RequestWire, RequestWire.Sink {
    /** Takes the answer if it is the first. */
    private boolean answer(@Nullable Response made, @Nullable Throwable why) {
      lock.lock();
      try {
        if (response != null || refusal != null) {
          return false;
        }
        response = made;
        refusal = why;
        changed.signalAll();
        return true;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void respond(Response made) {
      var _ = answer(made, null);
    }

    @Override
    public @Nullable Sink begin(Response made) {
      return answer(made, null) ? this : null;
    }

    @Override
    public Listener listen(Response made) {
      return new Listening(made);
    }

    @Override
    public void refuse(Throwable why) {
      var _ = answer(null, why);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      lock.lock();
      try {
        while (!reading && !gone) {
          changed.await();
        }
        if (gone) {
          throw new IOException("the client is gone");
        }
        body.write(bytes, from, length);
        changed.signalAll();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("the object was reset, deleted or closed");
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void end() {
      change(() -> whole = true);
    }

    @Override
    public void cut() {
      change(() -> cut = true);
    }
  }

  /** A client of events; as {@link TestWire}, but that its opening is an answer. */
  private final class Listening implements RequestWire.Listener {
    private final TestWire events = new TestWire(QUEUE_BYTES_MAX);
    private final Response made;
    private @Nullable SocketEvents told;

    Listening(Response made) {
      this.made = made;
    }

    @Override
    public void connect(SocketEvents to) {
      told = to;
      events.connect(to);
    }

    @Override
    public long queueBytesMax() {
      return events.queueBytesMax();
    }

    @Override
    public void open(@Nullable String subprotocol) {
      lock.lock();
      try {
        listener = events;
      } finally {
        lock.unlock();
      }
      events.open(subprotocol);
      if (!wire.answer(made, null) && told != null) {
        told.closed(1006, "");
      }
    }

    @Override
    public void refuse(Throwable why) {
      wire.refuse(why);
    }

    @Override
    public void send(Frame frame) {
      events.send(frame);
    }

    @Override
    public void close(int code, String reason) {
      events.close(code, reason);
    }

    @Override
    public void handled(int bytes) {}

    @Override
    public void readOn() {}
  }
}
