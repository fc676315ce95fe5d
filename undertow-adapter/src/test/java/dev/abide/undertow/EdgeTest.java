package dev.abide.undertow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.abide.engine.Abide;
import dev.abide.engine.Caller;
import io.undertow.Undertow;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the edge does for clients that mean well, over real sockets. */
class EdgeTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private final Abide abide =
      Abide.inMemory(options -> options.host(Room.class, Room.RoomObject::new));
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
    client.close();
  }

  private HttpResponse<String> post(String path, String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofString(body));
    request.header("Content-Type", "application/json");
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://localhost:" + edge.port() + path);
  }

  private static String id(String id) {
    return URLEncoder.encode(id, UTF_8).replace("+", "%20");
  }

  @Test
  void post_callsTheMethod_andGetReads() throws Exception {
    HttpResponse<String> added = post("/objects/room/a%2Fb/add", "{\"by\":2}");

    assertThat(added.statusCode()).isEqualTo(200);
    assertThat(added.body()).isEqualTo("2");
    assertThat(added.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(added.headers().firstValue("cache-control")).hasValue("no-store");
    assertThat(abide.get(Room.class, "a/b").value()).isEqualTo(2);
    assertThat(get("/objects/room/a%2Fb/value").body()).isEqualTo("2");
    assertThat(post("/objects/room/a%2Fb/value", "{}").body()).isEqualTo("2");
  }

  @Test
  void voidIs204_andOneWayIs202() throws Exception {
    assertThat(post("/objects/room/a/nothing", "").statusCode()).isEqualTo(204);
    assertThat(post("/objects/room/a/hint", "{\"text\":\"abc\"}").statusCode()).isEqualTo(202);
    await().untilAsserted(() -> assertThat(abide.get(Room.class, "a").value()).isEqualTo(3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a/b", "a|b", "a\0b", "\ud83d\ude00", "%2F", "..", ".", "+ &?#;=", "\u00e9"})
  void ids_ofAnyText_areTakenAsTheyAre(String id) throws Exception {
    assertThat(post("/objects/room/" + id(id) + "/add", "{\"by\":1}").body()).isEqualTo("1");

    assertThat(abide.ids(Room.class)).containsExactly(id);
  }

  @Test
  void id_of1024Bytes_isTaken() throws Exception {
    String id = "\u00e9".repeat(512);

    assertThat(post("/objects/room/" + id(id) + "/add", "{\"by\":1}").body()).isEqualTo("1");
    assertThat(post("/objects/room/" + id(id + "x") + "/add", "{\"by\":1}").body())
        .contains("the id has 1,025 bytes");
  }

  @Test
  void everything_comesBackAsItWent() throws Exception {
    String value =
        "{\"truth\":true,\"small\":-128,\"middle\":1000,\"number\":-5,"
            + "\"large\":\"9007199254740992\",\"single\":1.5,\"real\":0.1,\"letter\":\"x\","
            + "\"text\":\"\u00e9\\n\",\"big\":\"18446744073709551616\",\"price\":\"1.50\","
            + "\"id\":\"00000000-0000-0000-0000-000000000001\",\"address\":\"a:b\","
            + "\"instant\":\"2026-01-01T00:00:00Z\",\"day\":\"2026-02-28\",\"pause\":\"PT5S\","
            + "\"colour\":\"BLUE\",\"shapes\":[{\"type\":\"circle\",\"radius\":1.5},"
            + "{\"type\":\"Square\",\"side\":2}],\"sets\":{\"a\":[3,1]},\"inner\":null}";

    HttpResponse<String> same = post("/objects/room/a/same", "{\"value\":" + value + "}");

    assertThat(same.body()).isEqualTo(value);
    String withInner = value.replace("\"inner\":null", "\"inner\":" + value);
    assertThat(post("/objects/room/a/same", "{\"value\":" + withInner + "}").body())
        .isEqualTo(withInner);
    assertThat(
            post(
                    "/objects/room/a/same",
                    "{\"value\":"
                        + value
                            .replace("\"9007199254740992\"", "9007199254740992")
                            .replace("\"18446744073709551616\"", "18446744073709551616")
                            .replace("\"1.50\"", "1.50")
                            .replace(",\"inner\":null", "")
                        + "}")
                .body())
        .as("numbers are read in both forms, and a missing Optional is empty")
        .isEqualTo(value);
  }

  @Test
  void longs_areNumbersAsFarAsBrowsersCountExactly() throws Exception {
    assertThat(post("/objects/room/a/add", "{\"by\":9007199254740991}").body())
        .isEqualTo("9007199254740991");
    assertThat(post("/objects/room/a/add", "{\"by\":1}").body()).isEqualTo("\"9007199254740992\"");
    assertThat(post("/objects/room/b/add", "{\"by\":\"-9223372036854775808\"}").body())
        .isEqualTo("\"-9223372036854775808\"");
  }

  @Test
  void inheritedGenericMethod_takesTheTypeThatTheInterfaceGives() throws Exception {
    String lines = "[{\"sku\":\"a\",\"quantity\":1,\"note\":null,\"remark\":null}]";

    assertThat(post("/objects/room/a/keep", "{\"value\":" + lines + "}").body()).isEqualTo(lines);
    assertThat(post("/objects/room/a/keep", "{\"value\":[{\"sku\":\"a\",\"quantity\":1}]}").body())
        .as("Optional and @Nullable may be missing")
        .isEqualTo(lines);
  }

  @Test
  void bytesAreBase64_andNullsWhereTheyAreAllowed() throws Exception {
    assertThat(post("/objects/room/a/bytes", "{\"value\":\"AQI=\"}").body()).isEqualTo("\"AQI=\"");
    assertThat(post("/objects/room/a/orNull", "{\"text\":null}").body()).isEqualTo("null");
    assertThat(post("/objects/room/a/orNull", "{}").body()).isEqualTo("null");
    assertThat(post("/objects/room/a/orNull", "{\"text\":\"\"}").body()).isEqualTo("\"\"");
  }

  @Test
  void get_readsScalarsFromTheQuery() throws Exception {
    String query = "?text=a%2Bb+c%26&number=-3&colour=RED&at=2026-01-01T00:00:00Z";

    assertThat(get("/objects/room/a/echo" + query).body())
        .isEqualTo("\"a+b c&|-3|Optional.empty|RED|2026-01-01T00:00:00Z\"");
    assertThat(get("/objects/room/a/echo" + query + "&more=7").body()).contains("Optional[7]");
    assertThat(get("/objects/room/a/echo" + query.replace("-3", "1.5")).statusCode())
        .isEqualTo(400);
    assertThat(get("/objects/room/a/echo" + query.replace("RED", "0")).statusCode()).isEqualTo(400);
    assertThat(get("/objects/room/a/echo" + query + "&more=7&more=8").body())
        .contains("more than once");
    assertThat(get("/objects/room/a/sum?numbers=1").statusCode())
        .as("a list is no scalar")
        .isEqualTo(405);
    assertThat(get("/objects/room/a/add?by=1").headers().firstValue("allow")).hasValue("POST");
  }

  @Test
  void exceptionThatTheMethodDeclares_isToldWithItsMessage_othersAreNot() throws Exception {
    HttpResponse<String> declared = post("/objects/room/a/fail", "{\"how\":\"declared\"}");
    assertThat(declared.statusCode()).isEqualTo(422);
    assertThat(declared.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(declared.body())
        .contains("the room is full")
        .contains("\"code\":\"refused-by-method\"");

    for (String how : List.of("undeclared", "error")) {
      HttpResponse<String> failed = post("/objects/room/a/fail", "{\"how\":\"" + how + "\"}");
      assertThat(failed.statusCode()).isEqualTo(500);
      assertThat(failed.body())
          .contains("\"incident\":\"")
          .doesNotContain("secret")
          .doesNotContain("Exception");
    }
    assertThat(post("/objects/room/a/fail", "{\"how\":\"nested\"}").statusCode()).isEqualTo(500);
    assertThat(post("/objects/room/a/fail", "{\"how\":\"own:a\"}").body())
        .contains("\"code\":\"nested-call-failed\"")
        .contains("\"retryable\":false");
  }

  @Test
  void fullMailbox_is429_withAPause() throws Exception {
    Room.RoomObject.release = new CountDownLatch(1);
    Abide small =
        Abide.inMemory(options -> options.mailboxMax(1).host(Room.class, Room.RoomObject::new));
    try (small;
        UndertowEdge other = UndertowEdge.open(small, options -> options.bind("127.0.0.1", 0))) {
      URI target = URI.create("http://localhost:" + other.port() + "/objects/room/a/block");
      HttpRequest block =
          HttpRequest.newBuilder(target)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString("{}"))
              .build();
      CompletableFuture<HttpResponse<String>> first =
          client.sendAsync(block, HttpResponse.BodyHandlers.ofString());
      Room.RoomObject.ENTERED.acquire();

      HttpResponse<String> refused = client.send(block, HttpResponse.BodyHandlers.ofString());
      Room.RoomObject.release.countDown();

      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("retry-after")).isPresent();
      assertThat(refused.body())
          .contains("\"code\":\"overloaded\"")
          .contains("\"retryable\":true")
          .contains("\"applied\":\"no\"");
      assertThat(first.get().statusCode()).isEqualTo(204);
    }
  }

  @Test
  void callThatTakesTooLong_is504_andItsTurnGoesOn() throws Exception {
    Room.RoomObject.release = new CountDownLatch(1);
    reopen(options -> options.callTimeout(Duration.ofMillis(200)));

    HttpResponse<String> late = post("/objects/room/a/block", "{}");

    assertThat(late.statusCode()).isEqualTo(504);
    assertThat(late.body()).contains("\"applied\":\"unknown\"").contains("deadline-exceeded");
    Room.RoomObject.release.countDown();
    assertThat(post("/objects/room/a/value", "{}").body())
        .as("what is written behind the wait, which an interrupt would have ended")
        .isEqualTo("1000");
  }

  @Test
  void rules_areAskedBeforeAnythingIsWoken_andTheCallerTravels() throws Exception {
    reopen(options ->
        options
            .authenticate(request ->
                request
                    .header("Authorization")
                    .or(() -> request.cookie("user"))
                    .map(name -> new Caller(name, Map.of("path", request.path()))))
            .authorize((caller, type, id, method) ->
                caller.isPresent() && id.equals(caller.get().name()) && type.equals("room")));

    assertThat(post("/objects/room/ann/caller", "{}", "Authorization", "ann").body())
        .isEqualTo("\"ann{path=/objects/room/ann/caller}\"");
    assertThat(post("/objects/room/ann/caller", "{}", "Cookie", "user=ann").statusCode())
        .isEqualTo(200);
    HttpResponse<String> nobody = post("/objects/room/ann/caller", "{}");
    assertThat(nobody.statusCode()).isEqualTo(401);
    assertThat(nobody.headers().firstValue("www-authenticate")).isPresent();
    assertThat(post("/objects/room/bob/add", "{\"by\":1}", "Authorization", "ann").statusCode())
        .as("what is not allowed is not there")
        .isEqualTo(404);
    assertThat(abide.ids(Room.class)).isEmpty();
  }

  @Test
  void caller_isCarriedThroughNestedAndOneWayCalls() throws Exception {
    reopen(options ->
        options
            .authenticate(request ->
                request.header("Authorization").map(name -> new Caller(name, Map.of("a", "b"))))
            .authorize((caller, type, id, method) -> true));

    assertThat(
            post("/objects/room/x/callerSeenBy", "{\"id\":\"y\"}", "Authorization", "ann").body())
        .isEqualTo("\"ann{a=b}\"");
    assertThat(post("/objects/room/x/callerSeenBy", "{\"id\":\"y\"}").body())
        .isEqualTo("\"nobody\"");
    assertThat(post("/objects/room/x/tell", "{\"id\":\"z\"}", "Authorization", "bob").statusCode())
        .isEqualTo(204);
    await()
        .untilAsserted(
            () -> assertThat(get("/objects/room/z/remembered").body()).isEqualTo("\"bob{a=b}\""));
  }

  @Test
  void incident_isTheOneInTheLog_andApplicationsHandlersGetOneToo() throws Exception {
    reopen(options ->
        options.otherwise(exchange -> {
          throw new IllegalStateException("secret of the page");
        }));
    PrintStream before = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, UTF_8));
    HttpResponse<String> call;
    HttpResponse<String> page;
    try {
      call = post("/objects/room/a/fail", "{\"how\":\"undeclared\"}");
      page = get("/own");
    } finally {
      System.setErr(before);
    }
    for (HttpResponse<String> failed : List.of(call, page)) {
      assertThat(failed.statusCode()).isEqualTo(500);
      assertThat(failed.body()).doesNotContain("secret");
      assertThat(failed.body()).matches(".*\"incident\":\"[0-9a-f]{16}\".*");
      String incident = failed.body().replaceAll(".*\"incident\":\"([0-9a-f]+)\".*", "$1");
      assertThat(log.toString(UTF_8)).contains("incident " + incident);
    }
    assertThat(log.toString(UTF_8)).contains("secret of the implementation", "secret of the page");
  }

  @Test
  void ruleThatFails_is500_andNothingIsCalled() throws Exception {
    reopen(options ->
        options.authenticate(request -> {
          throw new IllegalStateException("secret of the directory");
        }));

    HttpResponse<String> failed = post("/objects/room/a/add", "{\"by\":1}");

    assertThat(failed.statusCode()).isEqualTo(500);
    assertThat(failed.body()).doesNotContain("secret").contains("\"applied\":\"no\"");
    assertThat(abide.ids(Room.class)).isEmpty();
  }

  @Test
  void pagesOfOtherOrigins_areRefusedUnlessAllowed() throws Exception {
    String own = "http://localhost:" + edge.port();
    assertThat(post("/objects/room/a/add", "{\"by\":1}", "Origin", own).statusCode())
        .isEqualTo(200);
    assertThat(post("/objects/room/a/add", "{\"by\":1}", "Origin", "null").statusCode())
        .isEqualTo(403);
    HttpResponse<String> foreign =
        post("/objects/room/a/add", "{\"by\":1}", "Origin", "https://evil.example");
    assertThat(foreign.statusCode()).isEqualTo(403);
    assertThat(foreign.body()).contains("foreign-origin");

    reopen(options -> options.allowOrigins("https://app.example"));
    HttpResponse<String> allowed =
        post("/objects/room/a/add", "{\"by\":1}", "Origin", "https://app.example");
    assertThat(allowed.body()).isEqualTo("2");
    assertThat(allowed.headers().firstValue("access-control-allow-origin"))
        .hasValue("https://app.example");
    HttpRequest preflight =
        HttpRequest.newBuilder(uri("/objects/room/a/add"))
            .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
            .header("Origin", "https://app.example")
            .header("Access-Control-Request-Method", "POST")
            .build();
    HttpResponse<String> asked = client.send(preflight, HttpResponse.BodyHandlers.ofString());
    assertThat(asked.statusCode()).isEqualTo(204);
    assertThat(asked.headers().firstValue("access-control-allow-headers").orElse(""))
        .contains("Content-Type");
  }

  @Test
  void publicAddress_withoutARule_isRefused() {
    assertThatThrownBy(() -> open(options -> options.bind("0.0.0.0", 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0.0.0.0")
        .hasMessageContaining("authorize(...)")
        .hasMessageContaining("allowAll()");
    open(options -> options.bind("0.0.0.0", 0).allowAll()).close();
    assertThatThrownBy(() -> UndertowEdge.handler(abide, options -> {}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void takenPort_isSaid() {
    assertThatThrownBy(() -> open(options -> options.bind("127.0.0.1", edge.port())))
        .hasMessageContaining("127.0.0.1:" + edge.port() + " cannot be bound")
        .hasMessageContaining("choose another");
  }

  @Test
  void health_isToldOnBothListeners() throws Exception {
    reopen(options -> options.admin("127.0.0.1", 0));
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
    URI admin = URI.create("http://localhost:" + edge.adminPort() + "/readyz");
    HttpRequest ready = HttpRequest.newBuilder(admin).build();
    assertThat(client.send(ready, HttpResponse.BodyHandlers.ofString()).body()).isEqualTo("ok\n");
    HttpRequest object = HttpRequest.newBuilder(admin.resolve("/objects/room/a/value")).build();
    assertThat(client.send(object, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(404);

    abide.close();

    assertThat(get("/livez").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    HttpResponse<String> closed = post("/objects/room/a/add", "{\"by\":1}");
    assertThat(closed.statusCode()).isEqualTo(503);
    assertThat(closed.headers().firstValue("retry-after")).isPresent();
  }

  @Test
  void close_letsRequestsUnderWayFinish_andRefusesOthers() throws Exception {
    Room.RoomObject.release = new CountDownLatch(1);
    int port = edge.port();
    try (Raw keptAlive = new Raw(port)) {
      keptAlive.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n").read();
      CompletableFuture<HttpResponse<String>> underWay =
          CompletableFuture.supplyAsync(() -> {
            try {
              return post("/objects/room/a/block", "{}");
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
      Room.RoomObject.ENTERED.acquire();
      AtomicReference<Thread> closer = new AtomicReference<>();
      CompletableFuture<Void> closed =
          CompletableFuture.runAsync(() -> {
            closer.set(Thread.currentThread());
            edge.close();
          });
      await().until(() -> get("/readyz").statusCode() == 503);

      Raw.Answer late =
          keptAlive.send("GET /objects/room/a/value HTTP/1.1\r\nHost: localhost\r\n\r\n").read();
      assertThat(late.status()).isEqualTo(503);
      assertThat(late.body()).contains("closing");
      assertThat(closed).isNotDone();

      Room.RoomObject.release.countDown();
      assertThat(underWay.get().statusCode()).isEqualTo(204);
      closed.get();
    }
  }

  @Test
  void otherPaths_goToTheApplication() throws Exception {
    reopen(options ->
        options
            .prefix("/api/v1")
            .otherwise(exchange -> exchange.getResponseSender().send("own page")));

    assertThat(get("/anything").body()).isEqualTo("own page");
    assertThat(get("/api/v1x").body()).isEqualTo("own page");
    assertThat(get("/api/v1").statusCode()).isEqualTo(404);
    assertThat(post("/api/v1/room/a/add", "{\"by\":1}").body()).isEqualTo("1");
  }

  @Test
  void handler_canBeMountedInAnotherApplication() throws Exception {
    Undertow other =
        Undertow.builder()
            .addHttpListener(0, "127.0.0.1")
            .setHandler(UndertowEdge.handler(abide, options -> options.allowAll()))
            .build();
    other.start();
    try {
      int port = ((InetSocketAddress) other.getListenerInfo().getFirst().getAddress()).getPort();
      try (Raw raw = new Raw(port)) {
        String call =
            "POST /objects/room/%61%2Fb%25/add HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/json\r\nContent-Length: 8\r\n\r\n{\"by\":2}";
        assertThat(raw.send(call).read().body()).isEqualTo("2");
      }
      assertThat(abide.ids(Room.class))
          .as("also where the application lets Undertow decode addresses")
          .containsExactly("a/b%");
    } finally {
      other.stop();
    }
  }

  @Test
  void options_outOfBounds_areRefusedWithTheValue() {
    assertThatThrownBy(() -> open(options -> options.bodyBytesMax(0)))
        .hasMessageContaining("bodyBytesMax is 0");
    assertThatThrownBy(() -> open(options -> options.bodyBytesMax(1_000).bodiesBytesMax(10)))
        .hasMessageContaining("bodiesBytesMax is 10");
    assertThatThrownBy(() -> open(options -> options.bind("127.0.0.1", 70_000)))
        .hasMessageContaining("70000");
    assertThatThrownBy(() -> open(options -> options.prefix("objects/")))
        .hasMessageContaining("objects/");
    assertThatThrownBy(() -> open(options -> options.allowOrigins("app.example")))
        .hasMessageContaining("app.example");
  }

  @Test
  void caller_isUnknownWithoutAuthentication() throws Exception {
    assertThat(post("/objects/room/a/caller", "{}").body()).isEqualTo("\"nobody\"");
  }
}
