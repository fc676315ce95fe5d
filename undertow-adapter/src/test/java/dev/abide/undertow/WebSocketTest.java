package dev.abide.undertow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.Abide;
import dev.abide.engine.Caller;
import dev.abide.engine.Report;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Sockets over the wire, with the JDK's client. */
class WebSocketTest {
  private final Queue<Report> reports = new ConcurrentLinkedQueue<>();
  private final Abide abide =
      Abide.inMemory(options ->
          options
              .onReport(reports::add)
              .host(Lounge.class, Lounge.LoungeObject::new)
              .host(Room.class, Room.RoomObject::new));
  private final HttpClient http = HttpClient.newHttpClient();
  private UndertowEdge edge;
  private String id;

  @BeforeEach
  void open(TestInfo test) {
    id = test.getTestMethod().orElseThrow().getName();
    open(options -> {});
  }

  private void open(Consumer<UndertowEdge.Options> configure) {
    edge =
        UndertowEdge.open(
            abide,
            options -> {
              options.bind("127.0.0.1", 0).drain(Duration.ofSeconds(5));
              configure.accept(options);
            });
  }

  private void reopen(Consumer<UndertowEdge.Options> configure) {
    edge.close();
    open(configure);
  }

  @AfterEach
  void close() {
    http.close();
    edge.close();
    abide.close();
  }

  private List<String> events() {
    return Lounge.LoungeObject.events(id);
  }

  private static void await(ThrowingRunnable condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .untilAsserted(condition);
  }

  /** A client of the JDK; what comes is put in a queue, whole. */
  private final class Client implements WebSocket.Listener, AutoCloseable {
    private final LinkedBlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final StringBuilder part = new StringBuilder();
    private int bytes;
    final WebSocket socket;

    Client(String query, Consumer<WebSocket.Builder> configure) {
      WebSocket.Builder builder = http.newWebSocketBuilder();
      configure.accept(builder);
      try {
        socket = builder.buildAsync(uri(query), this).join();
      } catch (CompletionException failed) {
        throw failed.getCause() instanceof WebSocketHandshakeException refused
            ? new Refused(refused.getResponse())
            : failed;
      }
    }

    Client() {
      this("", builder -> {});
    }

    @Override
    public CompletionStage<?> onText(WebSocket same, CharSequence text, boolean last) {
      part.append(text);
      if (last) {
        received.add(part.toString());
        part.setLength(0);
      }
      same.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket same, ByteBuffer data, boolean last) {
      bytes += data.remaining();
      if (last) {
        received.add(bytes + " bytes");
        bytes = 0;
      }
      same.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket same, int code, String reason) {
      received.add("close " + code + " " + reason);
      return null;
    }

    @Override
    public void onError(WebSocket same, Throwable failure) {
      received.add("error " + failure);
    }

    Client send(String text) {
      socket.sendText(text, true).join();
      return this;
    }

    String next() throws InterruptedException {
      String next = received.poll(30, TimeUnit.SECONDS);
      assertThat(next).as("what came within 30 s").isNotNull();
      return next;
    }

    @Override
    public void close() {
      socket.abort();
    }
  }

  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;
    final transient HttpResponse<?> response;

    Refused(HttpResponse<?> response) {
      super("refused with " + response.statusCode());
      this.response = response;
    }
  }

  private URI uri(String query) {
    return URI.create("ws://localhost:" + edge.port() + "/objects/lounge/" + id + query);
  }

  private int refusal(Consumer<WebSocket.Builder> configure) {
    return ((Refused) catchThrowable(() -> new Client("", configure))).response.statusCode();
  }

  @Test
  void texts_andBytes_areEchoedInOrder_alsoInParts() throws Exception {
    try (Client client = new Client("?hello=hi%20there", builder -> {})) {
      assertThat(client.next()).isEqualTo("hi there");
      for (int i = 0; i < 1_000; i++) {
        client.send("m" + i);
      }
      for (int i = 0; i < 1_000; i++) {
        assertThat(client.next()).isEqualTo("m" + i);
      }
      client.socket.sendText("in ", false).join();
      client.socket.sendText("parts", true).join();
      assertThat(client.next()).isEqualTo("in parts");
      client.socket.sendBinary(ByteBuffer.wrap(new byte[60_000]), true).join();
      assertThat(client.next()).isEqualTo("60000 bytes");
      assertThat(client.send("ping").next()).isEqualTo("pong");
    }
  }

  @Test
  void sleep_leavesTheSocketOpen_andAMessageWakes() throws Exception {
    try (Client client = new Client()) {
      assertThat(client.send("count").next()).isEqualTo("1");
      abide.sleep(Lounge.class, id);
      assertThat(client.send("ping").next()).isEqualTo("pong");
      assertThat(events().stream().filter("wake"::equals)).hasSize(1);
      assertThat(client.send("count").next()).isEqualTo("2");
      assertThat(events().stream().filter("wake"::equals)).hasSize(2);
      assertThat(abide.get(Lounge.class, id).clients()).isEqualTo(1);
    }
  }

  @Test
  void refusalOfTheObject_isAProblem_withItsStatus() {
    Refused refused = (Refused) catchThrowable(() -> new Client("?refuse=1", builder -> {}));
    assertThat(refused.response.statusCode()).isEqualTo(409);
    Refused failed = (Refused) catchThrowable(() -> new Client("?fail=1", builder -> {}));
    assertThat(failed.response.statusCode()).isEqualTo(500);
  }

  @Test
  void refusal_saysWhatTheObjectSaid_andAFailureSaysNothing() throws Exception {
    try (Raw raw = new Raw(edge.port())) {
      raw.send(RawWebSocket.request("/objects/lounge/" + id + "?refuse=1", ""));
      assertThat(raw.read().body())
          .contains("\"detail\":\"the lounge is full\"")
          .contains("\"code\":\"refused-by-object\"");
    }
    try (Raw raw = new Raw(edge.port())) {
      raw.send(RawWebSocket.request("/objects/lounge/" + id + "?fail=1", ""));
      assertThat(raw.read().body()).contains("incident").doesNotContain("secret");
    }
  }

  @Test
  void object_seesThePath_theHeaders_andTheQuery() throws Exception {
    String path = "/objects/lounge/" + id + "%2f%C3%A9";
    try (RawWebSocket client =
        new RawWebSocket(edge.port(), path + "?show=a%20b", "X-Colour: red\r\n")) {
      assertThat(client.read().text()).isEqualTo(path + " a b red");
    }
  }

  @Test
  void subprotocol_isAgreedOn_orNone() {
    try (Client client = new Client("", builder -> builder.subprotocols("v3", "v2"))) {
      assertThat(client.socket.getSubprotocol()).isEqualTo("v2");
    }
    try (Client client = new Client("", builder -> builder.subprotocols("v9"))) {
      assertThat(client.socket.getSubprotocol()).isEmpty();
    }
  }

  @Test
  void close_ofTheClient_andOfTheObject_reachesTheOther() throws Exception {
    try (Client client = new Client()) {
      client.socket.sendClose(4_000, "done").join();
      assertThat(client.next()).isEqualTo("close 4000 ");
      await(() -> assertThat(events()).contains("close 4000 done"));
    }
    try (Client client = new Client()) {
      client.send("bye");
      assertThat(client.next()).isEqualTo("last");
      assertThat(client.next()).isEqualTo("close 4001 as you wish");
      await(() -> assertThat(events()).contains("close 4001 as you wish"));
    }
    await(() -> assertThat(abide.get(Lounge.class, id).clients()).isZero());
  }

  @Test
  void failedTurn_closesThatSocket_withoutASecret() throws Exception {
    try (Client client = new Client();
        Client other = new Client()) {
      client.send("fail");
      assertThat(client.next()).isEqualTo("close 1011 the message could not be handled");
      await(() -> assertThat(reports).hasSize(1));
      assertThat(other.send("x").next()).isEqualTo("x");
    }
  }

  @Test
  void clientThatVanishes_isHeardOf() throws Exception {
    try (RawWebSocket client = new RawWebSocket(edge.port(), "/objects/lounge/" + id)) {
      client.send(RawWebSocket.frame(RawWebSocket.TEXT, "x"));
      assertThat(client.read().text()).isEqualTo("x");
    }
    await(() -> assertThat(events()).contains("close 1006 "));
    assertThat(abide.get(Lounge.class, id).clients()).isZero();
  }

  @Test
  void foreignOrigins_areRefused_ownAndAllowedOnesAreNot() {
    String own = "http://localhost:" + edge.port();
    assertThat(refusal(builder -> builder.header("Origin", "https://evil.example"))).isEqualTo(403);
    new Client("", builder -> builder.header("Origin", own)).close();
    reopen(options -> options.allowOrigins("https://app.example"));
    new Client("", builder -> builder.header("Origin", "https://app.example")).close();
    assertThat(refusal(builder -> builder.header("Origin", "null"))).isEqualTo(403);
  }

  @Test
  void rules_areAskedBeforeTheObjectWakes() throws Exception {
    reopen(options ->
        options
            .authenticate(
                request -> request.header("Authorization").map(name -> new Caller(name, Map.of())))
            .authorize((caller, type, name, method) ->
                method.equals("#socket")
                    && caller.equals(Optional.of(new Caller("ann", Map.of())))));
    assertThat(refusal(builder -> {})).isEqualTo(401);
    assertThat(refusal(builder -> builder.header("Authorization", "bob"))).isEqualTo(404);
    assertThat(events()).isEmpty();
    try (Client client = new Client("", builder -> builder.header("Authorization", "ann"))) {
      assertThat(client.next()).isEqualTo("caller ann");
    }
  }

  @Test
  void whatIsNoUpgrade_orToNoSocket_isRefused() throws Exception {
    String lounge = "/objects/lounge/" + id;
    assertThat(status(RawWebSocket.request("/objects/room/" + id, ""))).isEqualTo(404);
    assertThat(status(RawWebSocket.request("/objects/nothing/" + id, ""))).isEqualTo(404);
    assertThat(status("GET " + lounge + " HTTP/1.1\r\nHost: localhost\r\n\r\n")).isEqualTo(404);
    String good = RawWebSocket.request(lounge, "");
    assertThat(status(good.replace("GET", "POST"))).isEqualTo(405);
    assertThat(status(good.replace("Version: 13", "Version: 8"))).isEqualTo(426);
    assertThat(status(good.replace("dGhlIHNhbXBsZSBub25jZQ==", "short"))).isEqualTo(400);
    assertThat(status(good.replace("keep-alive, Upgrade", "keep-alive"))).isEqualTo(400);
    assertThat(status(RawWebSocket.request(lounge, "Content-Length: 3\r\n") + "abc"))
        .isEqualTo(400);
    assertThat(status(RawWebSocket.request(lounge, "Sec-WebSocket-Protocol: a, a\r\n")))
        .isEqualTo(400);
    assertThat(events()).isEmpty();
  }

  private int status(String request) throws IOException {
    try (Raw raw = new Raw(edge.port())) {
      return raw.send(request).peekStatus();
    }
  }

  @Test
  void close_ofTheEdge_saysGoodbye_andOfTheEngineToo() throws Exception {
    try (Client client = new Client()) {
      edge.close();
      assertThat(client.next()).isEqualTo("close 1001 the server is closing");
    }
    await(() -> assertThat(events()).contains("close 1001 the server is closing"));
    open(options -> {});
    try (Client client = new Client()) {
      abide.close();
      assertThat(client.next()).isEqualTo("close 1001 the server is closing");
    }
  }

  @Test
  void silentClient_isPinged_thenHungUpOn_andOneThatAnswersStays() throws Exception {
    reopen(options -> options.socketIdleTimeout(Duration.ofSeconds(3)));
    try (Client answers = new Client();
        RawWebSocket silent = new RawWebSocket(edge.port(), "/objects/lounge/" + id)) {
      RawWebSocket.Got got = silent.read();
      assertThat(got.code()).isEqualTo(RawWebSocket.PING);
      assertThat(silent.read().code()).isEqualTo(-1);
      await(() -> assertThat(events()).contains("close 1006 "));
      assertThat(answers.send("x").next()).isEqualTo("x");
    }
  }

  @Test
  void clientThatNeverReads_isClosed_andOthersAreNotHeldUp() throws Exception {
    try (RawWebSocket slow = new RawWebSocket(edge.port(), "/objects/lounge/" + id);
        Client quick = new Client()) {
      await(() -> assertThat(abide.get(Lounge.class, id).clients()).isEqualTo(2));
      String text = "x".repeat(50_000);
      int sent = 0;
      // What the system's own buffers take is not known; at last they are full.
      while (abide.get(Lounge.class, id).clients() == 2) {
        abide.get(Lounge.class, id).broadcast(text, 1);
        assertThat(quick.next()).hasSize(50_000);
        assertThat(++sent).as("a reader that never reads is not let go").isLessThan(2_000);
      }
      await(() -> assertThat(events()).contains("close 1013 messages for this client pile up"));
      assertThat(quick.send("on").next()).isEqualTo("on");
    }
  }

  @Test
  void flood_isReadNoFasterThanItIsHandled_andLosesNothing() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    Lounge.LoungeObject.HOLDS.put(id, go);
    int messages = 100_000;
    try (RawWebSocket flood = new RawWebSocket(edge.port(), "/objects/lounge/" + id);
        Client other = new Client()) {
      flood.send(RawWebSocket.frame(RawWebSocket.TEXT, "hold"));
      await(() -> assertThat(events()).contains("hold"));
      Thread sender =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  ByteArrayOutputStream all = new ByteArrayOutputStream();
                  for (int i = 0; i < messages; i++) {
                    all.writeBytes(RawWebSocket.frame(RawWebSocket.TEXT, "count"));
                  }
                  flood.send(all.toByteArray());
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      // The object is held, and so is the flood: others of its clients come in between.
      other.send("polite");
      go.countDown();
      assertThat(other.next()).isEqualTo("polite");
      for (int i = 1; i <= messages; i++) {
        assertThat(flood.read().text()).isEqualTo("" + i);
      }
      sender.join();
    } finally {
      go.countDown();
    }
  }

  @Test
  void healthAndCalls_goOnBesideSockets() throws Exception {
    try (Client client = new Client()) {
      HttpResponse<String> call =
          http.send(
              HttpRequest.newBuilder(
                      URI.create(
                          "http://localhost:" + edge.port() + "/objects/lounge/" + id + "/count"))
                  .POST(HttpRequest.BodyPublishers.noBody())
                  .header("Content-Type", "application/json")
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(call.body()).isEqualTo("1");
      assertThat(client.send("count").next()).isEqualTo("2");
    }
  }
}
