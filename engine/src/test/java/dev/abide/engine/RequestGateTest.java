package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.fixtures.Desk;
import dev.abide.engine.fixtures.Desk.DeskObject;
import dev.abide.engine.fixtures.GatedEngine;
import dev.abide.engine.testing.TestResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** G5 and G13 for raw responses: bytes, a stream's head and body, the opening and events. */
class RequestGateTest {
  @TempDir Path directory;

  private GatedEngine gated;
  private Abide abide;

  @BeforeEach
  void open() {
    gated = GatedEngine.open(directory, options -> options.host(Desk.class, DeskObject::new));
    abide = gated.abide();
    for (String id : new String[] {"gate-a", "gate-b"}) {
      DeskObject.BEHAVIOURS.put(id, RequestGateTest::answer);
    }
  }

  private static Response answer(ObjectContext context, DeskObject self, Request request) {
    long number =
        request.method().equals("POST") ? self.number.update(n -> n + 1) : self.number.get();
    return switch (request.path()) {
      case "/throw" -> throw new IllegalStateException("number " + number);
      case "/stream" ->
          Response.stream(
              "text/plain", out -> out.write(("" + number).getBytes(StandardCharsets.UTF_8)));
      case "/events" -> Response.events(socket -> socket.send("" + number));
      case "/tell" -> {
        context.sockets().broadcast("" + number);
        yield Response.of(204);
      }
      default -> Response.text("" + number);
    };
  }

  @AfterEach
  void close() {
    gated.close();
    DeskObject.BEHAVIOURS.remove("gate-a");
    DeskObject.BEHAVIOURS.remove("gate-b");
  }

  private TestResponse send(String id, String method, String path) {
    return TestResponse.send(abide, Desk.class, id, Request.of(method, path).build());
  }

  @Test
  void g5_whileTheSyncBlocks_nothingLeavesThatTellsOfIt() {
    TestResponse listener = send("gate-a", "GET", "/events");
    assertThat(listener.next()).isEqualTo("0");
    gated.disk().shut();
    TestResponse wrote = send("gate-a", "POST", "/");
    gated.awaitCommits(1);
    TestResponse read = send("gate-a", "GET", "/");
    TestResponse failed = send("gate-a", "GET", "/throw");
    TestResponse stream = send("gate-a", "GET", "/stream");
    TestResponse events = send("gate-a", "GET", "/events");
    TestResponse told = send("gate-a", "GET", "/tell");
    // All of those turns are over when the one behind them has committed.
    TestResponse last = send("gate-a", "POST", "/");
    gated.awaitCommits(2);
    // Another object has seen nothing of it, and answers meanwhile.
    assertThat(send("gate-b", "GET", "/").text()).isEqualTo("0");
    assertThat(send("gate-b", "GET", "/stream").text()).isEqualTo("0");

    for (TestResponse held : new TestResponse[] {wrote, read, failed, stream, events, told, last}) {
      assertThat(held.answered()).isFalse();
    }
    assertThat(listener.takeAll()).isZero();

    gated.disk().open();

    assertThat(wrote.text()).isEqualTo("1");
    assertThat(read.text()).isEqualTo("1");
    assertThat(failed.refusal()).hasMessage("number 1");
    assertThat(stream.text()).isEqualTo("1");
    assertThat(events.next()).isEqualTo("1");
    assertThat(events.next()).isEqualTo("1");
    assertThat(told.status()).isEqualTo(204);
    assertThat(listener.next()).isEqualTo("1");
    assertThat(last.text()).isEqualTo("2");
  }

  @Test
  void g13_failedJournal_refusesWhatWasHeld_andEndsListeners() {
    TestResponse listener = send("gate-a", "GET", "/events");
    assertThat(listener.next()).isEqualTo("0");
    gated.disk().shut();
    TestResponse wrote = send("gate-a", "POST", "/");
    gated.awaitCommits(1);
    TestResponse stream = send("gate-a", "POST", "/stream");
    TestResponse events = send("gate-a", "POST", "/events");
    TestResponse told = send("gate-a", "POST", "/tell");
    gated.awaitCommits(4);

    gated.disk().fail();

    for (TestResponse held : new TestResponse[] {wrote, stream, events, told}) {
      assertThat(held.refusal()).isInstanceOf(StorageException.class);
    }
    assertThat(listener.awaitEnd().code()).isEqualTo(1011);
    assertThat(listener.takeAll()).isZero();
    assertThat(send("gate-b", "GET", "/").refusal()).isInstanceOf(StorageException.class);
  }
}
