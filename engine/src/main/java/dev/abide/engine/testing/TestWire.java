package dev.abide.engine.testing;

import dev.abide.engine.AbideException;
import dev.abide.engine.SocketRefusedException;
import dev.abide.engine.spi.Frame;
import dev.abide.engine.spi.SocketEvents;
import dev.abide.engine.spi.SocketWire;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The engine's side of a {@link TestSocket}. What it tells the engine it tells without its lock.
 */
final class TestWire implements SocketWire {
  private static final long SECONDS_MAX = 30;

  private final long queueBytesMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /* Guarded by the lock. */
  private final Deque<Frame> unread = new ArrayDeque<>();
  private final Deque<Frame> received = new ArrayDeque<>();
  private boolean reading = true;
  private boolean maySend = true;
  private boolean opened;
  private @Nullable Throwable refusal;
  private @Nullable String subprotocol;
  private TestSocket.@Nullable End closing;
  private TestSocket.@Nullable End end;
  private @Nullable SocketEvents events;

  TestWire(long queueBytesMax) {
    this.queueBytesMax = queueBytesMax;
  }

  /** Where to tell what happens. */
  void connect(SocketEvents told) {
    lock.lock();
    try {
      events = told;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    pump();
  }

  // ---- for the engine

  @Override
  public long queueBytesMax() {
    return queueBytesMax;
  }

  @Override
  public void open(@Nullable String agreed) {
    change(() -> {
      opened = true;
      subprotocol = agreed;
    });
  }

  @Override
  public void refuse(Throwable why) {
    change(() -> refusal = why);
  }

  @Override
  public void send(Frame frame) {
    change(() -> {
      if (closing == null && end == null) {
        unread.add(frame);
      }
    });
    pump();
  }

  @Override
  public void close(int code, String reason) {
    change(() -> {
      if (closing == null) {
        closing = new TestSocket.End(code, reason);
      }
    });
    pump();
  }

  @Override
  public void handled(int bytes) {}

  @Override
  public void readOn() {
    change(() -> maySend = true);
  }

  /** Reads what came, if the client reads; then, and not before, sees a close. */
  private void pump() {
    List<Frame> read = new ArrayList<>();
    TestSocket.End ended = null;
    SocketEvents told;
    lock.lock();
    try {
      told = events;
      if (!reading || told == null || end != null) {
        return;
      }
      read.addAll(unread);
      received.addAll(unread);
      unread.clear();
      if (closing != null) {
        ended = closing;
        end = closing;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    read.forEach(told::written);
    if (ended != null) {
      told.closed(ended.code(), ended.reason());
    }
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

  // ---- for the client

  Optional<String> subprotocol() {
    lock.lock();
    try {
      return Optional.ofNullable(subprotocol);
    } finally {
      lock.unlock();
    }
  }

  void awaitAnswer() {
    await("the object did not answer", () -> opened || refusal != null);
    switch (refusal) {
      case null -> {}
      case SocketRefusedException refused -> throw refused;
      case AbideException refused -> throw refused;
      default -> throw new IllegalStateException("onOpen failed: " + refusal, refusal);
    }
  }

  /** Tells of one event, when the object reads. */
  void tell(Predicate<SocketEvents> event) {
    SocketEvents told;
    await("the object did not read on", () -> maySend || end != null);
    lock.lock();
    try {
      if (end != null) {
        throw new IllegalStateException("the connection has ended with " + end);
      }
      told = Objects.requireNonNull(events);
      // Before the event: the engine may say that reading goes on before the event returns.
      maySend = false;
    } finally {
      lock.unlock();
    }
    if (event.test(told)) {
      change(() -> maySend = true);
    }
  }

  Frame next() {
    await("nothing came", () -> !received.isEmpty() || end != null);
    lock.lock();
    try {
      Frame frame = received.poll();
      if (frame == null) {
        throw new AssertionError("nothing came; the connection has ended with " + end);
      }
      return frame;
    } finally {
      lock.unlock();
    }
  }

  List<Frame> takeAll() {
    lock.lock();
    try {
      List<Frame> all = List.copyOf(received);
      received.clear();
      return all;
    } finally {
      lock.unlock();
    }
  }

  void reading(boolean reads) {
    change(() -> reading = reads);
    pump();
  }

  void end(int code, String reason) {
    SocketEvents told;
    lock.lock();
    try {
      if (end != null) {
        return;
      }
      end = new TestSocket.End(code, reason);
      told = events;
      unread.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (told != null) {
      told.closed(code, reason);
    }
  }

  Optional<TestSocket.End> end() {
    lock.lock();
    try {
      return Optional.ofNullable(end);
    } finally {
      lock.unlock();
    }
  }

  TestSocket.End awaitEnd() {
    await("the connection did not end", () -> end != null);
    return end().orElseThrow();
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
}
