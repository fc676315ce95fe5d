package dev.abide.undertow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.abide.engine.Abide;
import dev.abide.engine.testing.ManualClock;
import dev.abide.undertow.Kiosk.KioskObject;
import dev.abide.undertow.Lounge.LoungeObject;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Turns that go on when nobody waits for them any more: what they hold is counted till they end.
 */
class LateTurnsTest {
  private static final int BODY_BYTES = 6_000;

  private final String id = UUID.randomUUID().toString();
  private final CountDownLatch go = new CountDownLatch(1);
  private final ManualClock clock = new ManualClock();
  private final Abide abide =
      Abide.inMemory(options ->
          options
              .clock(clock)
              .host(Kiosk.class, KioskObject::new)
              .host(Lounge.class, LoungeObject::new)
              .onReport(report -> {}));
  private UndertowEdge edge = open(options -> options.bodiesBytesMax(10_000));

  private UndertowEdge open(Consumer<UndertowEdge.Options> more) {
    KioskObject.HOLDS.put(id, go);
    LoungeObject.HOLDS.put(id, go);
    return UndertowEdge.open(
        abide,
        options -> {
          options.bind("127.0.0.1", 0).bodyBytesMax(10_000).socketMessageMax(100);
          more.accept(options);
        });
  }

  private void reopen(Consumer<UndertowEdge.Options> more) {
    edge.close();
    edge = open(more);
  }

  @AfterEach
  void close() {
    go.countDown();
    edge.close();
    abide.close();
  }

  private static String request(String head, String body) {
    return head
        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private Raw.Answer ask(String head, String body) throws IOException {
    try (Raw raw = new Raw(edge.port())) {
      return raw.send(request(head, body)).read();
    }
  }

  /** Asks what will not be answered in time, and lets that time pass when its turn has begun. */
  private Raw.Answer askInVain(String request, BooleanSupplier begun) throws IOException {
    try (Raw raw = new Raw(edge.port())) {
      raw.send(request);
      await().until(begun::getAsBoolean);
      // It may be on its way to a mailbox still.
      await()
          .until(() -> {
            clock.advance(Duration.ofSeconds(31));
            return raw.hasSomething();
          });
      Raw.Answer late = raw.read();
      assertThat(late.status()).isEqualTo(504);
      return late;
    }
  }

  /** A request with a large body to an object that answers at once. */
  private Raw.Answer askOther() throws IOException {
    return ask("POST /objects/kiosk/other-" + id + "/http/echo", "x".repeat(BODY_BYTES));
  }

  /** Asks the object to hold; nobody waits for it any more when this returns. */
  private void holdInVain(String body) throws IOException {
    Raw.Answer late =
        askInVain(
            request("POST /objects/kiosk/" + id + "/http/stubborn", body),
            () -> KioskObject.events(id).contains("stubborn"));
    assertThat(late.body()).contains("\"applied\":\"unknown\"");
  }

  /** Holds the object; returns when its turn runs. */
  private Raw hold() throws IOException {
    Raw raw = new Raw(edge.port());
    raw.send("GET /objects/kiosk/" + id + "/http/stubborn HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await().until(() -> KioskObject.events(id).contains("stubborn"));
    return raw;
  }

  private void assertNoRoomForBodies_untilTheTurnEnds() throws IOException {
    Raw.Answer refused = askOther();
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.body()).contains("too-many-bytes");

    go.countDown();

    await().untilAsserted(() -> assertThat(askOther().status()).isEqualTo(200));
  }

  @Test
  void bodyOfARawRequest_isCountedTillItsTurnEnds_alsoBehindA504() throws Exception {
    holdInVain("x".repeat(BODY_BYTES));

    assertNoRoomForBodies_untilTheTurnEnds();
  }

  @Test
  void argumentsOfACallThatWasCancelled_areCountedWhileItLiesInTheMailbox() throws Exception {
    try (Raw raw = hold()) {
      Raw.Answer late =
          askInVain(
              request(
                  "POST /objects/kiosk/" + id + "/tell",
                  "{\"text\":\"" + "x".repeat(BODY_BYTES) + "\"}"),
              () -> true);
      assertThat(late.body()).contains("\"applied\":\"no\"");
      assertThat(raw.read().status()).isEqualTo(504);

      assertNoRoomForBodies_untilTheTurnEnds();
    }
  }

  @Test
  void argumentsOfAOneWayCall_areCountedTillItHasRun_andItsPlaceIsNot() throws Exception {
    reopen(options -> options.bodiesBytesMax(10_000).requestsMax(3));
    try (Raw raw = hold()) {
      for (int n = 0; n < 5; n++) {
        assertThat(ask("POST /objects/kiosk/" + id + "/note", "{\"text\":\"x\"}").status())
            .isEqualTo(202);
      }
      Raw.Answer accepted =
          ask(
              "POST /objects/kiosk/" + id + "/note",
              "{\"text\":\"" + "x".repeat(BODY_BYTES) + "\"}");
      assertThat(accepted.status()).isEqualTo(202);

      assertNoRoomForBodies_untilTheTurnEnds();

      assertThat(KioskObject.events(id)).contains("note " + BODY_BYTES);
      assertThat(raw.read().body()).isEqualTo("held, interrupted: false");
    }
  }

  @Test
  void placesOfRequestsAndUpgrades_areKeptTillTheirTurnsEnd() throws Exception {
    reopen(options -> options.requestsMax(2));
    String none = "GET /objects/kiosk/other-" + id + "/http/none";
    holdInVain("");
    assertThat(ask(none, "").status()).isEqualTo(204);
    Raw.Answer late =
        askInVain(
            RawWebSocket.request("/objects/lounge/" + id + "?hold=1", ""),
            () -> LoungeObject.events(id).contains("open"));
    assertThat(late.body()).contains("\"applied\":\"unknown\"");

    Raw.Answer refused = ask(none, "");

    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.body()).contains("too-many-requests");
    go.countDown();
    await().untilAsserted(() -> assertThat(ask(none, "").status()).isEqualTo(204));
    await().untilAsserted(() -> assertThat(LoungeObject.events(id)).contains("close 1006 "));
  }

  @Test
  void placeOfAnUpgradeThatWasCancelled_isKeptWhileItLiesInTheMailbox() throws Exception {
    reopen(options -> options.requestsMax(2));
    String none = "GET /objects/kiosk/other-" + id + "/http/none";
    Raw.Answer holds =
        askInVain(
            RawWebSocket.request("/objects/lounge/" + id + "?hold=1", ""),
            () -> LoungeObject.events(id).contains("open"));
    assertThat(holds.body()).contains("\"applied\":\"unknown\"");
    assertThat(ask(none, "").status()).isEqualTo(204);
    Raw.Answer waits = askInVain(RawWebSocket.request("/objects/lounge/" + id, ""), () -> true);
    assertThat(waits.body()).contains("\"applied\":\"no\"");

    assertThat(ask(none, "").status()).isEqualTo(503);

    go.countDown();
    await().untilAsserted(() -> assertThat(ask(none, "").status()).isEqualTo(204));
  }

  @Test
  @Timeout(60)
  void closeOfTheEdge_doesNotWaitForTurnsThatNobodyWaitsFor() throws Exception {
    reopen(options -> options.drain(Duration.ofMinutes(10)));
    holdInVain("");

    edge.close(); // returns

    assertThat(go.getCount()).isEqualTo(1);
  }
}
