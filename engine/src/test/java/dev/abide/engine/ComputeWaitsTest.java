package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.fixtures.GatedEngine;
import dev.abide.engine.fixtures.Heavy;
import dev.abide.engine.fixtures.Living;
import dev.abide.engine.fixtures.LivingObject;
import dev.abide.engine.internal.Access;
import dev.abide.engine.internal.activation.Engine;
import dev.abide.engine.internal.activation.EngineOptions;
import dev.abide.engine.internal.store.MemoryStore;
import dev.abide.engine.internal.store.ObjectName;
import dev.abide.engine.internal.store.ObjectStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever a heavy turn waits for, it keeps no permit meanwhile: as many of them as there are
 * permits wait, and one more runs.
 */
@Timeout(60)
final class ComputeWaitsTest {
  private static final int PERMITS = Runtime.getRuntime().availableProcessors();

  @TempDir Path directory;

  /** As many heavy turns as may run, and then one more, which has to be answered beside them. */
  private static void assertOneMoreRuns(
      Abide abide, CountDownLatch waiting, Heavy.Step step, Runnable go) throws Exception {
    List<CompletableFuture<String>> turns = new ArrayList<>();
    for (int n = 0; n < PERMITS; n++) {
      Heavy heavy = abide.get(Heavy.class, "waits" + n);
      CompletableFuture<String> turn = new CompletableFuture<>();
      turns.add(turn);
      Thread.ofVirtual()
          .start(() -> {
            try {
              turn.complete(heavy.run(step));
            } catch (Throwable failure) {
              turn.completeExceptionally(failure);
            }
          });
    }
    // Each has its permit, or has just given it back.
    waiting.await();
    assertThat(abide.get(Heavy.class, "free").run((context, number) -> "ran")).isEqualTo("ran");
    go.run();
    for (CompletableFuture<String> turn : turns) {
      assertThat(turn.get()).isEqualTo("done");
    }
  }

  private GatedEngine gated() {
    return GatedEngine.open(
        directory, options -> options.host(Heavy.class, Heavy.HeavyObject::new));
  }

  @Test
  void awaitDurable() throws Exception {
    try (GatedEngine gated = gated()) {
      CountDownLatch waiting = new CountDownLatch(PERMITS);
      gated.disk().shut();
      assertOneMoreRuns(
          gated.abide(),
          waiting,
          (context, number) -> {
            number.set(1L);
            waiting.countDown();
            context.awaitDurable();
            return "done";
          },
          () -> gated.disk().open());
    }
  }

  @Test
  void callOfAnotherEngine_behindTheGate() throws Exception {
    try (GatedEngine gated = gated();
        Abide other =
            Engines.inMemory(options -> options.host(Counter.class, CounterObject::new))) {
      CountDownLatch waiting = new CountDownLatch(PERMITS);
      gated.disk().shut();
      assertOneMoreRuns(
          gated.abide(),
          waiting,
          (context, number) -> {
            number.set(1L);
            context.commit();
            waiting.countDown();
            other.get(Counter.class, context.id()).increment(1);
            return "done";
          },
          () -> gated.disk().open());
    }
  }

  @Test
  void sleepOfAnotherObject_thatWorksInTheBackground() throws Exception {
    try (Abide abide =
        Engines.inMemory(options ->
            options
                .host(Heavy.class, Heavy.HeavyObject::new)
                .host(Living.class, LivingObject::new))) {
      CountDownLatch waiting = new CountDownLatch(PERMITS);
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      abide
          .get(Living.class, "busy")
          .run((context, self) -> {
            context.background(() -> {
              begun.countDown();
              go.await();
            });
            return "";
          });
      begun.await();
      assertOneMoreRuns(
          abide,
          waiting,
          (context, number) -> {
            waiting.countDown();
            abide.sleep(Living.class, "busy");
            return "done";
          },
          go::countDown);
    }
  }

  /** A store that holds those who want something of it, once it is told so. */
  private static final class Holding {
    final CountDownLatch waiting = new CountDownLatch(PERMITS);
    final CountDownLatch go = new CountDownLatch(1);
    final AtomicReference<String> held = new AtomicReference<>("");

    Abide open() {
      MemoryStore store = new MemoryStore();
      ObjectStore slow =
          (ObjectStore)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {ObjectStore.class},
                  (proxy, method, arguments) -> {
                    if (method.getName().equals(held.get())
                        && (!(arguments[0] instanceof ObjectName name)
                            || !name.id().equals("free"))) {
                      waiting.countDown();
                      go.await();
                    }
                    try {
                      return method.invoke(store, arguments);
                    } catch (InvocationTargetException thrown) {
                      throw thrown.getCause();
                    }
                  });
      return Access.get()
          .abide(
              Engine.over(
                  slow,
                  EngineOptions.of(
                      Engines.with(options -> options.host(Heavy.class, Heavy.HeavyObject::new)))));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"load", "find", "range", "append"})
  void store(String method) throws Exception {
    Holding holding = new Holding();
    try (Abide abide = holding.open()) {
      // Larger than what is read whole when an object wakes.
      for (int n = 0; n < PERMITS; n++) {
        String id = "waits" + n;
        abide
            .get(Heavy.class, id)
            .run((context, number) -> {
              StoredMap<String, byte[]> map =
                  context.storage().map("m", String.class, byte[].class);
              map.put("a", new byte[5_000]);
              map.put("b", new byte[5_000]);
              return "";
            });
        abide.sleep(Heavy.class, id);
      }
      holding.held.set(method);
      assertOneMoreRuns(
          abide,
          holding.waiting,
          (context, number) -> {
            StoredMap<String, byte[]> map = context.storage().map("m", String.class, byte[].class);
            assertThat(map.find("a")).isPresent();
            assertThat(map.keys()).hasSize(2);
            map.put("c", new byte[1]);
            return "done";
          },
          holding.go::countDown);
    }
  }
}
