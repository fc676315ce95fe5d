package dev.abide.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.ClientSocket;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.OnSocket;
import dev.abide.engine.SocketRefusedException;
import dev.abide.engine.SocketRequest;
import dev.abide.engine.testing.TestAbide;
import dev.abide.engine.testing.TestSocket;
import dev.abide.examples.chat.Room.Line;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rooms and members without a server and without a browser. */
class ChatTest {
  /** What happens in a member's turn before what comes from a browser; once. */
  private final AtomicReference<@Nullable Runnable> before = new AtomicReference<>();

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final TestAbide test =
      TestAbide.open(options ->
          options
              .host(Room.class, Room.RoomObject::new)
              .host(Member.class, context -> new HeldMember(context, before)));

  /**
   * A member in whose turns something happens elsewhere first, so that what it causes comes behind.
   */
  private static final class HeldMember implements Member, OnSocket {
    private final Member.MemberObject member;
    private final AtomicReference<@Nullable Runnable> before;

    HeldMember(ObjectContext context, AtomicReference<@Nullable Runnable> before) {
      this.member = new Member.MemberObject(context);
      this.before = before;
    }

    private void happen() {
      Runnable what = before.getAndSet(null);
      if (what != null) {
        what.run();
      }
    }

    @Override
    public void said(String room, Line line) {
      member.said(room, line);
    }

    @Override
    public void membersChanged(String room, List<String> members) {
      member.membersChanged(room, members);
    }

    @Override
    public List<String> rooms() {
      return member.rooms();
    }

    @Override
    public void onOpen(ClientSocket socket, SocketRequest request) {
      happen();
      member.onOpen(socket, request);
    }

    @Override
    public void onText(ClientSocket socket, String text) {
      happen();
      member.onText(socket, text);
    }
  }

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
    assertThat(next(ann, "rooms").get("rooms").get(0).asString()).isEqualTo("lobby");
    ask(ann, "show", "lobby", 1, "");
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
  void secondBrowser_takesNoLineFromTheFirst_whenItPlugsIn() {
    secondBrowser_takesNoLine("open");
  }

  @Test
  void secondBrowser_takesNoLineFromTheFirst_whenItAsks() {
    secondBrowser_takesNoLine("show");
  }

  @Test
  void secondBrowser_takesNoLineFromTheFirst_whenItJoinsAgain() {
    secondBrowser_takesNoLine("join");
  }

  private void secondBrowser_takesNoLine(String when) {
    try (TestSocket first = plugIn("ann")) {
      ask(first, "join", "lobby", 1, "");
      next(first, "taken");
      test.awaitQuiet();
      Runnable said =
          () -> {
            try {
              room("lobby").say("ann", "sender-12", 1, "just now");
            } catch (Room.RefusedException e) {
              throw new AssertionError(e);
            }
          };
      // Said in the second one's turn: the room has the line, and the member is told behind it.
      if (when.equals("open")) {
        before.set(onAThreadOfItsOwn(said));
      }
      try (TestSocket second = plugIn("ann")) {
        if (!when.equals("open")) {
          before.set(onAThreadOfItsOwn(said));
        }
        ask(second, when.equals("join") ? "join" : "show", "lobby", 2, "");
        assertThat(lineOf(next(first, "lines"))).isEqualTo("lobby 1 ann: just now");
        assertThat(lineOf(next(second, "lines"))).isEqualTo("lobby 1 ann: just now");
      }
    }
  }

  private static Runnable onAThreadOfItsOwn(Runnable work) {
    return () -> CompletableFuture.runAsync(work).join();
  }

  @Test
  void memberOfManyFullRooms_plugsIn_andReadsThemPageByPage() throws Exception {
    String text = "\u00e4".repeat(Member.LINE_MAX);
    try (TestSocket ann = plugIn("ann")) {
      for (int room = 1; room <= 6; room++) {
        ask(ann, "join", "room " + room, room, "");
        next(ann, "taken");
        for (int line = 1; line <= 40; line++) {
          room("room " + room).say("ann", "sender-12", line, text);
        }
        test.awaitQuiet();
        ann.texts();
      }
    }
    try (TestSocket ann = plugIn("ann")) {
      assertThat(next(ann, "rooms").get("rooms").size()).isEqualTo(6);
      for (int room = 1; room <= 6; room++) {
        int after = 0;
        while (after < 40) {
          ann.send("{\"does\":\"show\",\"room\":\"room %d\",\"after\":%d}".formatted(room, after));
          String page = ann.next();
          assertThat(page.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(64 << 10);
          JsonNode message = JSON.readTree(page);
          assertThat(message.get("lines").get(0).get("number").asInt()).isEqualTo(after + 1);
          assertThat(message.get("last").asInt()).isEqualTo(40);
          after += message.get("lines").size();
        }
      }
    }
  }

  @Test
  void senderWhoseLinesAreForgotten_isForgotten_andOthersAreNot() throws Exception {
    try (TestSocket ann = plugIn("ann")) {
      ask(ann, "join", "lobby", 1, "");
      next(ann, "taken");
      Room lobby = room("lobby");
      lobby.say("ann", "gone-tab-1", 1, "the first");
      lobby.say("ann", "kept-tab-1", 1, "the second");
      for (int key = 1; key <= Room.LINES_KEPT - 2; key++) {
        lobby.say("ann", "sender-12", key, "line " + key);
      }
      // Again, and known: both are among the lines that are kept.
      lobby.say("ann", "gone-tab-1", 1, "the first");
      lobby.say("ann", "kept-tab-1", 1, "the second");
      assertThat(lobby.last()).isEqualTo(Room.LINES_KEPT);
      lobby.say("ann", "sender-12", Room.LINES_KEPT, "one more");
      lobby.say("ann", "kept-tab-1", 1, "the second");
      assertThat(lobby.last()).isEqualTo(Room.LINES_KEPT + 1);
      lobby.say("ann", "gone-tab-1", 1, "the first, as if it were new");
      assertThat(lobby.last()).isEqualTo(Room.LINES_KEPT + 2);
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
      assertThat(next(ann, "refused").get("why").asString()).contains("join, leave, say or show");
      ann.send("no json");
      assertThat(ann.awaitEnd().code()).isEqualTo(1007);
    }
    try (TestSocket ann = plugIn("ann")) {
      ann.send("null");
      assertThat(ann.awaitEnd())
          .isEqualTo(new TestSocket.End(1007, "a message is a JSON object, not null"));
    }
  }
}
