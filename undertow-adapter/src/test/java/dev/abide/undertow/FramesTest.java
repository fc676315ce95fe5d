package dev.abide.undertow;

import static dev.abide.undertow.RawWebSocket.BINARY;
import static dev.abide.undertow.RawWebSocket.CLOSE;
import static dev.abide.undertow.RawWebSocket.PING;
import static dev.abide.undertow.RawWebSocket.PONG;
import static dev.abide.undertow.RawWebSocket.TEXT;
import static dev.abide.undertow.RawWebSocket.close;
import static dev.abide.undertow.RawWebSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.Abide;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The protocol frame by frame, against an object that echoes: what the Autobahn suite asks of a
 * server without extensions, by its chapters.
 */
class FramesTest {
  private static final byte[] NONE = {};

  private final Abide abide =
      Abide.inMemory(options -> options.host(Lounge.class, Lounge.LoungeObject::new));
  private final UndertowEdge edge =
      UndertowEdge.open(abide, options -> options.bind("127.0.0.1", 0).socketMessageMax(200_000));

  @AfterEach
  void close_() {
    edge.close();
    abide.close();
  }

  private RawWebSocket connect() throws IOException {
    return new RawWebSocket(edge.port(), "/objects/lounge/frames");
  }

  private static byte[] bytes(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A fragment: the first says what it is, others are continuations, the last is marked. */
  private static byte[] fragment(int code, boolean last, byte[] payload) {
    return frame((last ? 0x80 : 0) | code, payload, true);
  }

  /** Sends it, and returns what comes up to the end. */
  private List<String> answers(byte[] sent) throws IOException {
    List<String> answers = new ArrayList<>();
    try (RawWebSocket client = connect()) {
      client.send(sent);
      RawWebSocket.Got got;
      do {
        got = client.read();
        answers.add(got.toString());
      } while (got.code() >= 0);
    }
    return answers;
  }

  private void assertRefused(byte[] sent, int code) throws IOException {
    assertThat(answers(sent)).containsExactly("8 " + code, "-1 ");
  }

  // ---- 1: framing

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 127, 128, 65_535, 65_536, 200_000})
  void messagesOfAllLengths_areEchoed_howeverTheyAreCut(int length) throws IOException {
    byte[] payload = new byte[length];
    Arrays.fill(payload, (byte) '*');
    try (RawWebSocket client = connect()) {
      client.send(frame(TEXT, payload)).send(frame(BINARY, payload));
      RawWebSocket.Got text = client.read();
      RawWebSocket.Got binary = client.read();
      assertThat(text.code()).isEqualTo(TEXT);
      assertThat(text.payload()).isEqualTo(payload);
      assertThat(binary.code()).isEqualTo(BINARY);
      assertThat(binary.payload()).isEqualTo(payload);

      byte[] cut = frame(TEXT, payload);
      int step = length < 1_000 ? 1 : 997;
      for (int from = 0; from < cut.length; from += step) {
        client.send(Arrays.copyOfRange(cut, from, Math.min(cut.length, from + step)));
      }
      assertThat(client.read().payload()).isEqualTo(payload);
    }
  }

  // ---- 2: pings and pongs

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 125})
  void ping_isAnswered_withItsPayload(int length) throws IOException {
    byte[] payload = new byte[length];
    new Random(7).nextBytes(payload);
    try (RawWebSocket client = connect()) {
      for (byte part : frame(PING, payload)) {
        client.send(new byte[] {part});
      }
      RawWebSocket.Got pong = client.read();
      assertThat(pong.code()).isEqualTo(PONG);
      assertThat(pong.payload()).isEqualTo(payload);
    }
  }

  @Test
  void pongThatNobodyAskedFor_isIgnored_andManyPingsGetTheLastAnswer() throws IOException {
    try (RawWebSocket client = connect()) {
      client.send(bytes(frame(PONG, "x"), frame(PING, "1"), frame(PING, "2")));
      String pong = client.read().text();
      if (pong.equals("1")) {
        pong = client.read().text();
      }
      assertThat(pong).isEqualTo("2");
      client.send(frame(TEXT, "on"));
      assertThat(client.read().text()).isEqualTo("on");
    }
  }

  @Test
  void controlFrames_thatAreLongOrInFragments_areRefused() throws IOException {
    assertRefused(frame(PING, new byte[126]), 1002);
    assertRefused(fragment(PING, false, utf8("x")), 1002);
    assertRefused(fragment(CLOSE, false, NONE), 1002);
    assertRefused(frame(CLOSE, new byte[126]), 1002);
  }

  // ---- 3, 4: reserved bits and codes

  @Test
  void reservedBitsAndCodes_areRefused_andWhatCameBeforeIsAnswered() throws IOException {
    for (int bits = 1; bits < 8; bits++) {
      assertRefused(frame(0x80 | (bits << 4) | TEXT, utf8("x"), true), 1002);
    }
    for (int code : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
      assertRefused(frame(code, utf8("x")), 1002);
    }
    try (RawWebSocket client = connect()) {
      client.send(frame(TEXT, "before"));
      assertThat(client.read().text()).isEqualTo("before");
      client.send(frame(3, "x"));
      assertThat(client.read().closeCode()).isEqualTo(1002);
    }
  }

  @Test
  void framesThatAreNotMasked_areRefused() throws IOException {
    assertRefused(frame(0x80 | TEXT, utf8("x"), false), 1002);
  }

  @Test
  void lengthsThatAreNotShortest_orNegative_areRefused() throws IOException {
    byte[] mask = new byte[4];
    assertRefused(bytes(new byte[] {(byte) 0x81, (byte) 0xfe, 0, 125}, mask), 1002);
    assertRefused(
        bytes(
            new byte[] {(byte) 0x81, (byte) 0xff, 0, 0, 0, 0, 0, 0, (byte) 255, (byte) 255}, mask),
        1002);
    assertRefused(
        bytes(new byte[] {(byte) 0x81, (byte) 0xff, -1, -1, -1, -1, -1, -1, -1, -1}, mask), 1002);
  }

  // ---- 5: fragments

  @Test
  void fragments_areOneMessage_withControlFramesBetween() throws IOException {
    try (RawWebSocket client = connect()) {
      client.send(
          bytes(
              fragment(TEXT, false, utf8("one ")),
              frame(PING, "between"),
              fragment(0, false, NONE),
              fragment(0, false, utf8("two ")),
              fragment(0, true, utf8("three"))));
      List<String> got = List.of(client.read().toString(), client.read().toString());
      assertThat(got).containsExactlyInAnyOrder("10 between", "1 one two three");
      client.send(bytes(fragment(BINARY, false, NONE), fragment(0, true, NONE)));
      assertThat(client.read().toString()).isEqualTo("2 ");
    }
  }

  @Test
  void fragmentsOutOfOrder_areRefused() throws IOException {
    assertRefused(fragment(0, true, utf8("x")), 1002);
    assertRefused(fragment(0, false, utf8("x")), 1002);
    assertRefused(bytes(fragment(TEXT, false, NONE), frame(TEXT, "x")), 1002);
    assertRefused(bytes(fragment(TEXT, false, NONE), fragment(BINARY, false, NONE)), 1002);
    try (RawWebSocket client = connect()) {
      client.send(bytes(fragment(TEXT, false, NONE), fragment(0, true, NONE)));
      assertThat(client.read().toString()).isEqualTo("1 ");
      client.send(fragment(0, true, NONE));
      assertThat(client.read().closeCode()).isEqualTo(1002);
    }
  }

  // ---- 6: UTF-8

  @Test
  void textsAreUtf8_alsoAcrossFragments() throws IOException {
    String text = "κόσμε \ud83d\ude00 \u0000 \uffff \u07ff \u0800";
    byte[] encoded = utf8(text);
    try (RawWebSocket client = connect()) {
      for (int i = 0; i < encoded.length; i++) {
        client.send(fragment(i == 0 ? TEXT : 0, false, new byte[] {encoded[i]}));
      }
      client.send(fragment(0, true, NONE));
      assertThat(client.read().text()).isEqualTo(text);
    }
  }

  @Test
  void illFormedText_isRefusedWith1007() throws IOException {
    byte[][] wrong = {
      {(byte) 0x80},
      {(byte) 0xc0, (byte) 0xaf},
      {(byte) 0xe0, (byte) 0x80, (byte) 0xaf},
      {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
      {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
      {(byte) 0xf8, (byte) 0x88, (byte) 0x80, (byte) 0x80, (byte) 0x80},
      {'a', (byte) 0xce},
      {(byte) 0xff},
    };
    for (byte[] bytes : wrong) {
      assertRefused(frame(TEXT, bytes), 1007);
      assertRefused(bytes(fragment(TEXT, false, utf8("a")), fragment(0, true, bytes)), 1007);
    }
    // Of bytes nobody says that they are text.
    try (RawWebSocket client = connect()) {
      client.send(frame(BINARY, new byte[] {(byte) 0xff}));
      assertThat(client.read().payload()).containsExactly(0xff);
    }
  }

  // ---- 7: closing

  @Test
  void close_isAnswered_andTheServerHangsUp() throws IOException {
    assertThat(answers(frame(CLOSE, NONE))).containsExactly("8 1005", "-1 ");
    for (int code : new int[] {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 4999}) {
      assertThat(answers(close(code, utf8("why")))).containsExactly("8 " + code, "-1 ");
    }
    assertThat(answers(close(1000, new byte[123]))).containsExactly("8 1000", "-1 ");
    assertThat(answers(bytes(close(1000, NONE), frame(TEXT, "late"), frame(PING, "late"))))
        .containsExactly("8 1000", "-1 ");
  }

  @Test
  void closesThatNoneMaySend_areRefused() throws IOException {
    for (int code :
        new int[] {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535}) {
      assertRefused(close(code, NONE), 1002);
    }
    assertRefused(frame(CLOSE, new byte[] {3}), 1002);
    assertRefused(close(1000, new byte[] {(byte) 0xff}), 1007);
  }

  // ---- 9: limits

  @Test
  void messagesThatAreTooLarge_areRefused_atTheAnnouncementAlready() throws IOException {
    assertRefused(frame(BINARY, new byte[200_001]), 1009);
    // Nothing of it has come yet.
    assertRefused(
        bytes(new byte[] {(byte) 0x82, (byte) 0xff, 0x7f, -1, -1, -1, -1, -1, -1, -1}, new byte[4]),
        1009);
    byte[] part = new byte[60_000];
    assertRefused(
        bytes(
            fragment(BINARY, false, part),
            fragment(0, false, part),
            fragment(0, false, part),
            fragment(0, false, part)),
        1009);
  }

  @Test
  void clientThatOffersCompression_getsNone() throws IOException {
    String offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";
    try (Raw raw = new Raw(edge.port())) {
      Raw.Answer answer = raw.send(RawWebSocket.request("/objects/lounge/frames", offer)).read();
      assertThat(answer.status()).isEqualTo(101);
      assertThat(answer.headers()).doesNotContainKey("sec-websocket-extensions");
    }
  }

  // ---- and what comes without a thought

  @Test
  void noise_harmsNobodyElse() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (RawWebSocket other = connect()) {
      for (int round = 0; round < 200; round++) {
        byte[] noise = new byte[random.nextInt(1, 64)];
        random.nextBytes(noise);
        try (RawWebSocket client = connect()) {
          client.send(noise);
        }
      }
      other.send(frame(TEXT, "still here"));
      assertThat(other.read().text()).as("seed %d", seed).isEqualTo("still here");
    }
  }
}
