package dev.abide.undertow;

import static dev.abide.undertow.RawWebSocket.BINARY;
import static dev.abide.undertow.RawWebSocket.CLOSE;
import static dev.abide.undertow.RawWebSocket.PING;
import static dev.abide.undertow.RawWebSocket.PONG;
import static dev.abide.undertow.RawWebSocket.TEXT;
import static dev.abide.undertow.RawWebSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.abide.engine.Abide;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages that begin and do not end: what they may hold of the room for all, and how long. */
class UnfinishedMessagesTest {
  private final Abide abide =
      Abide.inMemory(options -> options.host(Lounge.class, Lounge.LoungeObject::new));
  private UndertowEdge edge;

  private void open(Consumer<UndertowEdge.Options> configure) {
    edge =
        UndertowEdge.open(
            abide,
            options -> {
              options
                  .bind("127.0.0.1", 0)
                  .bodyBytesMax(4_096)
                  .bodiesBytesMax(4_096)
                  .socketMessageMax(4_096);
              configure.accept(options);
            });
  }

  @AfterEach
  void close() {
    edge.close();
    abide.close();
  }

  private RawWebSocket connect() throws IOException {
    return new RawWebSocket(edge.port(), "/objects/lounge/unfinished");
  }

  /** Sends a message but for its end, and returns when the server has read it. */
  private static void begin(RawWebSocket client) throws IOException {
    client.send(frame(BINARY, new byte[4_000], true)).send(frame(PING, "read?"));
    assertThat(client.read().code()).isEqualTo(PONG);
  }

  @Test
  void messageWithoutRoom_isRefusedWith1013_andTheOneThatHoldsIt_isNot() throws IOException {
    open(options -> {});
    try (RawWebSocket holds = connect()) {
      begin(holds);
      try (RawWebSocket other = connect()) {
        other.send(frame(TEXT, "x".repeat(1_000)));

        RawWebSocket.Got got = other.read();

        assertThat(got.code()).isEqualTo(CLOSE);
        assertThat(got.closeCode()).isEqualTo(1013);
        assertThat(got.text())
            .endsWith("messages of others take all the room that there is for them");
      }
      holds.send(frame(0x80, new byte[96], true));
      assertThat(holds.read().payload()).hasSize(4_096);
    }
    // Its room is there again when its turn is over, which may be a moment after its answer.
    await()
        .untilAsserted(() -> {
          try (RawWebSocket later = connect()) {
            later.send(frame(TEXT, "x".repeat(4_000)));
            assertThat(later.read().text()).hasSize(4_000);
          }
        });
  }

  @Test
  @Timeout(20)
  void messageThatTakesTooLong_isCutOffWith1008_howeverAliveItsClientIs() throws IOException {
    // Nobody is hung up on for silence here.
    open(options ->
        options.bodyTimeout(Duration.ofMillis(500)).socketIdleTimeout(Duration.ofMinutes(10)));
    try (RawWebSocket quiet = connect();
        RawWebSocket holds = connect()) {
      begin(holds);
      RawWebSocket.Got got;
      do {
        // Alive, and its message goes on, in fragments of nothing.
        holds.send(frame(0, new byte[0], true)).send(frame(PING, "still here"));
        got = holds.read();
      } while (got.code() == PONG && !Thread.currentThread().isInterrupted());

      assertThat(got.code()).isEqualTo(CLOSE);
      assertThat(got.closeCode()).isEqualTo(1008);
      assertThat(got.text()).contains("a message was not whole after 500 ms");
      holds.send(frame(CLOSE, ""));
      // One between messages stays, and gets the room.
      quiet.send(frame(TEXT, "x".repeat(4_000)));
      RawWebSocket.Got echo = quiet.read();
      assertThat(echo.text()).hasSize(4_000);
    }
  }
}
