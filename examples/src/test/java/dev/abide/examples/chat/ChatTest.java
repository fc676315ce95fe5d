package dev.abide.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.SocketRefusedException;
import dev.abide.engine.testing.TestAbide;
import dev.abide.engine.testing.TestSocket;
import dev.abide.examples.chat.Room.Line;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rooms and members without a server and without a browser. */
class ChatTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final TestAbide test =
      TestAbide.open(options ->
          options
              .host(Room.class, Room.RoomObject::new)
              .host(Member.class, Member.MemberObject::new));

  @AfterEach
  void close() {
    test.close();
  }

  private TestSocket plugIn(String name) {
    return test.connect(
        Member.class, name, options -> options.query("sender", name + "-tab-1").query("x", ""));
  }

  private Room room(String name) {
    return test.abide().get(Room.class, name);
  }

  private static void ask(TestSocket socket, String does, String room, int key, String text) {
    socket.send(
        "{\"does\":\"%s\",\"room\":\"%s\",\"key\":%d,\"text\":\"%s\"}"
            .formatted(does, room, key, text));
  }

  private static JsonNode next(TestSocket socket, String what) {
    JsonNode message;
    do {
      message = JSON.readTree(socket.next());
    } while (!message.get("what").asString().equals(what));
    return message;
  }

  private static String lineOf(JsonNode message) {
    JsonNode line = message.get("lines").get(message.get("lines").size() - 1);
    return message.get("room").asString()
        + " "
        + line.get("number").asInt()
        + " "
        + line.get("from").asString()
        + ": "
        + line.get("text").asString();
  }

  @Test
  void whatOneSays_allInTheRoomHear_alsoThoseWhoSleep_andNobodyElse() {
    try (TestSocket ann = plugIn("ann");
        TestSocket bob = plugIn("bob");
        TestSocket eve = plugIn("eve")) {
      ask(ann, "join", "lobby", 1, "");
      ask(bob, "join", "lobby", 1, "");
      ask(eve, "join", "cellar", 1, "");
      test.awaitQuiet();
      test.abide().sleep(Member.class, "bob");
      test.abide().sleep(Room.class, "lobby");

      ask(ann, "say", "lobby", 2, "hello");

      assertThat(lineOf(next(bob, "lines"))).isEqualTo("lobby 1 ann: hello");
      assertThat(lineOf(next(ann, "lines"))).isEqualTo("lobby 1 ann: hello");
      test.awaitQuiet();
      assertThat(eve.texts()).noneMatch(text -> text.contains("hello"));
      assertThat(room("lobby").members()).containsExactly("ann", "bob");
    }
  }

  @Test
  void lineThatIsSaidAgain_isThereOnce_alsoAfterACrash() {
    TestSocket ann = plugIn("ann");
    ask(ann, "join", "lobby", 1, "");
    ask(ann, "say", "lobby", 2, "once");
    ask(ann, "say", "lobby", 2, "once");
    assertThat(next(ann, "taken").get("key").asInt()).isEqualTo(1);
    assertThat(next(ann, "taken").get("key").asInt()).isEqualTo(2);
    test.crash();

    ann = plugIn("ann");
    assertThat(lineOf(next(ann, "room"))).isEqualTo("lobby 1 ann: once");
    ask(ann, "say", "lobby", 2, "once");
    ask(ann, "say", "lobby", 3, "twice");
    assertThat(next(ann, "taken").get("key").asInt()).isEqualTo(2);
    assertThat(next(ann, "taken").get("key").asInt()).isEqualTo(3);

    assertThat(room("lobby").after(0)).extracting(Line::text).containsExactly("once", "twice");
    ann.close();
  }

  @Test
  void memberThatMissedLines_asksForThem_atTheNextOne() throws Exception {
    try (TestSocket ann = plugIn("ann")) {
      ask(ann, "join", "lobby", 1, "");
      next(ann, "taken");
      // Said in the room, and lost on the way to its members, as in a crash.
      Member member = test.abide().get(Member.class, "ann");
      room("lobby").say("ann", "sender-12", 1, "first");
      next(ann, "lines");
      room("lobby").say("ann", "sender-12", 2, "second");
      next(ann, "lines");
      Line third = new Line(3, test.clock().instant(), "ann", "third");
      Line fifth = new Line(5, test.clock().instant(), "ann", "fifth");

      member.said("lobby", third);
      assertThat(lineOf(next(ann, "lines"))).isEqualTo("lobby 3 ann: third");
      room("lobby").say("ann", "sender-12", 3, "the room's third");
      room("lobby").say("ann", "sender-12", 4, "the room's fourth");
      assertThat(lineOf(next(ann, "lines"))).isEqualTo("lobby 4 ann: the room's fourth");
      member.said("lobby", third);
      member.said("cellar", fifth);
      test.awaitQuiet();
      assertThat(ann.texts()).noneMatch(text -> text.contains("lines"));
    }
  }

  @Test
  void whoLeaves_hearsNoMore_andMayNotSpeak() {
    try (TestSocket ann = plugIn("ann");
        TestSocket bob = plugIn("bob")) {
      ask(ann, "join", "lobby", 1, "");
      ask(bob, "join", "lobby", 1, "");
      ask(bob, "leave", "lobby", 2, "");
      assertThat(next(bob, "left").get("room").asString()).isEqualTo("lobby");
      ask(bob, "say", "lobby", 3, "still here?");
      assertThat(next(bob, "refused").get("why").asString())
          .isEqualTo("bob is not in the room lobby");
      ask(ann, "say", "lobby", 2, "gone?");
      assertThat(lineOf(next(ann, "lines"))).isEqualTo("lobby 1 ann: gone?");
      test.awaitQuiet();
      assertThat(bob.texts()).noneMatch(text -> text.contains("gone?"));
    }
  }

  @Test
  void oldLines_areForgotten() throws Exception {
    try (TestSocket ann = plugIn("ann")) {
      ask(ann, "join", "lobby", 1, "");
      next(ann, "taken");
      for (int key = 1; key <= Room.LINES_KEPT + 5; key++) {
        room("lobby").say("ann", "sender-12", key, "line " + key);
      }
      List<Line> first = room("lobby").after(0);

      assertThat(first).hasSize(Room.LINES_AT_ONCE);
      assertThat(first.getFirst().text()).isEqualTo("line 6");
      assertThat(room("lobby").last()).isEqualTo(Room.LINES_KEPT + 5);
    }
  }

  @Test
  void nonsense_isRefused() {
    assertThatThrownBy(() -> plugIn("<b>")).isInstanceOf(SocketRefusedException.class);
    assertThatThrownBy(() -> test.connect(Member.class, "ann"))
        .isInstanceOf(SocketRefusedException.class)
        .hasMessageContaining("sender");
    try (TestSocket ann = plugIn("ann")) {
      ask(ann, "join", "lobby", 1, "");
      ask(ann, "say", "lobby", 2, " ");
      assertThat(next(ann, "refused").get("why").asString()).contains("1 to 2000");
      ask(ann, "dance", "lobby", 3, "");
      assertThat(next(ann, "refused").get("why").asString()).contains("join, leave or say");
      ann.send("no json");
      assertThat(ann.awaitEnd().code()).isEqualTo(1007);
    }
  }
}
