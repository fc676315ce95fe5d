package dev.abide.engine.testing;

import dev.abide.engine.Abide;
import dev.abide.engine.Request;
import dev.abide.engine.internal.Access;
import dev.abide.engine.internal.activation.Engine;
import dev.abide.engine.internal.activation.EngineOptions;
import dev.abide.engine.internal.store.MemoryState;
import dev.abide.engine.internal.store.MemoryStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * An engine for the tests of an application: in memory, with a clock that is moved by hand, and
 * with every second call queued, so that what works only on the caller's own thread does not work
 * by luck.
 *
 * <p>Threading: one test thread; the engine inside serves all threads.
 */
public final class TestAbide implements AutoCloseable {
  private final Consumer<? super Abide.Options> configure;
  private final ManualClock clock = new ManualClock();
  private final MemoryState state = new MemoryState();
  private final List<TestSocket> sockets = new CopyOnWriteArrayList<>();
  private final List<TestResponse> responses = new CopyOnWriteArrayList<>();
  private MemoryStore store;
  private Engine engine;
  private Abide abide;

  private TestAbide(Consumer<? super Abide.Options> configure) {
    this.configure = configure;
    this.store = new MemoryStore(state);
    this.engine = start();
    this.abide = Access.get().abide(engine);
  }

  /** An engine with these options; the clock is this one's own, whatever they say. */
  public static TestAbide open(Consumer<? super Abide.Options> configure) {
    return new TestAbide(configure);
  }

  private Engine start() {
    EngineOptions options =
        EngineOptions.of(given -> {
          configure.accept(given);
          given.clock(clock);
        });
    options.alternate();
    Engine started = Engine.over(store, options);
    clock.drive(started);
    return started;
  }

  /** The engine; another one after {@link #crash}. */
  public Abide abide() {
    return abide;
  }

  /** The engine's clock. */
  public ManualClock clock() {
    return clock;
  }

  /**
   * Plugs a client in to an object. See {@link TestSocket#connect(Abide, Class, String)}; it
   * vanishes at a {@link #crash}.
   */
  public TestSocket connect(Class<?> type, String id) {
    return connect(type, id, options -> {});
  }

  /** Plugs in a client that says who it is and what it wants. */
  public TestSocket connect(
      Class<?> type, String id, Consumer<? super TestSocket.Options> configure) {
    TestSocket socket = TestSocket.connect(abide, type, id, configure);
    sockets.removeIf(other -> other.end().isPresent());
    sockets.add(socket);
    return socket;
  }

  /**
   * Sends a raw request to an object. See {@link TestResponse#send}; it vanishes at a {@link
   * #crash}.
   */
  public TestResponse request(Class<?> type, String id, Request request) {
    TestResponse response = TestResponse.send(abide, type, id, request);
    responses.add(response);
    return response;
  }

  /** Returns when nothing runs, nothing waits, and all that was committed is in the store. */
  public void awaitQuiet() {
    while (!engine.quiet()) {
      Thread.yield();
    }
  }

  /**
   * Ends the engine as a killed process would, and opens another over what was durable. Instances,
   * queued calls and what running turns had not committed are gone; stubs of the old engine refuse.
   */
  public void crash() {
    state.fence();
    clock.release(engine);
    engine.crash();
    sockets.forEach(TestSocket::vanish);
    sockets.clear();
    responses.forEach(TestResponse::vanish);
    responses.clear();
    store = new MemoryStore(state);
    engine = start();
    abide = Access.get().abide(engine);
  }

  @Override
  public void close() {
    clock.release(engine);
    engine.close();
  }
}
