package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.fixtures.Heavy;
import dev.abide.engine.fixtures.Later;
import dev.abide.engine.fixtures.LaterObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Turns that are heavy on the processor: where they run, how many, and who goes on meanwhile. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
@Timeout(120)
final class ComputeTest {
  private static final int PERMITS = Runtime.getRuntime().availableProcessors();

  @Parameter boolean onDisk;
  @TempDir Path directory;

  private Abide abide;

  @BeforeEach
  void open() {
    abide =
        onDisk ? Engines.open(directory, ComputeTest::host) : Engines.inMemory(ComputeTest::host);
  }

  private static void host(Abide.Options options) {
    options
        .host(Heavy.class, Heavy.HeavyObject::new)
        .host(Counter.class, CounterObject::new)
        .host(Later.class, LaterObject::new)
        .onReport(report -> {});
  }

  @AfterEach
  void close() {
    abide.close();
  }

  private Heavy heavy(String id) {
    return abide.get(Heavy.class, id);
  }

  private static <T> CompletableFuture<T> call(Callable<T> call) {
    CompletableFuture<T> outcome = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            outcome.complete(call.call());
          } catch (Throwable failure) {
            outcome.completeExceptionally(failure);
          }
        });
    return outcome;
  }

  @Test
  void turn_runsOnAPlatformThread_neverOnItsCallers_andKeepsWhatItWrote() throws Exception {
    for (long turn = 1; turn <= 3; turn++) {
      Thread caller = Thread.currentThread();
      String ran =
          heavy("a")
              .run((context, number) -> {
                Thread here = Thread.currentThread();
                return here.isVirtual() + " " + (here == caller) + " " + number.update(n -> n + 1);
              });
      assertThat(ran).isEqualTo("false false " + turn);
    }
  }

  @Test
  void turnsThatSpin_asManyAsThereAreProcessorsAndMore_doNotKeepOthersFromTheirs()
      throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<CompletableFuture<String>> turns = new ArrayList<>();
    for (int i = 0; i < 3 * PERMITS; i++) {
      String id = "spin" + i;
      turns.add(
          call(() ->
              heavy(id)
                  .run((context, number) -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    while (!stop.get()) {
                      Thread.onSpinWait();
                    }
                    running.decrementAndGet();
                    return "spun";
                  })));
    }
    while (running.get() < PERMITS) {
      Thread.onSpinWait();
    }
    // On virtual threads, whose carriers would all be taken if those spun there.
    List<CompletableFuture<Long>> others = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String id = "c" + i;
      others.add(call(() -> abide.get(Counter.class, id).increment(1)));
    }
    for (CompletableFuture<Long> other : others) {
      assertThat(other.get()).isEqualTo(1);
    }
    stop.set(true);
    for (CompletableFuture<String> turn : turns) {
      assertThat(turn.get()).isEqualTo("spun");
    }

    assertThat(most).hasValue(PERMITS);
  }

  @Test
  void turnsThatCallAThird_asManyAsMayRun_doNotWaitForEver() throws Exception {
    CyclicBarrier all = new CyclicBarrier(PERMITS);
    List<CompletableFuture<String>> turns = new ArrayList<>();
    for (int i = 0; i < PERMITS; i++) {
      String id = "caller" + i;
      turns.add(
          call(() ->
              heavy(id)
                  .run((context, number) -> {
                    all.await();
                    return context
                        .get(Heavy.class, "third")
                        .run((inner, count) -> "" + count.update(n -> n + 1));
                  })));
    }
    List<String> answers = new ArrayList<>();
    for (CompletableFuture<String> turn : turns) {
      answers.add(turn.get());
    }

    assertThat(answers).hasSize(PERMITS).doesNotHaveDuplicates();
  }

  @Test
  void aBusyObject_letsOthersOfItsKindHaveTheirTurnsBetweenItsOwn() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    AtomicBoolean stop = new AtomicBoolean();
    // So many, each with a full mailbox, that nobody else would ever come to it.
    for (int i = 0; i < PERMITS; i++) {
      sendOn(heavy("busy" + i), go, stop);
    }
    CompletableFuture<String> other = call(() -> heavy("other").run((context, number) -> "ran"));
    go.countDown();

    assertThat(other.get()).isEqualTo("ran");
    stop.set(true);
  }

  /** A turn that sends its object the next one, so that its mailbox is never empty. */
  private static void sendOn(Heavy object, CountDownLatch go, AtomicBoolean stop) {
    object.send((context, number) -> {
      go.await();
      if (!stop.get()) {
        sendOn(context.get(Heavy.class, context.id()), go, stop);
      }
      return "";
    });
  }

  @Test
  void stageThatIsJoined_givesThePermitBack() throws Exception {
    CyclicBarrier all = new CyclicBarrier(PERMITS);
    List<CompletableFuture<String>> turns = new ArrayList<>();
    for (int i = 0; i < PERMITS; i++) {
      String id = "joins" + i;
      turns.add(
          call(() ->
              heavy(id)
                  .run((context, number) -> {
                    all.await();
                    // Its own turn, and background work that needs no permit; then a heavy one.
                    return context
                            .get(Later.class, id)
                            .run((inner, later) -> {
                              CompletableFuture<String> ran = new CompletableFuture<>();
                              inner.background(() ->
                                  ran.complete(
                                      inner.get(Heavy.class, id + "-other").run((c, n) -> "r")));
                              return ran;
                            })
                            .toCompletableFuture()
                            .join()
                        + number.update(n -> n + 1);
                  })));
    }
    for (CompletableFuture<String> turn : turns) {
      assertThat(turn.get()).isEqualTo("r1");
    }
  }
}
