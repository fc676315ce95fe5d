package dev.abide.undertow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.abide.annotations.Deadline;
import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import dev.abide.annotations.OneWay;
import dev.abide.annotations.ReadOnly;
import dev.abide.engine.Abide;
import dev.abide.engine.Cell;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.OnRequest;
import dev.abide.engine.Request;
import dev.abide.engine.Response;
import dev.abide.engine.testing.ManualClock;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whose time has passed: the client's, whose turn goes on, or the method's, whose turn is
 * interrupted.
 */
@Timeout(120)
class DeadlinesTest {
  @DurableObject("mill")
  @Exposed(requests = true)
  interface Mill {
    @Exposed
    void grind() throws InterruptedException;

    @Exposed
    @Deadline("5s")
    void grindQuickly() throws InterruptedException;

    @Exposed
    @Deadline("90s")
    void grindSlowly() throws InterruptedException;

    @Exposed
    @OneWay
    void grindAlone();

    @Exposed
    void grindThere(String id) throws InterruptedException;

    @Exposed
    @ReadOnly
    String ground();
  }

  private final List<String> events = new CopyOnWriteArrayList<>();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);

  /** The object. */
  private final class MillObject implements Mill, OnRequest {
    private final ObjectContext context;
    private final Cell<String> ground;

    MillObject(ObjectContext context) {
      this.context = context;
      this.ground = context.storage().cell("ground", String.class, "");
    }

    @Override
    public void grind() throws InterruptedException {
      begun.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        events.add("interrupted");
        throw e;
      }
      ground.update(all -> all + "x");
      events.add("ground");
    }

    @Override
    public void grindQuickly() throws InterruptedException {
      grind();
    }

    @Override
    public void grindSlowly() throws InterruptedException {
      grind();
    }

    @Override
    public void grindAlone() {
      try {
        grind();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // and its event tells
      }
    }

    @Override
    public void grindThere(String id) throws InterruptedException {
      context.get(Mill.class, id).grind();
      ground.update(all -> all + "y");
      events.add("ground there");
    }

    @Override
    public String ground() {
      return ground.get();
    }

    @Override
    public Response onRequest(Request request) throws Exception {
      grind();
      return Response.of(204);
    }
  }

  private final HttpClient client = HttpClient.newHttpClient();
  private final ManualClock clock = new ManualClock();
  private Abide abide = hosted(options -> {});

  /** The client waits for 30 s. */
  private UndertowEdge edge = UndertowEdge.open(abide, options -> options.bind("127.0.0.1", 0));

  private Abide hosted(Consumer<Abide.TypeOptions> own) {
    return Abide.inMemory(options ->
        options.clock(clock).host(Mill.class, MillObject::new, own).onReport(report -> {}));
  }

  @AfterEach
  void close() {
    go.countDown();
    edge.close();
    abide.close();
    client.close();
  }

  private CompletableFuture<HttpResponse<String>> post(String path, String body) {
    return client.sendAsync(
        HttpRequest.newBuilder(
                URI.create("http://localhost:" + edge.port() + "/objects/mill/" + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private CompletableFuture<HttpResponse<String>> begin(String path, String body)
      throws InterruptedException {
    CompletableFuture<HttpResponse<String>> answer = post(path, body);
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    return answer;
  }

  /** The client has been let go while the turn ran. */
  private static void assertLate(CompletableFuture<HttpResponse<String>> answer) throws Exception {
    HttpResponse<String> late = answer.get(30, TimeUnit.SECONDS);
    assertThat(late.statusCode()).isEqualTo(504);
    assertThat(late.body()).contains("deadline-exceeded").contains("\"applied\":\"unknown\"");
  }

  private void assertGround(String id, String text) throws Exception {
    HttpResponse<String> answer = post(id + "/ground", "").get(30, TimeUnit.SECONDS);
    assertThat(answer.body()).isEqualTo("\"" + text + "\"");
  }

  /** The client's patience ends, and the turn of the object "a" ends well for all that. */
  private void assertGoesOnBehind(CompletableFuture<HttpResponse<String>> answer) throws Exception {
    clock.advance(Duration.ofSeconds(31));
    assertLate(answer);
    go.countDown();
    assertGround("a", "x");
    assertThat(events).containsExactly("ground");
  }

  @Test
  void methodsOwnDeadline_whereItIsEarlier_is504_andInterruptsTheTurn() throws Exception {
    CompletableFuture<HttpResponse<String>> answer = begin("a/grindQuickly", "");

    clock.advance(Duration.ofSeconds(6));

    assertLate(answer);
    await().untilAsserted(() -> assertThat(events).containsExactly("interrupted"));
    assertGround("a", "");
  }

  @Test
  void deadlineOfTheType_isTheMethodsOwn_whereItDeclaresNone() throws Exception {
    edge.close();
    abide.close();
    abide = hosted(own -> own.deadline(Duration.ofSeconds(5)));
    edge = UndertowEdge.open(abide, options -> options.bind("127.0.0.1", 0));
    CompletableFuture<HttpResponse<String>> answer = begin("a/grind", "");

    clock.advance(Duration.ofSeconds(6));

    assertLate(answer);
    await().untilAsserted(() -> assertThat(events).containsExactly("interrupted"));
  }

  @Test
  void callTimeout_letsTheClientGo_andTheTurnGoesOn() throws Exception {
    CompletableFuture<HttpResponse<String>> answer = begin("a/grind", "");

    assertGoesOnBehind(answer);
  }

  @Test
  void callTimeout_whereItIsEarlierThanTheMethodsDeadline_letsTheTurnGoOn() throws Exception {
    CompletableFuture<HttpResponse<String>> answer = begin("a/grindSlowly", "");

    assertGoesOnBehind(answer);
  }

  @Test
  void callsOfATurnThatGoesOn_goOnToo() throws Exception {
    CompletableFuture<HttpResponse<String>> answer = begin("a/grindThere", "{\"id\":\"b\"}");

    clock.advance(Duration.ofSeconds(31));

    assertLate(answer);
    go.countDown();
    assertGround("a", "y");
    assertGround("b", "x");
    assertThat(events).containsExactly("ground", "ground there");
  }

  @Test
  void turnOfARawRequest_goesOnToo() throws Exception {
    CompletableFuture<HttpResponse<String>> answer = begin("a/http/any", "");

    assertGoesOnBehind(answer);
  }

  @Test
  void callThatIsStillQueued_neverRuns() throws Exception {
    CompletableFuture<HttpResponse<String>> first = begin("a/grind", "");
    CompletableFuture<HttpResponse<String>> second = post("a/grind", "");

    // The second may be on its way to the mailbox still.
    await()
        .until(() -> {
          clock.advance(Duration.ofSeconds(31));
          return second.isDone();
        });

    assertLate(first);
    assertThat(second.join().statusCode()).isEqualTo(504);
    assertThat(second.join().body()).contains("\"applied\":\"no\"");
    go.countDown();
    assertGround("a", "x");
  }

  @Test
  void oneWayCall_isNotBound() throws Exception {
    CompletableFuture<HttpResponse<String>> answer = begin("a/grindAlone", "");
    assertThat(answer.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(202);

    clock.advance(Duration.ofSeconds(31));
    // A call that is queued behind it and given up: the hand has been at this object.
    CompletableFuture<HttpResponse<String>> second = post("a/grind", "");
    await()
        .until(() -> {
          clock.advance(Duration.ofSeconds(31));
          return second.isDone();
        });

    assertThat(second.join().statusCode()).isEqualTo(504);
    go.countDown();
    assertGround("a", "x");
    assertThat(events).containsExactly("ground");
  }
}
