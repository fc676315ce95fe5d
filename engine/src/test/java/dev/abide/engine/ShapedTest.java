package dev.abide.engine;

import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.fixtures.Later;
import dev.abide.engine.fixtures.Living;
import dev.abide.engine.fixtures.Lobby;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.Shape;
import dev.abide.engine.testing.ManualClock;
import dev.abide.engine.testing.TestSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the tests of the guarantees share: an engine, once in every {@link Shape} (or those that the
 * run is given: see {@link Engines}), a clock moved by hand, and an id of its own for each test.
 */
@ParameterizedClass
@MethodSource("dev.abide.engine.fixtures.Shape#all")
abstract class ShapedTest {
  private static final AtomicInteger IDS = new AtomicInteger();

  @Parameter Shape shape;
  @TempDir Path directory;

  final Queue<Report> reports = new ConcurrentLinkedQueue<>();
  final ManualClock clock = new ManualClock();
  Abide abide;
  String id;

  @BeforeEach
  final void open() {
    id = "object-" + IDS.incrementAndGet();
    abide = shape.open(directory, this::options);
    clock.drive(abide);
  }

  final void options(Abide.Options options) {
    options.clock(clock).onReport(reports::add).mailboxMax(100).closeTimeout(Duration.ofSeconds(5));
  }

  @AfterEach
  final void close() {
    abide.close();
  }

  final Counter counter() {
    return abide.get(Counter.class, id);
  }

  final Script script(String name) {
    return abide.get(Script.class, id + name);
  }

  final Living living(String name) {
    return abide.get(Living.class, id + name);
  }

  final Later later(String name) {
    return abide.get(Later.class, id + name);
  }

  final Lobby lobby() {
    return abide.get(Lobby.class, id);
  }

  final TestSocket connect() {
    return TestSocket.connect(abide, Lobby.class, id);
  }

  /** A turn that is under way until the test lets it go. */
  static final class Held implements AutoCloseable {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    final AtomicReference<Throwable> outcome = new AtomicReference<>();
    final Thread caller;

    Held(Script object) throws InterruptedException {
      caller =
          Thread.ofVirtual()
              .start(() ->
                  outcome.set(
                      catchThrowable(() ->
                          object.run((context, self) -> {
                            begun.countDown();
                            go.await();
                            return "held";
                          }))));
      begun.await();
    }

    @Override
    public void close() throws InterruptedException {
      go.countDown();
      caller.join();
    }
  }

  /** For what is true only of an object that has not slept between two calls. */
  final void assumeObjectsStayAwake() {
    Assumptions.assumeFalse(
        shape.name().endsWith("IDLE_ZERO") || shape.name().endsWith("AWAKE_ONE"),
        "objects of this shape may sleep between two calls");
  }

  static void await(ThrowingRunnable condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .untilAsserted(condition);
  }
}
