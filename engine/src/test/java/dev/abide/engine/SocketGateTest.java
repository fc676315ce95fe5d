package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.fixtures.GatedEngine;
import dev.abide.engine.fixtures.Lobby;
import dev.abide.engine.fixtures.LobbyObject;
import dev.abide.engine.spi.Door;
import dev.abide.engine.spi.Frame;
import dev.abide.engine.spi.SocketWire;
import dev.abide.engine.spi.Upgrade;
import dev.abide.engine.testing.TestSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** G5 and G13 for sockets: nothing is seen by a client that a crash at that instant would lose. */
class SocketGateTest {
  @TempDir Path directory;

  private volatile Runnable whenFailing = () -> {};
  private GatedEngine gated;
  private Abide abide;

  @BeforeEach
  void open() {
    gated =
        GatedEngine.open(
            directory,
            options -> options.host(Lobby.class, LobbyObject::new),
            () -> whenFailing.run());
    abide = gated.abide();
    for (String id : new String[] {"a", "b"}) {
      LobbyObject.BEHAVIOURS.put(
          id,
          new LobbyObject.Behaviour() {
            @Override
            public void open(
                ObjectContext context,
                LobbyObject self,
                ClientSocket socket,
                SocketRequest request) {
              if (request.query("refuse").isPresent()) {
                throw new SocketRefusedException(409, "number " + self.number.get());
              }
              if (request.query("write").isPresent()) {
                self.number.set(5L);
              }
              socket.send("hello");
            }

            @Override
            public void text(
                ObjectContext context, LobbyObject self, ClientSocket socket, String text) {
              if (text.equals("write")) {
                self.number.update(n -> n + 1);
              }
              if (text.equals("close")) {
                socket.close(1000, "number " + self.number.update(n -> n + 1));
                return;
              }
              if (text.startsWith("answer")) {
                self.number.update(n -> n + 1);
                context.sockets().answer("ping", "pong");
              }
              if (text.endsWith("throw")) {
                throw new IllegalStateException("as asked");
              }
              socket.send(text + self.number.get());
            }
          });
    }
  }

  @AfterEach
  void close() {
    gated.close();
    LobbyObject.BEHAVIOURS.remove("a");
    LobbyObject.BEHAVIOURS.remove("b");
  }

  private TestSocket connect(String id, String query) {
    return TestSocket.connect(abide, Lobby.class, id, options -> options.query(query, ""));
  }

  @Test
  void g5_whileTheSyncBlocks_noMessageLeaves_andLaterOnesComeBehind() throws Exception {
    try (TestSocket client = connect("a", "x");
        TestSocket other = connect("b", "x")) {
      assertThat(client.next()).isEqualTo("hello");
      assertThat(other.next()).isEqualTo("hello");
      gated.disk().shut();
      client.send("write");
      gated.awaitCommits(1);
      client.send("read");
      // Another object, which has seen nothing, answers meanwhile.
      other.send("read");
      assertThat(other.next()).isEqualTo("read0");
      // Its turn is over when the one behind it has begun.
      client.send("next");
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> LobbyObject.events("a").contains("text next"));
      assertThat(client.texts()).isEmpty();

      gated.disk().open();

      assertThat(client.next()).isEqualTo("write1");
      assertThat(client.next()).isEqualTo("read1");
    }
  }

  @Test
  void g5_whileTheSyncBlocks_noCloseLeaves() throws Exception {
    try (TestSocket client = connect("a", "x")) {
      assertThat(client.next()).isEqualTo("hello");
      int opened = Collections.frequency(LobbyObject.events("a"), "open");
      gated.disk().shut();
      client.send("close");
      gated.awaitCommits(1);
      // Its turn is over when the one behind it has begun.
      Thread second = Thread.ofVirtual().start(() -> connect("a", "x").close());
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> Collections.frequency(LobbyObject.events("a"), "open") > opened);
      assertThat(client.end()).isEmpty();

      gated.disk().open();

      assertThat(client.awaitEnd().code()).isEqualTo(1000);
      assertThat(client.awaitEnd().reason()).isEqualTo("number 1");
      second.join();
    }
  }

  @Test
  void g5_theAnswerToAnUpgrade_passesTheGate_aRefusalToo() throws Exception {
    gated.disk().shut();
    AtomicReference<TestSocket> in = new AtomicReference<>();
    Thread enters = Thread.ofVirtual().start(() -> in.set(connect("a", "write")));
    gated.awaitCommits(1);
    AtomicReference<Throwable> refusal = new AtomicReference<>();
    Thread refused =
        Thread.ofVirtual().start(() -> refusal.set(catchThrowable(() -> connect("a", "refuse"))));
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> LobbyObject.events("a").contains("open"));
    assertThat(connect("b", "x").next()).isEqualTo("hello");
    assertThat(in.get()).isNull();
    assertThat(refusal.get()).as("it tells of the number").isNull();

    gated.disk().open();

    enters.join();
    refused.join();
    assertThat(in.get().next()).isEqualTo("hello");
    assertThat(refusal.get()).isInstanceOf(SocketRefusedException.class).hasMessage("409 number 5");
  }

  @Test
  void fixedAnswers_passTheGate_areUndoneByATurnThatThrows_andGoWithTheObject() throws Exception {
    try (TestSocket client = connect("a", "x")) {
      assertThat(client.next()).isEqualTo("hello");
      try (TestSocket other = connect("a", "x")) {
        other.send("answer and throw");
        assertThat(other.awaitEnd().code()).isEqualTo(1011);
      }
      client.send("ping");
      assertThat(client.next()).as("undone").isEqualTo("ping0");

      gated.disk().shut();
      client.send("answer");
      gated.awaitCommits(1);
      client.send("ping");
      assertThat(client.texts()).as("it may tell of what is not durable").isEmpty();
      gated.disk().open();
      assertThat(client.next()).isEqualTo("answer1");
      assertThat(client.next()).as("of the object itself").isEqualTo("ping1");
      client.send("ping");
      assertThat(client.next()).isEqualTo("pong");

      assertThat(abide.delete(Lobby.class, "a")).isTrue();
      assertThat(client.awaitEnd().code()).isEqualTo(1000);
    }
    try (TestSocket later = connect("a", "x")) {
      assertThat(later.next()).isEqualTo("hello");
      later.send("ping");
      assertThat(later.next()).as("deleted").isEqualTo("ping0");
    }
  }

  @Test
  void closingEngine_sendsWhatIsHeld_beforeItsClose_alsoToClientsThatGoOnSending()
      throws Exception {
    TestSocket client = connect("a", "x");
    assertThat(client.next()).isEqualTo("hello");
    gated.disk().shut();
    client.send("write");
    gated.awaitCommits(1);
    Thread closes = Thread.ofVirtual().start(abide::close);
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> catchThrowable(() -> connect("b", "x")) instanceof ClosedException);

    client.send("in the grace");
    assertThat(client.end()).isEmpty();
    gated.disk().open();

    assertThat(client.next()).isEqualTo("write1");
    assertThat(client.awaitEnd()).isEqualTo(new TestSocket.End(1001, "the server is closing"));
    assertThat(LobbyObject.events("a")).doesNotContain("text in the grace");
    closes.join();
  }

  @Test
  void wireThatThrows_doesNotKeepItsObjectTaken() {
    SocketWire broken =
        new SocketWire() {
          @Override
          public long queueBytesMax() {
            return 1_000;
          }

          @Override
          public void open(@Nullable String subprotocol) {}

          @Override
          public void refuse(Throwable why) {
            throw new IllegalStateException("broken");
          }

          @Override
          public void send(Frame frame) {}

          @Override
          public void close(int code, String reason) {}

          @Override
          public void handled(int bytes) {}

          @Override
          public void readOn() {}
        };
    var _ =
        Door.of(abide)
            .connect(
                "lobby",
                "a",
                new Upgrade("/", Map.of(), Map.of("refuse", ""), List.of()),
                null,
                Duration.ofSeconds(30),
                broken);

    try (TestSocket client = connect("a", "x")) {
      assertThat(client.next()).isEqualTo("hello");
    }
  }

  @Test
  void g13_failedJournal_dropsWhatWasHeld_andClosesWith1011() throws Exception {
    TestSocket client = connect("a", "x");
    assertThat(client.next()).isEqualTo("hello");
    gated.disk().shut();
    client.send("write");
    gated.awaitCommits(1);
    AtomicReference<Throwable> late = new AtomicReference<>();
    Thread enters =
        Thread.ofVirtual().start(() -> late.set(catchThrowable(() -> connect("a", "x"))));
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            LobbyObject.events("a").stream().filter("open"::equals).count() >= 2
                || late.get() != null);

    gated.disk().fail();

    assertThat(client.awaitEnd()).isEqualTo(new TestSocket.End(1011, "the server cannot go on"));
    assertThat(client.texts()).isEmpty();
    enters.join();
    assertThat(late.get()).isInstanceOf(StorageException.class);
    // An object that uses no storage is served until the engine hears of the failure.
    Awaitility.await()
        .until(() -> catchThrowable(() -> connect("b", "x")) instanceof StorageException);
  }

  @Test
  void g13_journalThatFailsWhileTheEngineCloses_closesAllWith1011() throws Exception {
    TestSocket client = connect("a", "x");
    TestSocket idle = connect("b", "x");
    assertThat(client.next()).isEqualTo("hello");
    assertThat(idle.next()).isEqualTo("hello");
    // The engine is told late, so that the one that closes it goes on first.
    whenFailing =
        () -> {
          var _ = idle.awaitEnd();
        };
    gated.disk().shut();
    client.send("write");
    gated.awaitCommits(1);
    Thread closes = Thread.ofVirtual().start(abide::close);
    Awaitility.await()
        .until(() -> catchThrowable(() -> connect("b", "x")) instanceof ClosedException);

    gated.disk().fail();

    assertThat(idle.awaitEnd()).isEqualTo(new TestSocket.End(1011, "the server cannot go on"));
    assertThat(client.awaitEnd()).isEqualTo(new TestSocket.End(1011, "the server cannot go on"));
    assertThat(client.texts()).isEmpty();
    closes.join();
  }
}
