package dev.abide.undertow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.abide.engine.Abide;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the edge does to clients that mean harm, byte by byte; nothing of it wakes an object. */
class HostileTest {
  private static final int BODY_MAX = 4_096;

  private final Abide abide =
      Abide.inMemory(options -> options.host(Room.class, Room.RoomObject::new));
  private final UndertowEdge edge =
      UndertowEdge.open(
          abide,
          options ->
              options
                  .bind("127.0.0.1", 0)
                  .bodyBytesMax(BODY_MAX)
                  .bodiesBytesMax(3 * BODY_MAX)
                  .headerBytesMax(2_048)
                  .jsonDepthMax(16)
                  .requestsMax(8)
                  .bodyTimeout(Duration.ofSeconds(1)));

  private boolean mayHaveWritten;

  @AfterEach
  void close() {
    Room.RoomObject.release.countDown();
    edge.close();
    if (!mayHaveWritten) {
      assertThat(abide.ids(Room.class)).as("nothing was woken and written").isEmpty();
    }
    abide.close();
  }

  private static String post(String path, String body, String... headers) {
    StringBuilder request = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    return request
        .append("Content-Length: " + body.getBytes(StandardCharsets.ISO_8859_1).length)
        .append("\r\n\r\n")
        .append(body)
        .toString();
  }

  private static String json(String method, String body) {
    return post("/objects/room/a/" + method, body, "Content-Type: application/json");
  }

  private static String get(String target, String... headers) {
    StringBuilder request = new StringBuilder("GET " + target + " HTTP/1.1\r\n");
    for (String header : headers.length == 0 ? new String[] {"Host: localhost"} : headers) {
      request.append(header).append("\r\n");
    }
    return request.append("\r\n").toString();
  }

  /** A request that would write, were it taken for one. */
  private static final String INNER =
      "POST /objects/room/smuggled/add HTTP/1.1\r\nHost: localhost\r\n"
          + "Content-Type: application/json\r\nContent-Length: 8\r\n\r\n{\"by\":1}";

  /** A good value with one part replaced. */
  private static String part(String good, String bad) {
    String value =
        "{\"truth\":true,\"small\":-128,\"middle\":1000,\"number\":-5,\"large\":1,\"single\":1.5,"
            + "\"real\":0.1,\"letter\":\"x\",\"text\":\"e\",\"big\":\"1\",\"price\":\"1.50\",\"id\":"
            + "\"00000000-0000-0000-0000-000000000001\",\"address\":\"a:b\",\"instant\":"
            + "\"2026-01-01T00:00:00Z\",\"day\":\"2026-02-28\",\"pause\":\"PT5S\",\"colour\":\"BLUE\","
            + "\"shapes\":[{\"type\":\"circle\",\"radius\":1.5}],\"sets\":{\"a\":[3,1]}}";
    if (!value.contains(good)) {
      throw new IllegalArgumentException(good);
    }
    return json("same", "{\"value\":" + value.replace(good, bad) + "}");
  }

  private static Arguments refused(String what, String request, int status, String detail) {
    return Arguments.of(what, request, status, detail);
  }

  static Stream<Arguments> requests() {
    String add = "/objects/room/a/add";
    String type = "Content-Type: application/json";
    return Stream.of(
        // names
        refused("unexposed method", json("hidden", "{}"), 404, "not-found"),
        refused("method of Object", json("hashCode", "{}"), 404, "not-found"),
        refused("method of Object", json("getClass", "{}"), 404, "not-found"),
        refused("method of Object", json("notify", "{}"), 404, "not-found"),
        refused("method of the stub", json("target", "{}"), 404, "not-found"),
        refused("other case", json("ADD", "{\"by\":1}"), 404, "not-found"),
        refused("unknown type", post("/objects/rooms/a/add", "{}", type), 404, "not-found"),
        refused(
            "class name as type",
            post("/objects/dev.abide.undertow.Room/a/add", "{}", type),
            404,
            "not-found"),
        refused("engine's own types", post("/objects/%01ids/a/add", "{}", type), 404, "not-found"),
        refused("http door", post("/objects/room/a/http/x", "{}", type), 404, "not-found"),
        refused("no method", post("/objects/room/a", "{}", type), 404, "not-found"),
        refused("no id", post("/objects/room", "{}", type), 404, "not-found"),
        refused("prefix alone", post("/objects/", "{}", type), 404, "not-found"),
        refused("one segment too many", post(add + "/", "{}", type), 404, "not-found"),
        refused("path parameters", post(add + ";x=1", "{}", type), 404, "not-found"),
        refused("path of the file system", get("/objects/../../etc/passwd"), 404, "not-found"),
        refused("other path", get("/etc/passwd"), 404, "not-found"),
        // ids
        refused("empty id", post("/objects/room//add", "{}", type), 400, "the id has 0 bytes"),
        refused(
            "id too long",
            post("/objects/room/" + "x".repeat(1_025) + "/add", "{}", type),
            400,
            "the id has 1,025 bytes"),
        unparsable("escape cut short", post("/objects/room/a%2/add", "{}", type)),
        unparsable("escape without digits", post("/objects/room/a%zz/add", "{}", type)),
        refused(
            "overlong UTF-8",
            post("/objects/room/a%c0%af/add", "{}", type),
            400,
            "well-formed UTF-8"),
        refused(
            "surrogate in UTF-8",
            post("/objects/room/%ed%a0%80/add", "{}", type),
            400,
            "well-formed UTF-8"),
        refused(
            "UTF-8 cut short",
            post("/objects/room/%e2%82/add", "{}", type),
            400,
            "well-formed UTF-8"),
        unparsable("unescaped bytes", post("/objects/room/\u00e9/add", "{}", type)),
        unparsable("digits of another script", post("/objects/room/%\u0661\u0662/add", "{}", type)),
        // methods
        refused("PUT", json("add", "{}").replaceFirst("POST", "PUT"), 405, "POST only"),
        refused(
            "DELETE", json("value", "{}").replaceFirst("POST", "DELETE"), 405, "GET, POST only"),
        refused("TRACE", json("value", "{}").replaceFirst("POST", "TRACE"), 405, "GET, POST only"),
        refused(
            "HEAD",
            get("/objects/room/a/value").replaceFirst("GET", "HEAD"),
            405,
            "GET, POST only"),
        refused(
            "CONNECT",
            get("/objects/room/a/value").replaceFirst("GET", "CONNECT"),
            405,
            "GET, POST only"),
        refused(
            "a method of our own", json("add", "{}").replaceFirst("POST", "ADD"), 405, "POST only"),
        refused("GET of what writes", get(add + "?by=1"), 405, "POST only"),
        refused(
            "GET with a body",
            get("/objects/room/a/value", "Host: localhost", "Content-Length: 2") + "{}",
            400,
            "no body"),
        refused("POST with a query", post(add + "?by=1", "{}", type), 400, "no query"),
        // hosts and origins
        refused(
            "foreign host",
            get("/objects/room/a/value", "Host: evil.example"),
            403,
            "foreign-host"),
        refused(
            "host that looks like ours",
            get("/objects/room/a/value", "Host: localhost.evil.example:80"),
            403,
            "foreign-host"),
        unparsable("no host", get("/objects/room/a/value", "X: y")),
        unparsable("two hosts", get("/objects/room/a/value", "Host: localhost", "Host: localhost")),
        refused(
            "host in the request line",
            get("http://evil.example/objects/room/a/value", "Host: evil.example"),
            403,
            "foreign-host"),
        refused(
            "foreign origin",
            post(add, "{\"by\":1}", type, "Origin: https://evil.example"),
            403,
            "foreign-origin"),
        refused(
            "opaque origin", post(add, "{\"by\":1}", type, "Origin: null"), 403, "foreign-origin"),
        refused(
            "origin of another port",
            post(add, "{\"by\":1}", type, "Origin: http://localhost:1"),
            403,
            "foreign-origin"),
        refused(
            "origin that is none",
            post(add, "{\"by\":1}", type, "Origin: ::::"),
            403,
            "foreign-origin"),
        refused(
            "foreign preflight",
            "OPTIONS "
                + add
                + " HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n\r\n",
            403,
            "foreign-origin"),
        // content
        refused(
            "form",
            post(add, "by=1", "Content-Type: application/x-www-form-urlencoded"),
            415,
            "not-json"),
        refused("text", post(add, "{\"by\":1}", "Content-Type: text/plain"), 415, "not-json"),
        refused("no type", post(add, "{\"by\":1}"), 415, "not-json"),
        refused(
            "type with a tail", post(add, "{\"by\":1}", type + ", text/plain"), 415, "not-json"),
        refused(
            "other charset", post(add, "{\"by\":1}", type + "; charset=utf-16"), 415, "not-json"),
        refused(
            "compressed",
            post(add, "{\"by\":1}", type, "Content-Encoding: gzip"),
            415,
            "encoded-body"),
        refused("body too large", post(add, "x".repeat(BODY_MAX + 1), type), 413, "4,096"),
        refused(
            "body announced too large",
            post(add, "", type).replace("Content-Length: 0", "Content-Length: 99999999999"),
            413,
            "4,096"),
        refused(
            "chunks too large",
            "POST "
                + add
                + " HTTP/1.1\r\nHost: localhost\r\n"
                + type
                + "\r\nTransfer-Encoding: chunked\r\n\r\n"
                + ("400\r\n" + " ".repeat(1_024) + "\r\n").repeat(5)
                + "0\r\n\r\n",
            413,
            "4,096"),
        // Sent to the end before the answer is read: a server that hung up would be met first.
        refused(
            "chunks far too large",
            "POST "
                + add
                + " HTTP/1.1\r\nHost: localhost\r\n"
                + type
                + "\r\nTransfer-Encoding: chunked\r\n\r\n"
                + ("4000\r\n" + " ".repeat(16_384) + "\r\n").repeat(50)
                + "0\r\n\r\n",
            413,
            "4,096"),
        // JSON
        refused("no JSON", json("add", "by=1"), 400, "not well-formed JSON"),
        refused("array", json("add", "[1]"), 400, "JSON object of the arguments"),
        refused("number", json("add", "1"), 400, "JSON object of the arguments"),
        refused("cut short", json("add", "{\"by\":1"), 400, "ends early"),
        refused("something behind", json("add", "{\"by\":1} x"), 400, "not well-formed JSON"),
        refused("two objects", json("add", "{\"by\":1}{\"by\":2}"), 400, "something follows"),
        refused(
            "unknown argument",
            json("add", "{\"by\":1,\"to\":2}"),
            400,
            "no argument \\\"to\\\"; add takes by"),
        refused(
            "repeated argument", json("add", "{\"by\":1,\"by\":2}"), 400, "a property is repeated"),
        refused("missing argument", json("add", "{}"), 400, "\\\"by\\\" is missing"),
        refused("empty body", json("add", ""), 400, "\\\"by\\\" is missing"),
        refused("null for a primitive", json("add", "{\"by\":null}"), 400, "by: "),
        refused("null for a text", json("hint", "{\"text\":null}"), 400, "text"),
        refused("text for a number", json("add", "{\"by\":\"1x\"}"), 400, "by: "),
        refused("fraction for an integer", json("add", "{\"by\":1.0}"), 400, "by: "),
        refused("exponent for an integer", json("add", "{\"by\":1e3}"), 400, "by: "),
        refused("beyond a long", json("add", "{\"by\":9223372036854775808}"), 400, "by: "),
        refused(
            "beyond a long, as text", json("add", "{\"by\":\"9223372036854775808\"}"), 400, "by: "),
        refused("boolean for a number", json("add", "{\"by\":true}"), 400, "by: "),
        refused("number for a text", json("hint", "{\"text\":1}"), 400, "text: "),
        refused("object for a text", json("hint", "{\"text\":{}}"), 400, "text: "),
        refused(
            "number too long",
            json("price", "{\"value\":" + "9".repeat(2_000) + "}"),
            400,
            "too long"),
        refused("exponent that explodes", json("price", "{\"value\":1e999999999}"), 400, "value: "),
        refused(
            "exponent that explodes, as text",
            json("price", "{\"value\":\"1e999999999\"}"),
            400,
            "value: "),
        refused(
            "NaN",
            json("price", "{\"value\":NaN}"),
            400,
            "not well-formed JSON, at line 1, column 13"),
        refused(
            "nested too deep",
            json("depth", "{\"tree\":" + "{\"children\":[".repeat(50) + "]}".repeat(50) + "}"),
            400,
            "nested too deep"),
        refused(
            "unknown member",
            json("shape", "{\"shape\":{\"type\":\"java.lang.Runtime\"}}"),
            400,
            "names no known member"),
        refused(
            "class as member",
            json("shape", "{\"shape\":{\"@class\":\"java.lang.Runtime\"}}"),
            400,
            "names no known member"),
        refused(
            "missing property",
            json("shape", "{\"shape\":{\"type\":\"circle\"}}"),
            400,
            "\\\"radius\\\" is missing"),
        refused(
            "unknown property",
            json("shape", "{\"shape\":{\"type\":\"circle\",\"radius\":1,\"x\":1}}"),
            400,
            "shape.x: there is no property"),
        refused(
            "constructor that refuses",
            json("shape", "{\"shape\":{\"type\":\"Square\",\"side\":-1}}"),
            400,
            "a side is -1 long"),
        refused("null in a list", json("sum", "{\"numbers\":[1,null]}"), 400, "numbers"),
        refused(
            "null deep inside",
            json("keep", "{\"value\":[{\"sku\":null,\"quantity\":1}]}"),
            400,
            "value[0].sku: it may not be null"),
        refused(
            "unknown constant",
            json(
                "echo",
                "{\"text\":\"\",\"number\":1,\"colour\":\"GREEN\",\"at\":\"2026-01-01T00:00:00Z\"}"),
            400,
            "colour: "),
        refused(
            "ordinal for a constant",
            json(
                "echo",
                "{\"text\":\"\",\"number\":1,\"colour\":0,\"at\":\"2026-01-01T00:00:00Z\"}"),
            400,
            "colour: "),
        refused(
            "number for a time",
            json("echo", "{\"text\":\"\",\"number\":1,\"colour\":\"RED\",\"at\":0}"),
            400,
            "at: "),
        refused(
            "ill-formed UTF-8",
            json("hint", "{\"text\":\"\u00ff\"}"),
            400,
            "text: this is not well-formed JSON"),
        refused("UTF-16", json("hint", "\0{\0}\0"), 400, "not well-formed JSON"),
        refused(
            "lone surrogate",
            json("hint", "{\"text\":\"\\ud800\"}"),
            400,
            "text: \\\"...\\\" is not a string"),
        // one form for each value
        refused("byte too large", part("\"small\":-128", "\"small\":200"), 400, "value.small: "),
        refused("float too large", part("1.5,\"real", "1e300,\"real"), 400, "value.single: "),
        refused("double too large", part("0.1", "1e999"), 400, "value.real: "),
        refused("number for a character", part("\"x\"", "65"), 400, "value.letter: "),
        refused("two characters", part("\"x\"", "\"xy\""), 400, "value.letter: "),
        refused("half a pair", part("\"x\"", "\"\\ud800\""), 400, "value.letter: "),
        refused(
            "UUID in Base64",
            part("00000000-0000-0000-0000-000000000001", "AAAAAAAAAAAAAAAAAAAAAA=="),
            400,
            "value.id: "),
        refused(
            "UUID cut short",
            part("00000000-0000-0000-0000-000000000001", "0-0-0-0-1"),
            400,
            "value.id: "),
        refused("seconds in a text", part("2026-01-01T00:00:00Z", "0"), 400, "value.instant: "),
        refused("hour of a day", part("2026-02-28", "2026-02-28T00:00"), 400, "value.day: "),
        refused("no such day", part("2026-02-28", "2026-02-30"), 400, "value.day: "),
        refused("blank before a constant", part("BLUE", " BLUE"), 400, "value.colour: "),
        refused(
            "array for a member",
            part("{\"type\":\"circle\",\"radius\":1.5}", "[\"circle\",{\"radius\":1.5}]"),
            400,
            "value.shapes[0]: "),
        refused("null in a set", part("[3,1]", "[3,null]"), 400, "value.sets.a[1]: "),
        refused("null in a map", part("[3,1]", "null"), 400, "value.sets.a: "),
        refused("numbers for bytes", json("bytes", "{\"value\":[1,2]}"), 400, "value: "),
        refused("Base64 unpadded", json("bytes", "{\"value\":\"AQI\"}"), 400, "value: "),
        refused("Base64 of no bytes", json("bytes", "{\"value\":\"AQJ=\"}"), 400, "value: "),
        refused("Base64 in lines", json("bytes", "{\"value\":\"AQI=\\n\"}"), 400, "value: "),
        // smuggling: a second request in the first one's body, where two readers might disagree
        unparsable(
            "host in the request line and another one",
            get("http://evil.example/objects/room/a/value", "Host: localhost")),
        refused(
            "two origins",
            get(
                "/objects/room/a/value",
                "Host: localhost",
                "Origin: http://localhost",
                "Origin: https://evil.example"),
            400,
            "one Origin"),
        refused(
            "request behind a GET",
            get("/objects/room/a/value", "Host: localhost", "Content-Length: " + INNER.length())
                + INNER,
            400,
            "no body"),
        refused(
            "request behind a refused POST",
            post(add, INNER, "Content-Type: text/plain"),
            415,
            "not-json"),
        refused("request as a body", post(add, INNER, type), 400, "not well-formed JSON"),
        unparsable("two lengths", post(add, "{}", type, "Content-Length: 5")),
        unparsable("length and chunks", post(add, "{}", type, "Transfer-Encoding: chunked")),
        refused(
            "unknown transfer coding",
            coded("Transfer-Encoding: xchunked", INNER),
            400,
            "must be chunked"),
        unparsable(
            "coding with a blank", coded("Transfer-Encoding: \u000bchunked", "0\r\n\r\n" + INNER)),
        refused(
            "two codings",
            coded("Transfer-Encoding: chunked, identity", "0\r\n\r\n" + INNER),
            400,
            "must be chunked"),
        unparsable(
            "coding twice",
            coded("Transfer-Encoding: chunked\r\nTransfer-Encoding: x", "0\r\n\r\n" + INNER)),
        unparsable(
            "chunks, then a length",
            coded("Transfer-Encoding: chunked\r\nContent-Length: 4", "0\r\n\r\n" + INNER)),
        unparsable(
            "coding in a folded line",
            coded("X: y\r\n Transfer-Encoding: chunked", "0\r\n\r\n" + INNER)),
        dropped("chunk without a size", coded("Transfer-Encoding: chunked", "zz\r\n" + INNER)),
        dropped(
            "chunk larger than a long",
            coded("Transfer-Encoding: chunked", "ffffffffffffffffff\r\n" + INNER)),
        dropped("chunk of negative size", coded("Transfer-Encoding: chunked", "-1\r\n" + INNER)),
        dropped(
            "chunk that ends elsewhere",
            coded("Transfer-Encoding: chunked", "2\r\n{}0\r\n\r\n" + INNER)),
        unparsable("two equal lengths", post(add, "{}", type, "Content-Length: 2")),
        unparsable(
            "lengths in one line", post(add, "{}", type).replace("Length: 2", "Length: 2, 2")),
        unparsable(
            "length in hexadecimal", post(add, "{}", type).replace("Length: 2", "Length: 0x2")),
        unparsable("NUL in a name", get("/objects/room/a/value", "Host: localhost", "X\0Y: z")),
        unparsable("negative length", post(add, "", type).replace("Length: 0", "Length: -1")),
        unparsable("length with a sign", post(add, "{}", type).replace("Length: 2", "Length: +2")),
        unparsable("space before the colon", get("/objects/room/a/value", "Host : localhost")),
        unparsable(
            "bare line feeds in a header",
            get("/objects/room/a/value", "Host: localhost", "X: a\rTransfer-Encoding: chunked")),
        unparsable(
            "headers too large",
            get("/objects/room/a/value", "Host: localhost", "X: " + "x".repeat(4_096))),
        unparsable(
            "too many headers",
            get(
                "/objects/room/a/value",
                Stream.concat(
                        Stream.of("Host: localhost"), Stream.generate(() -> "A: b").limit(150))
                    .toArray(String[]::new))),
        unparsable("request line too long", get("/" + "x".repeat(8_192))),
        unparsable("no HTTP", "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n"));
  }

  /** What is hung up on without a word: whoever sends it knows better. */
  private static Arguments dropped(String what, String request) {
    return Arguments.of(what, request, 0, "");
  }

  private static String coded(String headers, String body) {
    return "POST /objects/room/a/add HTTP/1.1\r\n"
        + "Host: localhost\r\n"
        + "Content-Type: application/json\r\n"
        + headers
        + "\r\n\r\n"
        + body;
  }

  /** What the parser refuses before there is a request. */
  private static Arguments unparsable(String what, String request) {
    return Arguments.of(what, request, 400, "");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void request_isRefused(String what, String request, int status, String detail) throws Exception {
    String all;
    Raw.Answer answer;
    try (Raw raw = new Raw(edge.port())) {
      answer = raw.send(request).read();
      // Nothing of the request may be taken for another one, which would be answered too.
      all = raw.end().rest();
    }

    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(all).doesNotContain("HTTP/1.1 2");
    if (detail.isEmpty()) {
      assertThat(answer.body()).isEmpty();
      assertThat(answer.headers()).doesNotContainKey("content-type");
      assertThat(all).as("the connection is closed").isEmpty();
    } else if (!request.startsWith("HEAD")) {
      assertThat(answer.headers())
          .containsEntry("content-type", "application/problem+json")
          .containsEntry("cache-control", "no-store")
          .containsEntry("x-content-type-options", "nosniff");
      assertThat(answer.body())
          .contains("\"status\":" + status + ",")
          .contains(
              "\"code\":\"" + code(status, detail) + "\",\"retryable\":false,\"applied\":\"no\"}");
      assertThat(answer.body()).contains(detail);
    }
    assertThat(answer.body())
        .doesNotContain("dev.abide")
        .doesNotContain("tools.jackson")
        .doesNotContain("java.");
    assertServes();
  }

  private static String code(int status, String detail) {
    return switch (status) {
      case 400 -> "bad-request";
      case 404 -> "not-found";
      case 405 -> "method-not-allowed";
      case 413 -> "body-too-large";
      default -> detail; // 403 and 415 are told by their code alone
    };
  }

  private void assertServes() throws Exception {
    try (Raw raw = new Raw(edge.port())) {
      assertThat(raw.send(get("/objects/room/a/value")).read().body()).isEqualTo("0");
    }
  }

  @Test
  void slowBody_isCutOff_andHoldsNoRoomOfOthers() throws Exception {
    List<Raw> slow = new ArrayList<>();
    for (int n = 0; n < 6; n++) {
      slow.add(
          new Raw(edge.port())
              .send(
                  "POST /objects/room/a/add HTTP/1.1\r\nHost: localhost\r\n"
                      + "Content-Type: application/json\r\nContent-Length: 4096\r\n\r\n{"));
    }
    assertServes();
    for (Raw raw : slow) {
      assertThat(raw.isClosedByServer()).isTrue();
      raw.close();
    }
    assertServes();
  }

  @Test
  void bodiesOfManyRequests_takeNoMoreThanTheirRoom() throws Exception {
    List<Raw> large = new ArrayList<>();
    int refused = 0;
    for (int n = 0; n < 6; n++) {
      Raw raw = new Raw(edge.port());
      large.add(
          raw.send(
              "POST /objects/room/a/hint HTTP/1.1\r\nHost: localhost\r\n"
                  + "Content-Type: application/json\r\nContent-Length: 4096\r\n\r\n"
                  + " ".repeat(4_000)));
    }
    for (Raw raw : large) {
      refused += raw.read().status() == 503 ? 1 : 0;
      raw.close();
    }
    assertThat(refused).as("three bodies have room").isGreaterThanOrEqualTo(3);
    assertServes();
  }

  @Test
  void requestsBeyondTheirNumber_areRefusedAtOnce() throws Exception {
    // Those that come in do; who is refused does not.
    mayHaveWritten = true;
    Room.RoomObject.release = new java.util.concurrent.CountDownLatch(1);
    List<Raw> waiting = new ArrayList<>();
    for (int n = 0; n < 8; n++) {
      waiting.add(
          new Raw(edge.port())
              .send(
                  post("/objects/room/x" + n + "/block", "{}", "Content-Type: application/json")));
      Room.RoomObject.ENTERED.acquire();
    }
    try (Raw raw = new Raw(edge.port())) {
      Raw.Answer answer = raw.send(get("/objects/room/a/value")).read();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.headers()).containsKey("retry-after");
      assertThat(answer.body()).contains("too-many-requests");
      assertThat(raw.send(get("/livez")).read().status())
          .as("health is told whatever happens")
          .isEqualTo(200);
    }
    Room.RoomObject.release.countDown();
    for (Raw raw : waiting) {
      assertThat(raw.read().status()).isEqualTo(204);
      raw.close();
    }
    assertThat(abide.ids(Room.class)).hasSize(8).allMatch(id -> id.startsWith("x"));
    assertServes();
  }

  @Test
  void clientsThatVanish_leaveNothingBehind() throws Exception {
    for (int n = 0; n < 50; n++) {
      try (Raw raw = new Raw(edge.port())) {
        raw.send(
            json("value", "{}                                                                  ")
                .substring(0, 20 + n * 2));
      }
    }
    assertServes();
  }

  /** Seeded: what is random here can be had again. */
  @Test
  void randomBytes_areNeverMoreThanRefused() throws Exception {
    long seed = Long.getLong("abide.seed", System.nanoTime());
    System.out.println("HostileTest seed " + seed);
    Random random = new Random(seed);
    List<String> starts =
        requests().map(one -> (String) one.get()[1]).filter(one -> one.length() < 2_000).toList();
    for (int n = 0; n < 400; n++) {
      byte[] request =
          starts.get(random.nextInt(starts.size())).getBytes(StandardCharsets.ISO_8859_1);
      for (int m = random.nextInt(6); m >= 0; m--) {
        int at = random.nextInt(request.length - 3);
        if (random.nextBoolean()) {
          request[at] = (byte) random.nextInt();
        } else {
          // An escape, well-formed in itself: most reach the edge's own reader.
          byte[] escape = String.format("%%%02x", random.nextInt(256)).getBytes();
          System.arraycopy(escape, 0, request, at, escape.length);
        }
      }
      try (Raw raw = new Raw(edge.port())) {
        assertThat(raw.send(request).end().rest())
            .as(() -> new String(request, StandardCharsets.ISO_8859_1))
            .doesNotContain("HTTP/1.1 500")
            .doesNotContain("dev.abide")
            .doesNotContain("tools.jackson");
      }
    }
    mayHaveWritten = true; // a random byte may make a good request of a bad one
    await()
        .untilAsserted(() -> {
          try (Raw raw = new Raw(edge.port())) {
            assertThat(raw.send(get("/objects/room/a/value")).read().status()).isEqualTo(200);
          }
        });
  }
}
