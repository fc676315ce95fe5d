package dev.abide.undertow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.abide.engine.Abide;
import dev.abide.engine.Caller;
import dev.abide.engine.ResetException;
import dev.abide.undertow.Kiosk.KioskObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Raw requests to objects, over real connections. */
class RequestsTest {
  private final String id = UUID.randomUUID().toString();
  private final Abide abide =
      Abide.inMemory(options ->
          options
              .host(Kiosk.class, KioskObject::new)
              .host(Room.class, Room.RoomObject::new)
              .onReport(report -> {}));
  private final HttpClient client = HttpClient.newHttpClient();
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
    KioskObject.HOLDS.values().forEach(CountDownLatch::countDown);
    client.close();
    edge.close();
    abide.close();
  }

  private HttpRequest.Builder at(String behind) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + edge.port() + "/objects/kiosk/" + id + "/http" + behind));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private String head(String method, String behind) {
    return method + " /objects/kiosk/" + id + "/http" + behind + " HTTP/1.1\r\nHost: localhost\r\n";
  }

  private Raw raw() throws IOException {
    return new Raw(edge.port());
  }

  @Test
  void requestOfAnyMethod_isGivenToTheObject_andItsResponseToTheClient() throws Exception {
    for (String method : new String[] {"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"}) {
      HttpResponse<String> response =
          send(
              at("/echo?a=1&a=2&b=%C3%A9")
                  .header("Content-Type", "text/weird")
                  .method(method, HttpRequest.BodyPublishers.ofString("h\u00e9")));

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEqualTo("h\u00e9");
      assertThat(response.headers().firstValue("content-type")).contains("text/weird");
      assertThat(response.headers().firstValue("x-method")).contains(method);
      assertThat(response.headers().allValues("x-two")).containsExactly("a", "b");
      assertThat(response.headers().firstValue("cache-control")).contains("no-store");
      assertThat(response.headers().firstValue("x-content-type-options")).contains("nosniff");
    }
    assertThat(send(at("/echo?a=1&a=2").GET()).headers().firstValue("x-query")).contains("[1, 2]");
    assertThat(send(at("/cached")).headers().allValues("cache-control"))
        .containsExactly("max-age=60");
    assertThat(send(at("/none")).statusCode()).isEqualTo(204);
    assertThat(send(at("/a%2Fb/c")).body()).isEqualTo("no /a%2Fb/c");
    assertThat(send(at("")).body()).isEqualTo("no /");
  }

  @Test
  void head_hasNoBody_whateverTheObjectAnswers() throws Exception {
    try (Raw raw = raw()) {
      Raw.Answer echo = raw.send(head("HEAD", "/cached") + "\r\n").read();
      assertThat(echo.status()).isEqualTo(200);
      assertThat(echo.headers()).containsEntry("content-length", "1");
      // On the same connection: had a body come, this would be read as an answer.
      assertThat(raw.send(head("GET", "/none") + "\r\n").read().status()).isEqualTo(204);
      assertThat(raw.send(head("HEAD", "/events") + "\r\n").read().headers().get("content-type"))
          .startsWith("text/event-stream");
      assertThat(raw.send(head("GET", "/none") + "\r\n").read().status()).isEqualTo(204);
      // A stream that never ends is not even begun.
      Raw.Answer endless = raw.send(head("HEAD", "/endless") + "\r\n").read();
      assertThat(endless.status()).isEqualTo(200);
      assertThat(endless.headers())
          .containsEntry("content-type", "text/plain")
          .doesNotContainKey("content-length");
      assertThat(raw.send(head("GET", "/none") + "\r\n").read().status()).isEqualTo(204);
    }
    assertThat(KioskObject.WRITTEN).doesNotContainKey(id);
    await().untilAsserted(() -> assertThat(KioskObject.events(id)).contains("close 1000"));
  }

  @Test
  void whatIsNotExposed_andWhatMayNot_isRefusedBeforeAnythingWakes() throws Exception {
    try (Raw raw = raw()) {
      assertThat(
              raw.send("GET /objects/room/a/http/x HTTP/1.1\r\nHost: localhost\r\n\r\n")
                  .read()
                  .status())
          .isEqualTo(404);
      assertThat(
              raw.send(head("POST", "/echo") + "Origin: http://evil.example\r\n\r\n")
                  .read()
                  .status())
          .isEqualTo(403);
    }
    try (Raw raw = raw()) {
      assertThat(raw.send(head("TRACE", "/echo") + "\r\n").read().status()).isEqualTo(405);
    }
    reopen(options ->
        options
            .authenticate(request -> request.header("X-Who").map(n -> new Caller(n, Map.of())))
            .authorize((caller, type, object, method) ->
                method.equals("#http") && caller.isPresent() && type.equals("kiosk")));
    assertThat(send(at("/echo")).statusCode()).isEqualTo(401);
    assertThat(KioskObject.events(id)).isEmpty();
    assertThat(send(at("/echo").header("X-Who", "ann")).headers().firstValue("x-caller"))
        .contains("ann");
  }

  @Test
  void pageOfAnAllowedOrigin_isToldWhatItMaySend() throws Exception {
    reopen(options -> options.allowOrigins("https://app.example"));
    try (Raw raw = raw()) {
      Raw.Answer told =
          raw.send(
                  head("OPTIONS", "/echo")
                      + "Origin: https://app.example\r\n"
                      + "Access-Control-Request-Method: PUT\r\n\r\n")
              .read();

      assertThat(told.status()).isEqualTo(204);
      assertThat(told.headers().get("access-control-allow-methods")).contains("PUT", "DELETE");
    }
    assertThat(KioskObject.events(id)).isEmpty();
  }

  @Test
  void malformedAndOversized_areRefused_withTheBound() throws Exception {
    reopen(options -> options.bodyBytesMax(100));
    try (Raw raw = raw()) {
      Raw.Answer announced = raw.send(head("PUT", "/echo") + "Content-Length: 101\r\n\r\n").read();
      assertThat(announced.status()).isEqualTo(413);
      assertThat(announced.body()).contains("larger than 100 bytes");
    }
    try (Raw raw = raw()) {
      String chunk = "40\r\n" + "x".repeat(64) + "\r\n";
      Raw.Answer grown =
          raw.send(
                  head("PUT", "/echo")
                      + "Transfer-Encoding: chunked\r\n\r\n"
                      + chunk
                      + chunk
                      + "0\r\n\r\n")
              .read();
      assertThat(grown.status()).isEqualTo(413);
    }
    for (String bad :
        new String[] {
          head("GET", "/%zz") + "\r\n",
          head("GET", "/%c0%af") + "\r\n",
          head("GET", "/echo?a=%") + "\r\n",
          head("PUT", "/echo") + "Transfer-Encoding: gzip, chunked\r\n\r\n",
          head("PUT", "/echo") + "Content-Length: x\r\n\r\n",
          "GET /objects/kiosk//http/echo HTTP/1.1\r\nHost: localhost\r\n\r\n"
        }) {
      try (Raw raw = raw()) {
        assertThat(raw.send(bad).peekStatus()).as(bad).isEqualTo(400);
      }
    }
    assertThat(KioskObject.events(id)).isEmpty();
  }

  @Test
  void objectThatThrows_isAnIncident_andTellsNothing() throws Exception {
    HttpResponse<String> failed = send(at("/fail"));

    assertThat(failed.statusCode()).isEqualTo(500);
    assertThat(failed.body()).contains("\"incident\":").doesNotContain("secret");
  }

  @Test
  void objectThatDoesNotAnswer_is504_andItsLateAnswerGoesNowhere() throws Exception {
    reopen(options -> options.callTimeout(Duration.ofMillis(200)));
    KioskObject.HOLDS.put(id, new CountDownLatch(1));

    assertThat(send(at("/hold")).statusCode()).isEqualTo(504);

    KioskObject.HOLDS.get(id).countDown();
    reopen(options -> {}); // with time to answer
    assertThat(send(at("/none")).statusCode()).isEqualTo(204);
  }

  @Test
  void answerWithoutRoom_is503_andSaysThatItWasDone() throws Exception {
    reopen(options -> options.answersBytesMax(1 << 20));

    HttpResponse<String> large = send(at("/large"));

    assertThat(large.statusCode()).isEqualTo(503);
    assertThat(large.body()).contains("too-many-bytes").contains("\"applied\":\"yes\"");
  }

  @Test
  void stream_comesWhole_alsoAnEmptyOne_alsoToOldClients() throws Exception {
    assertThat(send(at("/stream")).body()).isEqualTo("1\n2\n3\n4\n5\n");
    HttpResponse<String> empty = send(at("/empty"));
    assertThat(empty.statusCode()).isEqualTo(200);
    assertThat(empty.body()).isEmpty();
    try (Raw raw = raw()) {
      String old = raw.send(head("GET", "/stream").replace("HTTP/1.1", "HTTP/1.0") + "\r\n").rest();
      assertThat(old).contains("200").endsWith("6\n7\n8\n9\n10\n").doesNotContain("chunked");
    }
  }

  @Test
  void streamThatBreaks_isCut_soThatTheClientCanTell() throws Exception {
    KioskObject.HOLDS.put(id, new CountDownLatch(1));
    HttpResponse<InputStream> half =
        client.send(at("/half").build(), HttpResponse.BodyHandlers.ofInputStream());
    assertThat(new String(half.body().readNBytes(4), StandardCharsets.UTF_8)).isEqualTo("half");

    KioskObject.HOLDS.get(id).countDown();

    assertThatThrownBy(() -> half.body().readAllBytes()).isInstanceOf(IOException.class);
  }

  @Test
  void stream_isCutByAReset_ofItsObject() throws Exception {
    KioskObject.HOLDS.put(id, new CountDownLatch(1));
    HttpResponse<InputStream> half =
        client.send(at("/half").build(), HttpResponse.BodyHandlers.ofInputStream());
    assertThat(half.body().readNBytes(4)).hasSize(4);

    try (Raw raw = raw()) {
      raw.send(
          "POST /objects/kiosk/"
              + id
              + "/reset HTTP/1.1\r\nHost: localhost\r\n"
              + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
      assertThat(raw.read().status()).isEqualTo(500);
    }

    assertThatThrownBy(() -> half.body().readAllBytes()).isInstanceOf(IOException.class);
  }

  @Test
  void streamThatNeverWaits_isCutByAResetToo() throws Exception {
    HttpResponse<InputStream> endless =
        client.send(at("/endless").build(), HttpResponse.BodyHandlers.ofInputStream());
    AtomicReference<Throwable> end = new AtomicReference<>();
    Thread reader =
        Thread.startVirtualThread(() ->
            end.set(
                catchThrowable(() -> endless.body().transferTo(OutputStream.nullOutputStream()))));
    await().until(() -> KioskObject.WRITTEN.containsKey(id));

    assertThatThrownBy(() -> abide.get(Kiosk.class, id).reset()).isInstanceOf(ResetException.class);

    await().untilAsserted(() -> assertThat(KioskObject.events(id)).contains("stream ended"));
    reader.join();
    assertThat(end.get()).isInstanceOf(IOException.class);
  }

  @Test
  void clientThatReadsNothing_holdsItsStreamOnly_andIsCutOff() throws Exception {
    reopen(options -> options.answerTimeout(Duration.ofMillis(500)));
    try (Raw slow = raw()) {
      slow.send(head("GET", "/endless") + "\r\n");
      await().until(() -> KioskObject.WRITTEN.containsKey(id));
      // The object answers others meanwhile, and as often as they like.
      assertThat(send(at("/none")).statusCode()).isEqualTo(204);

      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(KioskObject.events(id)).contains("stream ended"));

      assertThat(KioskObject.WRITTEN.get(id).get())
          .as("what the system's buffers hold, and not what there is memory for")
          .isLessThan(64L << 20);
    }
  }

  @Test
  void clientThatVanishes_endsItsStream() throws Exception {
    try (Raw raw = raw()) {
      raw.send(head("GET", "/endless") + "\r\n");
      assertThat(raw.peekStatus()).isEqualTo(200);
    }

    await().untilAsserted(() -> assertThat(KioskObject.events(id)).contains("stream ended"));
  }

  /** A client of events, as a browser reads them. */
  private final class Listener implements AutoCloseable {
    private final HttpResponse<InputStream> response;
    private final BufferedReader lines;

    Listener(Optional<String> lastId) throws Exception {
      HttpRequest.Builder request = at("/events");
      lastId.ifPresent(last -> request.header("Last-Event-ID", last));
      response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /** The next event's lines, comments left out; null at the end. */
    String next() throws IOException {
      StringBuilder event = new StringBuilder();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty() && !event.isEmpty()) {
          return event.toString();
        } else if (!line.isEmpty() && !line.startsWith(":")) {
          event.append(line).append('|');
        }
      }
      return "end";
    }

    @Override
    public void close() throws IOException {
      response.body().close();
    }
  }

  private void tell(String text) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + edge.port() + "/objects/kiosk/" + id + "/tell"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"" + text + "\"}"));
    assertThat(send(request).statusCode()).isEqualTo(204);
  }

  @Test
  void listener_getsEvents_whileItsObjectSleepsBetween() throws Exception {
    try (Listener listener = new Listener(Optional.of("41"))) {
      assertThat(listener.response.headers().firstValue("content-type"))
          .contains("text/event-stream;charset=utf-8");
      assertThat(listener.next()).isEqualTo("data: after 41|");
      abide.sleep(Kiosk.class, id);

      tell("a\\r\\nb\\rc\\n");

      assertThat(listener.next()).isEqualTo("id: 1|data: a|data: b|data: c|data: |");
      assertThat(KioskObject.events(id)).containsExactly("wake", "wake");
    }
  }

  @Test
  void quietListener_getsComments_andItsEndIsNoticed() throws Exception {
    // Silent for much longer than a client may leave an answer unread.
    reopen(options ->
        options.answerTimeout(Duration.ofMillis(100)).socketIdleTimeout(Duration.ofMillis(1_500)));
    try (Raw raw = raw()) {
      raw.send(head("GET", "/events") + "\r\n");
      assertThat(raw.peekStatus()).isEqualTo(200);
      String seen = "";
      for (int comments = 0; comments < 3; ) {
        seen += (char) raw.read(1)[0];
        if (seen.endsWith(":\n\n\r\n")) {
          comments++;
          seen = "";
        }
      }
    }
    await().untilAsserted(() -> assertThat(KioskObject.events(id)).contains("close 1006"));
  }

  @Test
  void listenerThatReadsNothing_isLetGo_andTheOthersAreNot() throws Exception {
    reopen(options -> options.socketQueueMax(64 << 10));
    try (Raw slow = raw();
        Listener quick = new Listener(Optional.empty())) {
      slow.send(head("GET", "/events") + "\r\n");
      assertThat(slow.peekStatus()).isEqualTo(200);
      assertThat(quick.next()).isEqualTo("data: after none|");
      String text = "x".repeat(16 << 10); // the one before may count still
      int told = 0;
      while (!KioskObject.events(id).contains("close 1013")) {
        // Not by the edge: thousands of requests may take so long that a connection is let go
        // which was idle meanwhile.
        abide.get(Kiosk.class, id).tell(text);
        told++;
        assertThat(quick.next()).isEqualTo("id: " + told + "|data: " + text + "|");
        assertThat(told).as("what the system's buffers hold").isLessThan(10_000);
      }
    }
  }

  @Test
  @Timeout(60)
  void edgeThatCloses_waitsForNoListener_andEndsItWell() throws Exception {
    // What requests under way would be given.
    reopen(options -> options.drain(Duration.ofMinutes(10)));
    try (Listener listener = new Listener(Optional.empty())) {
      assertThat(listener.next()).isEqualTo("data: after none|");

      edge.close();

      assertThat(listener.next()).isEqualTo("end");
    }
  }

  @Test
  void listeners_takeNoPlaceOfRequests() throws Exception {
    reopen(options -> options.requestsMax(2));
    try (Listener a = new Listener(Optional.empty());
        Listener b = new Listener(Optional.empty());
        Listener c = new Listener(Optional.empty())) {
      assertThat(a.next()).isEqualTo("data: after none|");
      assertThat(b.next()).isEqualTo("data: after none|");
      assertThat(c.next()).isEqualTo("data: after none|");
      assertThat(send(at("/none")).statusCode()).isEqualTo(204);
    }
  }
}
