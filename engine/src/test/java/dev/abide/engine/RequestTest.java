package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.fixtures.Desk;
import dev.abide.engine.fixtures.Desk.DeskObject;
import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.testing.TestAbide;
import dev.abide.engine.testing.TestResponse;
import dev.abide.engine.testing.TestSocket;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Raw requests, without a server. */
class RequestTest {
  private final String id = UUID.randomUUID().toString();
  private final List<Report> reports = new CopyOnWriteArrayList<>();

  private final TestAbide test =
      Engines.test(options ->
          options
              .host(Desk.class, DeskObject::new)
              .host(Counter.class, CounterObject::new)
              .onReport(reports::add));

  @AfterEach
  void close() {
    test.close();
    DeskObject.BEHAVIOURS.remove(id);
  }

  private void answers(Desk.Behaviour behaviour) {
    DeskObject.BEHAVIOURS.put(id, behaviour);
  }

  private TestResponse get(String path) {
    return test.request(Desk.class, id, Request.of("GET", path).build());
  }

  private String run(Desk.Step step) throws Exception {
    return test.abide().get(Desk.class, id).run(step);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void request_isGivenWhole_andAnsweredWhole() {
    answers((context, self, request) ->
        Response.text(
                request.method()
                    + " "
                    + request.path()
                    + " "
                    + request.header("X-A").orElse("?")
                    + " "
                    + request.headers().get("x-a")
                    + " "
                    + request.query().get("q")
                    + " "
                    + context.caller().map(Caller::name).orElse("nobody")
                    + " "
                    + request.text())
            .status(201)
            .header("X-B", "b"));

    TestResponse response =
        test.request(
            Desk.class,
            id,
            Request.of("PUT", "/a%2Fb")
                .header("X-a", "1")
                .header("x-A", "2")
                .query("q", "x")
                .query("q", "y")
                .caller(new Caller("ann", java.util.Map.of()))
                .body("h\u00e9")
                .build());

    assertThat(response.text()).isEqualTo("PUT /a%2Fb 1 [1, 2] [x, y] ann h\u00e9");
    assertThat(response.status()).isEqualTo(201);
    assertThat(response.header("x-b")).contains("b");
    assertThat(response.header("content-type")).contains("text/plain;charset=utf-8");
  }

  @Test
  void turnThatThrows_isUndone_andTheClientIsTold() throws Exception {
    answers((context, self, request) -> {
      self.number.set(7L);
      throw new IOException("no");
    });

    assertThat(get("/").refusal()).isInstanceOf(IOException.class).hasMessage("no");

    assertThat(run((context, self) -> "" + self.number.get())).isEqualTo("0");
    assertThat(DeskObject.made(id)).as("it had written, so it was reset").hasValue(2);
  }

  @Test
  void typeThatTakesNoRequests_hasNoSuchDoor() {
    assertThatThrownBy(() -> test.request(Counter.class, id, Request.of("GET", "/").build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("@Exposed(requests = true)");
  }

  @Test
  void stream_isWrittenBesideTheTurns_andReadsWhatIsDurable() throws Exception {
    answers((context, self, request) ->
        Response.stream(
            "text/plain",
            out -> {
              for (int i = 0; i < 3; i++) {
                out.write(utf8(context.enter(() -> self.number.update(n -> n + 1)) + " "));
              }
            }));

    assertThat(get("/").text()).isEqualTo("1 2 3 ");
    assertThat(run((context, self) -> "" + self.number.get())).isEqualTo("3");
  }

  @Test
  void slowReader_holdsTheStream_andNothingElse() throws Exception {
    CountDownLatch second = new CountDownLatch(1);
    answers((context, self, request) ->
        Response.stream(
            "text/plain",
            out -> {
              out.write(utf8("a"));
              second.await();
              out.write(utf8("b"));
            }));
    TestResponse response = get("/");
    await().until(() -> response.soFar().length == 1);
    response.stopReading();
    second.countDown();

    assertThat(run((context, self) -> "a turn")).isEqualTo("a turn");
    assertThat(response.soFar()).hasSize(1);

    response.vanish();
    assertThat(response.wasCut()).isTrue();
    test.awaitQuiet();
    assertThat(reports).as("a client that goes is no failure").isEmpty();
  }

  @Test
  void streamThatThrows_isCut_andReported() {
    answers((context, self, request) ->
        Response.stream(
            "text/plain",
            out -> {
              out.write(utf8("half"));
              throw new IllegalStateException("broken");
            }));

    TestResponse response = get("/");

    assertThat(response.wasCut()).isTrue();
    assertThat(response.soFar()).isEqualTo(utf8("half"));
    await().until(() -> !reports.isEmpty());
    assertThat(reports.getFirst().kind()).isEqualTo(Report.Kind.BACKGROUND_FAILED);
  }

  @Test
  void stream_isCutWhenItsInstanceGoes_byReset_andByClose() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    answers((context, self, request) ->
        Response.stream(
            "text/plain",
            out -> {
              out.write(utf8("x"));
              never.await();
            }));
    TestResponse reset = get("/");
    await().until(() -> reset.soFar().length == 1);
    assertThatThrownBy(() ->
            run((context, self) -> {
              throw new ResetException("for the test");
            }))
        .isInstanceOf(ResetException.class);
    assertThat(reset.wasCut()).isTrue();

    TestResponse closed = get("/");
    await().until(() -> closed.soFar().length == 1);
    test.abide().close();
    assertThat(closed.wasCut()).isTrue();
  }

  @Test
  void streamKeptForLater_refusesWhenTheResponseHasEnded() {
    AtomicReference<OutputStream> kept = new AtomicReference<>();
    answers((context, self, request) -> Response.stream("text/plain", kept::set));

    assertThat(get("/").text()).isEmpty();

    await()
        .untilAsserted(() ->
            assertThatThrownBy(() -> kept.get().write(1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ended"));
  }

  @Test
  void listener_hearsWhatAnyTurnSends_whileTheObjectSleepsBetween() throws Exception {
    answers((context, self, request) ->
        Response.events(socket -> {
          assertThat(socket.listens()).isTrue();
          socket.tag("listener");
          socket.send(ServerEvent.of(self.number.get(), "hello"));
        }));
    TestResponse listener = get("/");
    assertThat(listener.nextHead()).isEqualTo("id: 0\n");
    test.abide().sleep(Desk.class, id);

    run((context, self) -> {
      long next = self.number.update(n -> n + 1);
      context.sockets().broadcast(ServerEvent.of(next, "line").named("news"));
      context.sockets().broadcast(new byte[] {1});
      context.sockets().tagged("listener").forEach(socket -> socket.send("plain"));
      return "";
    });

    assertThat(listener.nextHead()).isEqualTo("id: 1\nevent: news\n");
    assertThat(listener.next()).isEqualTo("plain");
    assertThat(DeskObject.made(id)).as("it slept, and its listener stayed").hasValue(2);
    assertThatThrownBy(() ->
            run((context, self) -> {
              context.sockets().all().getFirst().send(new byte[] {1});
              return "";
            }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("events are texts");

    listener.vanish();
    await().until(() -> run((context, self) -> "" + context.sockets().all().size()).equals("0"));
    assertThat(reports).as("an object without OnSocket is not told, and need not be").isEmpty();
  }

  @Test
  void listener_ofATurnThatThrows_isNotThere() throws Exception {
    answers((context, self, request) ->
        Response.events(socket -> {
          socket.send("too early");
          throw new IllegalStateException("no");
        }));

    assertThat(get("/").refusal()).isInstanceOf(IllegalStateException.class).hasMessage("no");
    assertThat(run((context, self) -> "" + context.sockets().all().size())).isEqualTo("0");
  }

  @Test
  void listener_isEndedByDelete_andByTheEnginesClose() throws Exception {
    answers((context, self, request) -> Response.events(socket -> socket.send("in")));
    TestResponse deleted = get("/");
    assertThat(deleted.next()).isEqualTo("in");
    run((context, self) -> {
      self.number.set(1L);
      return "";
    });
    assertThat(test.abide().delete(Desk.class, id)).isTrue();
    assertThat(deleted.awaitEnd().code()).isEqualTo(1000);

    TestResponse closed = get("/");
    assertThat(closed.next()).isEqualTo("in");
    test.abide().close();
    assertThat(closed.awaitEnd()).isEqualTo(new TestSocket.End(1001, "the server is closing"));
  }

  @Test
  void requestThatWaitsTooLong_isRefused_andItsListenerLetIn_isLetGo() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    answers((context, self, request) -> {
      go.await();
      return Response.events(socket -> socket.send("late"));
    });
    TestResponse late = get("/");
    test.clock().advance(Duration.ofSeconds(31));
    assertThat(late.refusal()).isInstanceOf(DeadlineException.class);

    go.countDown();

    await().until(() -> run((context, self) -> "" + context.sockets().all().size()).equals("0"));
  }

  /** A request and its client, which nobody here holds any more. */
  private record Sent(WeakReference<Request> request, WeakReference<TestResponse> client) {
    void assertLetGo() {
      await()
          .untilAsserted(() -> {
            System.gc();
            assertThat(request.refersTo(null)).as("the request is let go").isTrue();
            assertThat(client.refersTo(null)).as("the client is let go").isTrue();
          });
    }
  }

  /** Sends a request and lets go of it and its client when the check returns. */
  private Sent put(Consumer<TestResponse> check) {
    Request request = Request.of("PUT", "/").body("x".repeat(1_000)).build();
    // Not by `test`, which keeps its clients.
    TestResponse response = TestResponse.send(test.abide(), Desk.class, id, request);
    check.accept(response);
    return new Sent(new WeakReference<>(request), new WeakReference<>(response));
  }

  @Test
  void request_isLetGoWithItsTurn_alsoOfOneThatRanOutOfTimeAndIsStillInTheMailbox() {
    CountDownLatch begun = new CountDownLatch(1);
    Semaphore go = new Semaphore(0);
    answers((context, self, request) -> {
      begun.countDown();
      // Till the test says so: it must stay where it is.
      go.acquireUninterruptibly();
      return Response.of(204);
    });
    Sent runs = put(response -> await().until(() -> begun.getCount() == 0));
    Sent waits =
        put(response -> {
          test.clock().advance(Duration.ofSeconds(31));
          assertThat(response.refusal()).isInstanceOf(DeadlineException.class);
        });

    waits.assertLetGo();

    go.release(3);
    runs.assertLetGo();
    // The last one of an object that has nothing more to do.
    put(response -> assertThat(response.status()).isEqualTo(204)).assertLetGo();
  }

  @Test
  void responseThatCannotBe_isRefusedWhenItIsMade() {
    assertThatThrownBy(() -> Response.of(99)).hasMessageContaining("from 200 to 599");
    assertThatThrownBy(() -> Response.text("x").status(204)).hasMessageContaining("has no body");
    assertThatThrownBy(() -> Response.of(200).header("Bad name", "x"))
        .hasMessageContaining("no name of a header");
    assertThatThrownBy(() -> Response.of(200).header("X", "a\r\nSet-Cookie: b"))
        .hasMessageContaining("U+000D");
    assertThatThrownBy(() -> Response.of(200).header("content-length", "7"))
        .hasMessageContaining("which is the server's");
    assertThatThrownBy(() -> new ServerEvent("a\nb", null, "x")).hasMessageContaining("U+000A");
    assertThat(Response.text("x").header("Content-Type", "text/html").headers())
        .containsExactly(new Response.Header("Content-Type", "text/html"));
  }

  @Test
  void streamOfATurnThatDeletesItsObject_isRefused_andNobodyWaitsForIt() throws Exception {
    answers((context, self, request) -> {
      self.number.set(1L);
      context.delete();
      return Response.stream("text/plain", out -> out.write(utf8("never")));
    });

    assertThat(get("/").refusal()).isInstanceOf(ResetException.class);
    try (var ids = test.abide().ids(Desk.class)) {
      assertThat(ids).isEmpty();
    }
  }
}
