package dev.abide.engine.internal.activation;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.internal.mailbox.Insides;
import dev.abide.engine.spi.Turn;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * G1, G3: an object is handed over to a thread that may never come: there was no memory for it, or
 * the stack ended where it was started. The scanner starts another, and if the first one comes
 * after all, one of the two drains.
 */
@Timeout(60)
class HandOffTest {
  private static final int LONG_SECONDS = 30;

  private final Engine engine =
      Engine.inMemory(
          EngineOptions.of(
              options -> options.host(Counter.class, CounterObject::new).onReport(report -> {})));
  private final Counter counter = engine.stub(Counter.class, "a");

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void handedOverToNobody_isDrainedByAThreadOfTheScanner_andAnotherFindsNothing() throws Exception {
    counter.increment(1);
    CompletableFuture<Long> waiting = new CompletableFuture<>();
    Activation object = handedOver(waiting);

    assertThat(waiting.get(LONG_SECONDS, SECONDS)).isEqualTo(2);

    awaitEnd(Thread.startVirtualThread(object));
    assertThat(object.phase).isEqualTo(Turn.KEPT);
    assertThat(counter.increment(1)).isEqualTo(3);
    assertThat(object.length()).isZero();
  }

  @Test
  void handedOverToTwo_isDrainedByOne() throws Exception {
    long value = counter.increment(1);
    for (int round = 0; round < 300; round++) {
      CompletableFuture<Long> waiting = new CompletableFuture<>();
      Activation object = handedOver(waiting);
      Thread one = Thread.startVirtualThread(object);
      Thread other = Thread.startVirtualThread(object);

      assertThat(waiting.get(LONG_SECONDS, SECONDS)).isEqualTo(++value);
      awaitEnd(one);
      awaitEnd(other);
      assertThat(object.length()).isZero();
    }
  }

  /** A second drain would wait for what it was started for, and never end. */
  private static void awaitEnd(Thread drain) throws InterruptedException {
    assertThat(drain.join(Duration.ofSeconds(LONG_SECONDS))).isTrue();
  }

  /** What an owner leaves behind who hands over what waits, but for the thread. */
  private Activation handedOver(CompletableFuture<Long> answer) {
    Activation object = engine.hosted(Counter.class).activations().get("a");
    // Whoever answered the last call may still be about to say so: the object is free by then.
    while (!object.tryTake()) {
      Thread.onSpinWait();
    }
    Thread.startVirtualThread(() -> answer.complete(counter.increment(1)));
    while (object.length() != 2) {
      Thread.onSpinWait();
    }
    assertThat(Insides.release(object)).isFalse();
    object.phase = Turn.HANDED_OFF;
    return object;
  }
}
