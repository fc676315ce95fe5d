package dev.abide.examples.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.SocketRefusedException;
import dev.abide.engine.testing.TestAbide;
import dev.abide.engine.testing.TestSocket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whiteboard without a server and without a browser. */
class DocumentTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final TestAbide test =
      TestAbide.open(options -> options.host(Document.class, DocumentObject::new));

  @AfterEach
  void close() {
    test.close();
  }

  private TestSocket plugIn(String client, long seen) {
    return test.connect(
        Document.class,
        "plans",
        options ->
            options
                .query("client", client)
                .query("name", "Ann")
                .query("colour", "#aa0000")
                .query("seen", "" + seen));
  }

  private static JsonNode next(TestSocket socket, String what) {
    JsonNode message;
    do {
      message = JSON.readTree(socket.next());
    } while (!message.get("what").asString().equals(what));
    return message;
  }

  private static String stroke(int key, int x) {
    return "{\"does\":\"stroke\",\"key\":"
        + key
        + ",\"colour\":\"#aa0000\",\"width\":4,\"points\":["
        + x
        + ",1,20,30]}";
  }

  @Test
  void strokes_areSeenByAll_andByWhoComesLater_fromWhereTheyWere() {
    try (TestSocket ann = plugIn("ann-12345", 0);
        TestSocket bob = plugIn("bob-12345", 0)) {
      next(ann, "entries");
      next(bob, "entries");
      ann.send(stroke(1, 10));
      ann.send(stroke(2, 11));
      assertThat(next(bob, "entries").get("entries").get(0).get("points").get(0).asInt())
          .isEqualTo(10);
      assertThat(next(bob, "entries").get("entries").get(0).get("n").asInt()).isEqualTo(2);
      try (TestSocket late = plugIn("late-1234", 1)) {
        JsonNode missed = next(late, "entries").get("entries");
        assertThat(missed.size()).isEqualTo(1);
        assertThat(missed.get(0).get("key").asInt()).isEqualTo(2);
      }
    }
  }

  @Test
  void messageThatComesAgain_isTakenOnce_alsoAfterACrash() {
    TestSocket ann = plugIn("ann-12345", 0);
    next(ann, "entries");
    ann.send(stroke(1, 10));
    next(ann, "entries");
    ann.send(stroke(1, 10));
    test.awaitQuiet();
    test.crash();
    ann = plugIn("ann-12345", 0);
    ann.send(stroke(1, 10));
    ann.send(stroke(2, 12));
    assertThat(next(ann, "entries").get("length").asInt()).isEqualTo(1);
    assertThat(next(ann, "entries").get("entries").get(0).get("n").asInt()).isEqualTo(2);
    assertThat(test.abide().get(Document.class, "plans").length()).isEqualTo(2);
    ann.close();
  }

  @Test
  void undo_takesBackOnesOwnStroke_once() {
    try (TestSocket ann = plugIn("ann-12345", 0);
        TestSocket bob = plugIn("bob-12345", 0)) {
      ann.send(stroke(1, 10));
      test.awaitQuiet();
      bob.send("{\"does\":\"undo\",\"key\":1,\"stroke\":1}");
      assertThat(next(bob, "refused").get("key").asInt()).isEqualTo(1);
      ann.send("{\"does\":\"undo\",\"key\":2,\"stroke\":1}");
      ann.send("{\"does\":\"undo\",\"key\":3,\"stroke\":1}");
      assertThat(next(ann, "refused").get("key").asInt()).isEqualTo(3);
      assertThat(test.abide().get(Document.class, "plans").length()).isEqualTo(2);
    }
  }

  @Test
  void people_areThoseWhoAreThere_alsoAfterSleep() {
    try (TestSocket ann = plugIn("ann-12345", 0)) {
      TestSocket bob = plugIn("bob-12345", 0);
      test.abide().sleep(Document.class, "plans");
      bob.vanish();
      test.awaitQuiet();
      List<String> texts = ann.texts().stream().filter(text -> text.contains("people")).toList();
      assertThat(JSON.readTree(texts.get(1)).get("people").size()).isEqualTo(2);
      assertThat(JSON.readTree(texts.getLast()).get("people").size()).isEqualTo(1);
    }
  }

  /** A stroke of as many points as may be: its entry has some 10,000 characters. */
  private static String longStroke(int key) {
    return "{\"does\":\"stroke\",\"key\":"
        + key
        + ",\"colour\":\"#aa0000\",\"width\":4,\"points\":["
        + "1000,".repeat(Document.NUMBERS_MAX - 1)
        + "1000]}";
  }

  private void drawBigBoard(int strokes) {
    try (TestSocket ann = plugIn("ann-12345", 0)) {
      for (int key = 1; key <= strokes; key++) {
        ann.send(longStroke(key));
      }
      test.awaitQuiet();
    }
    test.awaitQuiet();
  }

  @Test
  void boardThatIsLargerThanAQueue_comesInPages_behindPeople() {
    drawBigBoard(60);
    try (TestSocket late = plugIn("late-1234", 0)) {
      assertThat(next(late, "people").get("people").size()).isEqualTo(1);
      int seen = 0;
      while (seen < 60) {
        String page = late.next();
        JsonNode message = JSON.readTree(page);
        assertThat(message.get("what").asString()).isEqualTo("entries");
        assertThat(page.length()).isLessThan((64 << 10) + 100);
        assertThat(message.get("length").asInt()).isEqualTo(60);
        assertThat(message.get("entries").get(0).get("n").asInt()).isEqualTo(seen + 1);
        seen += message.get("entries").size();
        if (seen < 60) {
          // Nothing more comes before it is asked for.
          test.awaitQuiet();
          assertThat(late.texts()).isEmpty();
          late.send("{\"does\":\"more\",\"seen\":" + seen + "}");
        }
      }
    }
  }

  @Test
  void whatOthersDraw_doesNotFloodWhoReadsTheHistory() {
    drawBigBoard(20);
    try (TestSocket late = plugIn("late-1234", 0);
        TestSocket bob = plugIn("bob-12345", 20)) {
      late.stopReading();
      for (int key = 1; key <= 40; key++) {
        bob.send(longStroke(key));
        bob.send("{\"does\":\"point\",\"x\":1,\"y\":2}");
      }
      test.awaitQuiet();
      late.readOn();
      assertThat(late.end()).isEmpty();
      int seen = 0;
      while (seen < 60) {
        seen += next(late, "entries").get("entries").size();
        late.send("{\"does\":\"more\",\"seen\":" + seen + "}");
      }
      assertThat(next(late, "entries").get("entries").isEmpty()).isTrue();
      // From now on it hears what happens when it happens.
      bob.send(stroke(41, 7));
      assertThat(next(late, "entries").get("entries").get(0).get("n").asInt()).isEqualTo(61);
      bob.send("{\"does\":\"point\",\"x\":1,\"y\":2}");
      assertThat(next(late, "point").get("x").asInt()).isEqualTo(1);
    }
  }

  @Test
  void stroke_isTakenBackByItsKey_beforeItsNumberIsKnown() {
    try (TestSocket ann = plugIn("ann-12345", 0);
        TestSocket bob = plugIn("bob-12345", 0)) {
      bob.send(stroke(2, 9));
      test.awaitQuiet();
      ann.send(stroke(1, 10));
      ann.send(stroke(2, 11));
      ann.send("{\"does\":\"undo\",\"key\":3,\"strokeKey\":2}");
      assertThat(next(ann, "entries").get("entries").isEmpty()).isTrue();
      for (int n = 1; n <= 3; n++) {
        assertThat(next(ann, "entries").get("entries").get(0).get("n").asInt()).isEqualTo(n);
      }
      assertThat(next(ann, "entries").get("entries").get(0).get("stroke").asInt()).isEqualTo(3);
      ann.send("{\"does\":\"undo\",\"key\":4,\"strokeKey\":9}");
      assertThat(next(ann, "refused").get("key").asInt()).isEqualTo(4);
    }
  }

  @Test
  void messageThatWasRefused_isAnsweredAgain_whenALaterOneWasTaken() {
    try (TestSocket ann = plugIn("ann-12345", 0)) {
      ann.send("{\"does\":\"undo\",\"key\":1,\"stroke\":7}");
      ann.send(stroke(2, 10));
      assertThat(next(ann, "refused").get("key").asInt()).isEqualTo(1);
      assertThat(next(ann, "taken").get("key").asInt()).isEqualTo(2);
      ann.send("{\"does\":\"undo\",\"key\":1,\"stroke\":7}");
      JsonNode answer = next(ann, "taken");
      assertThat(answer.get("key").asInt()).isEqualTo(1);
      // The client has the one entry, and this message is not it.
      assertThat(answer.get("length").asInt()).isEqualTo(1);
    }
  }

  @Test
  void nobodyLearnsTheNameByWhichAnotherPlugsIn() {
    try (TestSocket ann = plugIn("ann-12345", 0);
        TestSocket bob = plugIn("bob-12345", 0)) {
      String who = next(ann, "you").get("who").asString();
      ann.send(stroke(1, 10));
      ann.send("{\"does\":\"undo\",\"key\":2,\"stroke\":1}");
      ann.send("{\"does\":\"point\",\"x\":1,\"y\":2}");
      test.awaitQuiet();
      List<String> heard = bob.texts();
      assertThat(heard.stream().filter(text -> text.contains(who))).hasSizeGreaterThan(3);
      try (TestSocket late = plugIn("late-1234", 0)) {
        test.awaitQuiet();
        heard.addAll(late.texts());
      }
      assertThat(heard).noneMatch(text -> text.contains("ann-12345"));
    }
  }

  @Test
  void nonsense_isRefused_andHarmsNobody() {
    assertThatThrownBy(() -> test.connect(Document.class, "plans"))
        .isInstanceOf(SocketRefusedException.class);
    try (TestSocket ann = plugIn("ann-12345", 0);
        TestSocket bob = plugIn("bob-12345", 0)) {
      bob.send("{\"does\":\"stroke\",\"key\":1,\"colour\":\"red\",\"width\":4,\"points\":[1,1]}");
      assertThat(next(bob, "refused").get("key").asInt()).isEqualTo(1);
      bob.send(
          "{\"does\":\"stroke\",\"key\":2,\"colour\":\"#aa0000\",\"width\":4,\"points\":[1,-1]}");
      assertThat(next(bob, "refused").get("key").asInt()).isEqualTo(2);
      bob.send("no json");
      assertThat(bob.awaitEnd().code()).isEqualTo(1007);
      try (TestSocket eve = plugIn("eve-12345", 0)) {
        eve.send("null");
        assertThat(eve.awaitEnd())
            .isEqualTo(new TestSocket.End(1007, "a message is a JSON object, not null"));
      }
      ann.send(stroke(1, 1));
      next(ann, "entries");
    }
  }
}
