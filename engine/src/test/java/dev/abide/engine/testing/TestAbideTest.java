package dev.abide.engine.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.Abide;
import dev.abide.engine.StorageException;
import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.fixtures.Lobby;
import dev.abide.engine.fixtures.LobbyObject;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.ScriptObject;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The engine that applications test with. */
class TestAbideTest {
  private final TestAbide test =
      Engines.test(options ->
          options
              .host(Counter.class, CounterObject::new)
              .host(Script.class, ScriptObject::new)
              .host(Lobby.class, LobbyObject::new));

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void crash_keepsWhatWasCommitted_andDropsTheRest() throws Exception {
    Abide before = test.abide();
    Counter old = before.get(Counter.class, "a");
    old.increment(3);
    CountDownLatch wrote = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread caller =
        Thread.ofVirtual()
            .start(() ->
                failure.set(
                    Assertions.catchThrowable(() ->
                        before
                            .get(Script.class, "s")
                            .run((context, self) -> {
                              self.number.set(7L);
                              wrote.countDown();
                              try {
                                go.await();
                              } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                              }
                              return "";
                            }))));
    wrote.await();
    test.crash();
    go.countDown();
    caller.join();

    assertThat(failure.get()).isInstanceOf(StorageException.class);
    assertThat(test.abide()).isNotSameAs(before);
    assertThat(test.abide().get(Counter.class, "a").increment(1)).isEqualTo(4);
    assertThat(
            test.abide()
                .get(Script.class, "s")
                .run((context, self) -> self.number.get().toString()))
        .isEqualTo("0");
    assertThatThrownBy(() -> old.increment(1)).isInstanceOf(StorageException.class);
  }

  @Test
  void calls_fromOneThread_runOnTwoKindsOfThread() throws Exception {
    Set<Boolean> virtual = new HashSet<>();
    // Awake throughout and inline where that can be, whatever the run is given: that is its
    // subject.
    try (TestAbide own =
        Engines.test(options ->
            options
                .host(Script.class, ScriptObject::new)
                .inline(true)
                .idleTimeout(Duration.ofDays(1))
                .awakeMax(10))) {
      for (int n = 0; n < 8; n++) {
        own.abide()
            .get(Script.class, "s")
            .run((context, self) -> {
              virtual.add(Thread.currentThread().isVirtual());
              return "";
            });
      }
    }

    assertThat(virtual).containsExactlyInAnyOrder(true, false);
  }

  @Test
  void awaitQuiet_afterOneWayCallsThatCallOthers_findsAllDone() throws Exception {
    for (int n = 0; n < 50; n++) {
      test.abide()
          .get(Script.class, "s" + n)
          .send((context, self) -> {
            context.get(Counter.class, "sum").add(1);
            return "";
          });
    }
    test.awaitQuiet();

    assertThat(test.abide().get(Counter.class, "sum").value()).isEqualTo(50);
  }

  @Test
  void crash_breaksSockets_andTheNextEngineKnowsNothingOfThem() throws Exception {
    TestSocket client = test.connect(Lobby.class, "crashing");
    client.send("hi");
    test.awaitQuiet();
    assertThat(client.texts()).containsExactly("hi");

    test.crash();

    assertThat(client.end()).hasValue(new TestSocket.End(1006, ""));
    assertThat(LobbyObject.events("crashing")).doesNotContain("close 1006 ");
    Lobby lobby = test.abide().get(Lobby.class, "crashing");
    assertThat(lobby.look((context, self) -> "" + context.sockets().all())).isEqualTo("[]");
    assertThatThrownBy(() -> client.send("x")).isInstanceOf(IllegalStateException.class);
  }
}
