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

  @Test
  void longHistory_comesInParts() {
    try (TestSocket ann = plugIn("ann-12345", 0)) {
      for (int key = 1; key <= 600; key++) {
        ann.send(stroke(key, 1));
      }
      test.awaitQuiet();
      try (TestSocket late = plugIn("late-1234", 0)) {
        JsonNode first = next(late, "entries");
        assertThat(first.get("entries").size()).isEqualTo(500);
        assertThat(first.get("length").asInt()).isEqualTo(600);
        late.send("{\"does\":\"more\",\"seen\":500}");
        assertThat(next(late, "entries").get("entries").size()).isEqualTo(100);
      }
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
      ann.send(stroke(1, 1));
      next(ann, "entries");
    }
  }
}
