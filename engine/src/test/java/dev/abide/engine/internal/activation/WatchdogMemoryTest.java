package dev.abide.engine.internal.activation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.ScriptObject;
import dev.abide.engine.testing.ManualClock;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the watchdog has seen it forgets: an object that has left memory is kept by nobody. */
class WatchdogMemoryTest {
  private final ManualClock clock = new ManualClock();
  private final Engine engine =
      Engine.inMemory(
          EngineOptions.of(options ->
              options
                  .host(Script.class, ScriptObject::new)
                  .clock(clock)
                  .idleTimeout(Duration.ofSeconds(1))
                  .onReport(report -> {})));

  @AfterEach
  void close() {
    engine.close();
  }

  /** An object that was in a turn at a pass, and is not any more. */
  private WeakReference<Activation> met() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Script script = engine.stub(Script.class, "met");
    script.send((context, self) -> {
      begun.countDown();
      go.await();
      return "";
    });
    begun.await();
    engine.scan();
    Activation activation = engine.hosted(Script.class).activations().get("met");
    assertThat(activation.length()).isPositive();
    go.countDown();
    engine.awaitDurable();
    return new WeakReference<>(activation);
  }

  @Test
  void objectThatWasBusyAtAPass_andHasLeftMemory_isForgotten() throws Exception {
    WeakReference<Activation> met = met();
    Awaitility.await()
        .atMost(30, TimeUnit.SECONDS)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> {
          clock.advance(Duration.ofSeconds(2));
          engine.scan();
          return engine.hosted(Script.class).activations().isEmpty();
        });
    Awaitility.await()
        .atMost(30, TimeUnit.SECONDS)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> {
          engine.scan();
          System.gc();
          return met.refersTo(null);
        });
  }
}
