package dev.abide.undertow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.abide.engine.Abide;
import dev.abide.engine.Caller;
import dev.abide.engine.testing.ManualClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What slow and greedy clients cost: a connection each, and no more than the bounds say. */
class LimitsTest {
  private static final String ADD =
      "POST /objects/room/a/add HTTP/1.1\r\nHost: localhost\r\n"
          + "Content-Type: application/json\r\nContent-Length: 8\r\n\r\n";
  private static final String VALUE =
      "GET /objects/room/a/value HTTP/1.1\r\nHost: localhost\r\n\r\n";

  private final ManualClock clock = new ManualClock();
  private final Abide abide =
      Abide.inMemory(options -> options.clock(clock).host(Room.class, Room.RoomObject::new));
  private UndertowEdge edge = open(options -> {});

  private UndertowEdge open(Consumer<UndertowEdge.Options> more) {
    return UndertowEdge.open(
        abide,
        options -> {
          options.bind("127.0.0.1", 0);
          more.accept(options);
        });
  }

  private void reopen(Consumer<UndertowEdge.Options> more) {
    edge.close();
    edge = open(more);
  }

  @AfterEach
  void close() {
    Room.RoomObject.release.countDown();
    edge.close();
    abide.close();
  }

  private void assertServes() throws IOException {
    try (Raw raw = new Raw(edge.port())) {
      assertThat(raw.send(VALUE).read().status()).isEqualTo(200);
    }
  }

  @Test
  void callWithoutAnAnswer_is504_after30Seconds() throws Exception {
    Room.RoomObject.ENTERED.drainPermits(); // what other tests left
    Room.RoomObject.release = new CountDownLatch(1);
    try (Raw raw = new Raw(edge.port())) {
      raw.send(
          "POST /objects/room/a/block HTTP/1.1\r\nHost: localhost\r\n"
              + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
      Room.RoomObject.ENTERED.acquire();

      clock.advance(Duration.ofMillis(29_900));
      assertServesOther();
      assertThat(raw.hasSomething()).isFalse();
      clock.advance(Duration.ofMillis(200));

      Raw.Answer late = raw.read();
      assertThat(late.status()).isEqualTo(504);
      assertThat(late.body()).contains("\"applied\":\"unknown\"").contains("\"retryable\":false");
    }
  }

  private void assertServesOther() throws IOException {
    try (Raw raw = new Raw(edge.port())) {
      assertThat(raw.send(VALUE.replace("/a/", "/b/")).read().status()).isEqualTo(200);
    }
  }

  @Test
  void bodiesThatStop_areCutOff_andHoldNoRequestSlot() throws Exception {
    reopen(options -> options.bodyTimeout(Duration.ofMillis(300)).requestsMax(4));
    for (int round = 0; round < 3; round++) {
      List<Raw> slow = new ArrayList<>();
      for (int n = 0; n < 4; n++) {
        slow.add(new Raw(edge.port()).send(ADD + "{"));
      }
      for (Raw raw : slow) {
        assertThat(raw.isClosedByServer()).isTrue();
        raw.close();
      }
    }
    await().untilAsserted(this::assertServes);
  }

  @Test
  void clientsThatVanishInTheirBody_holdNoRequestSlot() throws Exception {
    reopen(options -> options.requestsMax(4));
    for (int n = 0; n < 20; n++) {
      try (Raw raw = new Raw(edge.port())) {
        raw.send(ADD + "{");
      }
    }
    await().untilAsserted(this::assertServes);
  }

  @Test
  void bodyThatNobodyWants_isWaitedForAsLongAsOthers_andNoLonger() throws Exception {
    reopen(options ->
        options
            .bodyTimeout(Duration.ofMillis(300))
            .otherwise(exchange -> exchange.getResponseSender().send("own page")));
    for (String path : List.of("/livez", "/own", "/objects/room/a/value", "/objects/none/a/b")) {
      try (Raw raw = new Raw(edge.port())) {
        raw.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");
        raw.rest(); // returns when the server has closed
      }
    }
    assertServes();
  }

  @Test
  void headersThatStop_areCutOff() throws Exception {
    reopen(options -> options.headerTimeout(Duration.ofMillis(300)));
    try (Raw raw = new Raw(edge.port())) {
      assertThat(raw.send("GET /objects/room/a/value HTTP/1.1\r\nHost: loc").isClosedByServer())
          .isTrue();
    }
    assertServes();
  }

  @Test
  void answersThatNobodyReads_takeNoMoreThanTheirRoom_andAreCutOff() throws Exception {
    reopen(options -> options.answersBytesMax(24 << 20).answerTimeout(Duration.ofSeconds(1)));
    String large = "GET /objects/room/%s/large?length=6000000 HTTP/1.1\r\nHost: localhost\r\n\r\n";
    List<Raw> greedy = new ArrayList<>();
    int refused = 0;
    for (int n = 0; n < 8; n++) {
      Socket socket = new Socket();
      socket.setReceiveBufferSize(4_096);
      socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()));
      Raw raw = new Raw(socket);
      greedy.add(raw.send(large.formatted("r" + n)));
      int head = raw.peekStatus();
      if (head == 503) {
        refused++;
      } else {
        assertThat(head).isEqualTo(200);
      }
    }
    assertThat(refused).as("answers that found no room").isPositive().isLessThan(8);
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> {
          try (Raw raw = new Raw(edge.port())) {
            assertThat(raw.send(large.formatted("last")).read().status()).isEqualTo(200);
          }
        });
    for (Raw raw : greedy) {
      raw.close();
    }
  }

  @Test
  void answerThatIsTooLargeForAllRoom_isRefused_andSaysWhetherTheCallWasDone() throws Exception {
    reopen(options -> options.answersBytesMax(1_000));
    try (Raw raw = new Raw(edge.port())) {
      Raw.Answer read =
          raw.send("GET /objects/room/a/large?length=5000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
              .read();
      assertThat(read.status()).isEqualTo(503);
      assertThat(read.body())
          .contains("too-many-bytes")
          .contains("\"retryable\":true")
          .contains("\"applied\":\"no\"");
      String text = "{\"value\":\"" + "AAAA".repeat(1_000) + "\"}";
      Raw.Answer written =
          raw.send(
                  "POST /objects/room/a/bytes HTTP/1.1\r\nHost: localhost\r\nContent-Type:"
                      + " application/json\r\nContent-Length: "
                      + text.length()
                      + "\r\n\r\n"
                      + text)
              .read();
      assertThat(written.status()).isEqualTo(503);
      assertThat(written.body()).contains("\"retryable\":false").contains("\"applied\":\"yes\"");
    }
    assertServes();
  }

  @Test
  void connectionsBeyondTheirNumber_waitUntilOthersEnd() throws Exception {
    reopen(options -> options.connectionsMax(4));
    List<Raw> open = new ArrayList<>();
    for (int n = 0; n < 4; n++) {
      Raw raw = new Raw(edge.port());
      assertThat(raw.send(VALUE).read().status()).isEqualTo(200);
      open.add(raw);
    }
    try (Raw fifth = new Raw(edge.port())) {
      fifth.send(VALUE);
      // The others are served after the fifth has asked, and it still has nothing.
      for (Raw raw : open) {
        assertThat(raw.send(VALUE).read().status()).isEqualTo(200);
      }
      assertThat(fifth.hasSomething()).isFalse();
      for (Raw raw : open) {
        raw.close();
      }
      assertThat(fifth.read().status()).isEqualTo(200);
    }
  }

  @Test
  void strangers_areRefusedBeforeTheirBodyIsRead_andTakeNoRoomForBodies() throws Exception {
    reopen(options ->
        options
            .authenticate(request ->
                request.header("Authorization").map(name -> new Caller(name, java.util.Map.of())))
            .authorize((caller, type, id, method) -> caller.isPresent()));
    try (Raw stranger = new Raw(edge.port());
        Raw known = new Raw(edge.port())) {
      // Nothing of the body has come, and the answer is there.
      assertThat(stranger.send(ADD).read().status()).isEqualTo(401);
      String withName = ADD.replace("\r\n\r\n", "\r\nAuthorization: ann\r\n\r\n");
      known.send(withName);
      known.send("{\"by\"");
      assertThat(known.send(":7}").read().body()).isEqualTo("7");
    }
    assertThat(Optional.of(abide.get(Room.class, "a").value())).hasValue(7L);
  }
}
