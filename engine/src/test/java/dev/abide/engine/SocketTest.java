package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.fixtures.Living;
import dev.abide.engine.fixtures.Lobby;
import dev.abide.engine.fixtures.LobbyObject;
import dev.abide.engine.testing.TestSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * Clients that plug in to an object: events in, messages out, through sleep, reset and deletion.
 */
final class SocketTest extends ShapedTest {
  private void behave(LobbyObject.Behaviour behaviour) {
    LobbyObject.BEHAVIOURS.put(id, behaviour);
  }

  private List<String> events() {
    return LobbyObject.events(id);
  }

  @Test
  void messages_areTurns_inTheirOrder_andAnsweredInIt() {
    behave(
        new LobbyObject.Behaviour() {
          @Override
          public void text(
              ObjectContext context, LobbyObject self, ClientSocket socket, String text) {
            socket.send(text + "=" + self.number.update(n -> n + 1));
          }
        });
    try (TestSocket client = connect()) {
      for (int i = 0; i < 200; i++) {
        client.send("m" + i);
      }
      for (int i = 0; i < 200; i++) {
        assertThat(client.next()).isEqualTo("m" + i + "=" + (i + 1));
      }
      client.send(new byte[] {1, 2, 3});
      assertThat(client.nextBytes()).containsExactly(1, 2, 3);
    }
  }

  @Test
  void upgrade_tellsWhatTheClientSent_andAgreesOnAProtocol() {
    AtomicReference<List<Object>> seen = new AtomicReference<>();
    behave(
        new LobbyObject.Behaviour() {
          @Override
          public void open(
              ObjectContext context, LobbyObject self, ClientSocket socket, SocketRequest request) {
            seen.set(
                List.of(
                    request.path(),
                    request.header("X-Colour").orElseThrow(),
                    request.query("room").orElseThrow(),
                    request.header("absent"),
                    request.caller().orElseThrow().name(),
                    context.caller().orElseThrow().name(),
                    socket.caller().orElseThrow().name(),
                    catchThrowable(() -> request.choose("v9")).getMessage()));
            request.choose(request.subprotocols().getLast());
            socket.send("welcome");
          }
        });
    try (TestSocket client =
        TestSocket.connect(
            abide,
            Lobby.class,
            id,
            options ->
                options
                    .path("/objects/lobby/a%2Fb")
                    .header("x-colour", "red")
                    .query("room", "7")
                    .subprotocols("v2", "v1")
                    .caller(new Caller("ann", Map.of())))) {
      assertThat(client.subprotocol()).hasValue("v1");
      assertThat(client.next()).isEqualTo("welcome");
      assertThat(seen.get())
          .startsWith("/objects/lobby/a%2Fb", "red", "7", Optional.empty(), "ann", "ann", "ann")
          .last()
          .isEqualTo("the client does not offer to speak \"v9\"; it offers [v2, v1]");
    }
  }

  @Test
  void refusal_reachesTheClient_andLeavesNothingBehind() throws Exception {
    behave(
        new LobbyObject.Behaviour() {
          @Override
          public void open(
              ObjectContext context, LobbyObject self, ClientSocket socket, SocketRequest request) {
            self.number.set(1L);
            throw new SocketRefusedException(403, "members only");
          }
        });
    assertThatThrownBy(this::connect)
        .isInstanceOfSatisfying(
            SocketRefusedException.class,
            refused -> {
              assertThat(refused.status()).isEqualTo(403);
              assertThat(refused.reason()).isEqualTo("members only");
            });
    assertThat(lobby().look((context, self) -> context.sockets().all() + "" + self.number.get()))
        .isEqualTo("[]0");
    assertThat(events()).doesNotContain("close 1006 ");
    assertThat(reports).isEmpty();
  }

  @Test
  void openThatThrows_refuses_andIsReported() {
    behave(
        new LobbyObject.Behaviour() {
          @Override
          public void open(
              ObjectContext context, LobbyObject self, ClientSocket socket, SocketRequest request) {
            throw new IllegalArgumentException("broken");
          }
        });
    assertThatThrownBy(this::connect).cause().hasMessage("broken");
    await(() -> assertThat(reports).hasSize(1));
    assertThat(reports.element().kind()).isEqualTo(Report.Kind.SOCKET_FAILED);
  }

  @Test
  void sleep_leavesSocketsOpen_withTagsAndAttachments_andAMessageWakes() throws Exception {
    behave(
        new LobbyObject.Behaviour() {
          @Override
          public void open(
              ObjectContext context, LobbyObject self, ClientSocket socket, SocketRequest request) {
            socket.tag("guest");
            socket.tag("guest");
            socket.attach("ann");
          }

          @Override
          public void text(
              ObjectContext context, LobbyObject self, ClientSocket socket, String text) {
            socket.send(socket.tags() + socket.attachment(String.class).orElseThrow());
          }
        });
    try (TestSocket client = connect();
        TestSocket other = connect()) {
      abide.sleep(Lobby.class, id);
      long constructed = events().stream().filter("construct"::equals).count();
      assertThat(client.end()).isEmpty();

      client.send("hi");

      assertThat(client.next()).isEqualTo("[guest]ann");
      assertThat(events().stream().filter("construct"::equals).count()).isGreaterThan(constructed);
      assertThat(lobby().look((context, self) -> "" + context.sockets().tagged("guest").size()))
          .isEqualTo("2");
      other.close(4001, "bye");
      await(() -> assertThat(events()).contains("close 4001 bye"));
      assertThat(lobby().look((context, self) -> "" + context.sockets().all().size()))
          .isEqualTo("1");
    }
  }

  @Test
  void tagsAndAttachment_goWithTheirConnection() throws Exception {
    try (TestSocket client = connect();
        TestSocket other = connect()) {
      lobby()
          .run((context, self) -> {
            context.sockets().all().getFirst().attach("ann");
            context.sockets().all().getFirst().tag("guest");
            return "";
          });
      client.close();
      await(() -> assertThat(events()).contains("close 1000 "));
      // The same client, as far as anybody can tell, and another connection.
      try (TestSocket again = connect()) {
        assertThat(
                lobby()
                    .look((context, self) -> {
                      StringBuilder found = new StringBuilder();
                      for (ClientSocket each : context.sockets().all()) {
                        found.append(each.tags()).append(each.attachment(String.class));
                      }
                      return found + "" + context.sockets().tagged("guest");
                    }))
            .isEqualTo("[]Optional.empty[]Optional.empty[]");
        again.send("x");
        assertThat(again.next()).isEqualTo("x");
      }
      other.send("y");
      assertThat(other.next()).isEqualTo("y");
    }
  }

  @Test
  void socket_isFoundAgain_whenNothingIsLeftOfItsObjectInMemory() throws Exception {
    try (TestSocket client = connect()) {
      lobby().run((context, self) -> "" + self.number.update(n -> n + 1));
      for (int i = 0; i < 3; i++) {
        abide.sleep(Lobby.class, id);
        abide.awaitDurable();
        // Each step looks at all objects, and lets go what has settled.
        clock.advance(Duration.ofMinutes(1));
      }
      assertThat(lobby().look((context, self) -> "" + context.sockets().all().size()))
          .isEqualTo("1");
      client.send("here");
      assertThat(client.next()).isEqualTo("here");
    }
  }

  @Test
  void turnThatThrows_sendsNothing_undoesTagsAndAttachment_andClosesThatClientOnly()
      throws Exception {
    behave(
        new LobbyObject.Behaviour() {
          @Override
          public void text(
              ObjectContext context, LobbyObject self, ClientSocket socket, String text) {
            context.sockets().broadcast(text);
            if (text.equals("fail")) {
              self.number.set(7L);
              for (ClientSocket each : context.sockets().all()) {
                each.tag("spoiled");
                each.attach(7L);
              }
              context.sockets().all().getFirst().close(1000, "spoiled");
              throw new IllegalArgumentException("no");
            }
          }
        });
    try (TestSocket first = connect();
        TestSocket second = connect()) {
      second.send("fail");
      assertThat(second.awaitEnd())
          .isEqualTo(new TestSocket.End(1011, "the message could not be handled"));
      await(() -> assertThat(events()).contains("close 1011 the message could not be handled"));
      first.send("after");

      assertThat(first.next()).isEqualTo("after");
      assertThat(second.texts()).isEmpty();
      assertThat(first.end()).isEmpty();
      assertThat(
              lobby()
                  .look((context, self) -> {
                    ClientSocket left = context.sockets().all().getFirst();
                    return left.tags() + "" + left.attachment(Long.class) + self.number.get();
                  }))
          .isEqualTo("[]Optional.empty0");
      await(() -> assertThat(reports).hasSize(1));
      assertThat(reports.element().kind()).isEqualTo(Report.Kind.SOCKET_FAILED);
    }
  }

  @Test
  void retryableFailure_closesWith1013() {
    behave(
        new LobbyObject.Behaviour() {
          @Override
          public void text(
              ObjectContext context, LobbyObject self, ClientSocket socket, String text)
              throws Exception {
            throw new OverloadedException("full", Duration.ofSeconds(1));
          }
        });
    try (TestSocket client = connect()) {
      client.send("x");
      assertThat(client.awaitEnd().code()).isEqualTo(1013);
    }
  }

  @Test
  void turnsOfCalls_sendToo_andAThrownOnesMessagesAreDropped() throws Exception {
    try (TestSocket first = connect();
        TestSocket second = connect()) {
      assertThatThrownBy(() ->
              lobby()
                  .run((context, self) -> {
                    context.sockets().broadcast("dropped");
                    throw new java.io.IOException("x");
                  }))
          .hasMessage("x");
      lobby()
          .run((context, self) -> {
            ClientSocket one = context.sockets().all().getFirst();
            context.sockets().broadcast("to all");
            context.sockets().broadcast("but one", one);
            assertThat(context.sockets().find(one.id())).hasValue(one);
            assertThat(context.sockets().find("nobody")).isEmpty();
            return "";
          });
      assertThat(second.next()).isEqualTo("to all");
      assertThat(second.next()).isEqualTo("but one");
      assertThat(first.next()).isEqualTo("to all");
      first.send("echo");
      assertThat(first.next()).isEqualTo("echo");
    }
  }

  @Test
  void close_byTheObject_comesBehindWhatItSent_andIsHeardOnce() throws Exception {
    try (TestSocket client = connect()) {
      String left =
          lobby()
              .run((context, self) -> {
                ClientSocket socket = context.sockets().all().getFirst();
                socket.send("last");
                socket.close(3999, "enough");
                socket.close(1000, "twice");
                socket.send("never");
                return context.sockets().all().toString();
              });
      assertThat(left).isEqualTo("[]");
      assertThat(client.next()).isEqualTo("last");
      assertThat(client.awaitEnd()).isEqualTo(new TestSocket.End(3999, "enough"));
      await(() -> assertThat(events()).endsWith("close 3999 enough"));
      assertThat(client.texts()).isEmpty();
    }
  }

  @Test
  void delete_closesSockets_andDoesNotTellTheObject() throws Exception {
    lobby().run((context, self) -> "" + self.number.update(n -> n + 1));
    try (TestSocket client = connect()) {
      assertThat(abide.delete(Lobby.class, id)).isTrue();
      assertThat(client.awaitEnd().code()).isEqualTo(1000);
      assertThat(abide.delete(Lobby.class, id)).isFalse();
    }
    // Without anything in storage the socket goes all the same.
    try (TestSocket client = connect()) {
      assertThat(abide.delete(Lobby.class, id)).isFalse();
      assertThat(client.awaitEnd().code()).isEqualTo(1000);
    }
    assertThat(lobby().look((context, self) -> "" + context.sockets().all())).isEqualTo("[]");
    assertThat(events()).noneMatch(event -> event.startsWith("close"));
  }

  @Test
  void close_ofTheEngine_sends1001_andWakesNobody() throws Exception {
    TestSocket client = connect();
    lobby()
        .run((context, self) -> {
          context.sockets().broadcast("before");
          return "";
        });
    abide.sleep(Lobby.class, id);
    int before = events().size();

    abide.close();

    assertThat(client.next()).isEqualTo("before");
    assertThat(client.awaitEnd()).isEqualTo(new TestSocket.End(1001, "the server is closing"));
    assertThat(events()).hasSize(before);
    assertThatThrownBy(this::connect).isInstanceOf(ClosedException.class);
  }

  @Test
  void fixedAnswer_wakesNothing() throws Exception {
    behave(
        new LobbyObject.Behaviour() {
          @Override
          public void construct(ObjectContext context) {
            context.sockets().answer("ping", "pong");
          }
        });
    try (TestSocket client = connect()) {
      client.send("ping");
      assertThat(client.next()).isEqualTo("pong");
      abide.sleep(Lobby.class, id);
      int before = events().size();
      for (int i = 0; i < 100; i++) {
        client.send("ping");
        assertThat(client.next()).isEqualTo("pong");
      }
      assertThat(events()).hasSize(before).doesNotContain("text ping");
      client.send("else");
      assertThat(client.next()).isEqualTo("else");
    }
  }

  @Test
  void floodOfOneClient_takesSixteenPlaces_andOthersComeIn() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    behave(
        new LobbyObject.Behaviour() {
          @Override
          public void text(
              ObjectContext context, LobbyObject self, ClientSocket socket, String text)
              throws Exception {
            begun.countDown();
            go.await();
            socket.send(text);
          }
        });
    try (TestSocket flood = connect();
        TestSocket other = connect()) {
      CountDownLatch sixteen = new CountDownLatch(16);
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                for (int i = 0; i < 1_000; i++) {
                  flood.send("" + i);
                  sixteen.countDown();
                }
              });
      begun.await();
      sixteen.await();
      other.send("polite");
      go.countDown();
      assertThat(other.next()).isEqualTo("polite");
      sender.join();
      await(() -> assertThat(events()).endsWith("text 999"));
      List<String> texts = events().stream().filter(event -> event.startsWith("text")).toList();
      assertThat(texts.indexOf("text polite")).as("behind those that were in before").isEqualTo(16);
      assertThat(texts).hasSize(1_001);
    }
  }

  @Test
  void fullMailbox_takesOneMessageOfEachClient_andReadsNoMoreOfIt() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    try (TestSocket client = connect()) {
      lobby()
          .send((context, self) -> {
            begun.countDown();
            go.await();
            return "";
          });
      begun.await();
      Throwable full = null;
      while (full == null) {
        full = catchThrowable(() -> lobby().send((context, self) -> ""));
      }
      assertThat(full).isInstanceOf(OverloadedException.class);
      client.send("first");
      Thread second = Thread.ofVirtual().start(() -> client.send("second"));
      await(() -> assertThat(second.getState()).isEqualTo(Thread.State.TIMED_WAITING));
      assertThat(catchThrowable(this::connect)).isInstanceOf(OverloadedException.class);
      go.countDown();

      assertThat(client.next()).isEqualTo("first");
      assertThat(client.next()).isEqualTo("second");
      second.join();
    }
  }

  @Test
  void readerThatNeverReads_isClosed_andOthersAreNotHeldUp() throws Exception {
    try (TestSocket slow =
            TestSocket.connect(abide, Lobby.class, id, options -> options.queueBytesMax(10_000));
        TestSocket quick = connect()) {
      slow.stopReading();
      String text = "x".repeat(1_000);
      for (int i = 0; i < 20; i++) {
        String numbered = i + text;
        lobby()
            .run((context, self) -> {
              context.sockets().broadcast(numbered);
              return "";
            });
      }
      for (int i = 0; i < 20; i++) {
        assertThat(quick.next()).isEqualTo(i + text);
      }
      assertThat(lobby().look((context, self) -> "" + context.sockets().all().size()))
          .isEqualTo("1");

      slow.readOn();

      List<String> read = new ArrayList<>();
      assertThat(slow.awaitEnd().code()).isEqualTo(1013);
      slow.texts().forEach(each -> read.add(each.replace("x", "")));
      assertThat(read).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8");
      await(() -> assertThat(events()).contains("close 1013 messages for this client pile up"));
    }
  }

  @Test
  void oneMessageLargerThanTheQueue_passesAlone() throws Exception {
    try (TestSocket client =
        TestSocket.connect(abide, Lobby.class, id, options -> options.queueBytesMax(10))) {
      client.send("a text of more than ten bytes");
      assertThat(client.next()).isEqualTo("a text of more than ten bytes");
    }
  }

  @Test
  void failedWake_closesThatSocketOnly() throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    behave(
        new LobbyObject.Behaviour() {
          @Override
          public void construct(ObjectContext context) throws Exception {
            if (failure.get() != null) {
              throw new IllegalStateException(failure.get());
            }
          }
        });
    try (TestSocket first = connect();
        TestSocket second = connect()) {
      abide.sleep(Lobby.class, id);
      failure.set(new java.io.IOException("no disk"));
      first.send("x");
      assertThat(first.awaitEnd().code()).isEqualTo(1013);
      // Told of its end, the object is woken again, in vain: who waits for a wake shares its
      // failure.
      await(() -> assertThat(reports).hasSize(2));
      assertThat(events()).noneMatch(event -> event.startsWith("close"));
      failure.set(null);
      second.send("y");
      assertThat(second.next()).isEqualTo("y");
      assertThat(second.end()).isEmpty();
    }
  }

  @Test
  void manyUpgradesRacingToASleepingObject_allComeIn() throws Exception {
    lobby().run((context, self) -> "");
    abide.sleep(Lobby.class, id);
    int before = events().size();
    List<TestSocket> clients = new CopyOnWriteArrayList<>();
    List<Thread> threads = new ArrayList<>();
    CountDownLatch start = new CountDownLatch(1);
    for (int i = 0; i < 8; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  start.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                clients.add(connect());
              }));
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(clients).hasSize(8);
    assertThat(lobby().look((context, self) -> "" + context.sockets().all().size())).isEqualTo("8");
    assertThat(events().subList(before, events().size()).stream().filter("open"::equals))
        .hasSize(8);
    Set<String> ids = new HashSet<>();
    lobby()
        .look((context, self) -> {
          context.sockets().all().forEach(socket -> ids.add(socket.id()));
          return "";
        });
    assertThat(ids).hasSize(8);
    clients.forEach(TestSocket::close);
  }

  @Test
  void openThatTakesTooLong_isRefused_andTheObjectIsToldThatTheClientIsGone() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicReference<String> ended = new AtomicReference<>();
    behave(
        new LobbyObject.Behaviour() {
          @Override
          public void open(
              ObjectContext context, LobbyObject self, ClientSocket socket, SocketRequest request) {
            begun.countDown();
            try {
              go.await();
              ended.set("by itself");
            } catch (InterruptedException e) {
              ended.set("interrupted");
            }
          }
        });
    AtomicReference<Throwable> outcome = new AtomicReference<>();
    Thread client = Thread.ofVirtual().start(() -> outcome.set(catchThrowable(this::connect)));
    begun.await();
    clock.advance(Duration.ofSeconds(31));
    client.join();
    assertThat(outcome.get()).isInstanceOf(DeadlineException.class);
    go.countDown();
    await(() -> assertThat(events()).endsWith("close 1006 "));
    assertThat(ended.get()).isEqualTo("by itself");
    assertThat(lobby().look((context, self) -> "" + context.sockets().all())).isEqualTo("[]");
  }

  @Test
  void bounds_areStated() throws Exception {
    try (TestSocket client = connect()) {
      lobby()
          .run((context, self) -> {
            ClientSocket socket = context.sockets().all().getFirst();
            // Three bytes say what it is and how long.
            byte[] most = new byte[(16 << 10) - 3];
            socket.attach(most);
            assertThat(socket.attachment(byte[].class).orElseThrow()).isEqualTo(most);
            assertThatThrownBy(() -> socket.attach(new byte[most.length + 1]))
                .isInstanceOf(LimitException.class)
                .hasMessageContaining("a value of 16385 bytes")
                .hasMessageContaining("the limit is 16384");
            assertThat(socket.attachment(byte[].class).orElseThrow())
                .as("as it was")
                .isEqualTo(most);
            assertThatThrownBy(() -> socket.attach(new Object()))
                .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> socket.tag("x".repeat(257)))
                .isInstanceOf(LimitException.class);
            for (int i = 0; i < 16; i++) {
              socket.tag("" + i);
            }
            assertThatThrownBy(() -> socket.tag("17th")).isInstanceOf(LimitException.class);
            socket.untag("3");
            socket.tag("17th");
            socket.attach(StoredType.listOf(String.class), List.of("a", "b"));
            assertThat(socket.attachment(StoredType.listOf(String.class)))
                .hasValue(List.of("a", "b"));
            assertThatThrownBy(() -> socket.attachment(String.class))
                .hasMessageContaining("of the type List<String> and was asked for as String");
            assertThatThrownBy(() -> socket.close(1005, ""))
                .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> socket.close(1000, "x".repeat(124)))
                .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> socket.send("\ud800"))
                .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(
                    () -> {
                      byte[] large = new byte[20 << 20];
                      for (int i = 0; i < 4; i++) {
                        socket.send(large);
                      }
                    })
                .isInstanceOf(LimitException.class)
                .hasMessageContaining("the limit is 67108864");
            for (int i = 0; i < 16; i++) {
              context.sockets().answer("" + i, "");
            }
            assertThatThrownBy(() -> context.sockets().answer("17th", ""))
                .isInstanceOf(LimitException.class);
            throw new ResetException("nothing of this is to be sent");
          });
    } catch (ResetException expected) {
      assertThat(expected).hasMessageContaining("nothing of this");
    }
  }

  @Test
  void useOutsideOfTurns_inReadOnlyOnes_andOfADeadInstance_isRefused() throws Exception {
    AtomicReference<ClientSocket> kept = new AtomicReference<>();
    AtomicReference<Sockets> all = new AtomicReference<>();
    try (TestSocket client = connect()) {
      lobby()
          .run((context, self) -> {
            all.set(context.sockets());
            kept.set(context.sockets().all().getFirst());
            return "";
          });
      assertThatThrownBy(() -> kept.get().send("x")).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> all.get().broadcast("x")).isInstanceOf(IllegalStateException.class);
      assertThat(kept.get().id()).isNotEmpty();
      assertThatThrownBy(() ->
              lobby()
                  .look((context, self) -> {
                    context.sockets().broadcast("x");
                    return "";
                  }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("@ReadOnly");
      abide.sleep(Lobby.class, id);
      assertThatThrownBy(() ->
              lobby()
                  .run((context, self) -> {
                    kept.get().send("x");
                    return "";
                  }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("is gone");
      assertThat(client.texts()).isEmpty();
    }
  }

  @Test
  void typeWithoutSockets_isRefusedAtTheDoor() {
    assertThatThrownBy(() -> TestSocket.connect(abide, Living.class, id))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("@Exposed(sockets = true)");
  }

  @Test
  void closeHookThatThrows_isReported_andTheSocketIsGone() throws Exception {
    behave(
        new LobbyObject.Behaviour() {
          @Override
          public void close(
              ObjectContext context, LobbyObject self, ClientSocket socket, int code) {
            socket.send("to nobody");
            self.number.set(9L);
            throw new IllegalArgumentException("x");
          }
        });
    TestSocket client = connect();
    client.vanish();
    await(() -> assertThat(reports).hasSize(1));
    assertThat(events()).contains("close 1006 ");
    assertThat(lobby().look((context, self) -> context.sockets().all() + "" + self.number.get()))
        .isEqualTo("[]0");
  }
}
