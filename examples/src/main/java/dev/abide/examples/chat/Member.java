package dev.abide.examples.chat;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import dev.abide.annotations.OneWay;
import dev.abide.annotations.ReadOnly;
import dev.abide.engine.ClientSocket;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.OnSocket;
import dev.abide.engine.SocketRefusedException;
import dev.abide.engine.SocketRequest;
import dev.abide.engine.StoredMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Somebody who chats: in some rooms, and with any number of browsers plugged in. */
@DurableObject("member")
@Exposed(sockets = true)
public interface Member {
  /** In how many rooms one may be. */
  int ROOMS_MAX = 20;

  /** How long a line may be. */
  int LINE_MAX = 2_000;

  /** A room says that something was said in it. */
  @OneWay
  void said(String room, Room.Line line);

  /** A room says who is in it now. */
  @OneWay
  void membersChanged(String room, List<String> members);

  /** The rooms that this one is in. */
  @Exposed
  @ReadOnly
  List<String> rooms();

  /** The object. */
  final class MemberObject implements Member, OnSocket {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N} _-]{1,40}");
    private static final Pattern SENDER = Pattern.compile("[A-Za-z0-9-]{8,64}");

    private final ObjectContext context;

    /** The rooms, and of each the number of the last line that all browsers were told of. */
    private final StoredMap<String, Long> rooms;

    /** What a browser sends; what is missing is null. */
    record Message(
        String does,
        @Nullable String room,
        @Nullable String text,
        @Nullable Long key,
        @Nullable Long after) {}

    public MemberObject(ObjectContext context) {
      this.context = context;
      this.rooms = context.storage().map("rooms", String.class, Long.class);
      context.sockets().answer("ping", "pong");
    }

    @Override
    public List<String> rooms() {
      return rooms.keys();
    }

    private Room room(String name) {
      return context.get(Room.class, name);
    }

    // ---- from rooms

    @Override
    public void said(String name, Room.Line line) {
      long last = rooms.get(name, Long.MAX_VALUE);
      if (line.number() <= last) {
        return; // known, or of a room that was left
      }
      // Who has a gap behind these asks for what is in it: see show.
      List<Room.Line> lines = line.number() == last + 1 ? List.of(line) : room(name).after(last);
      rooms.put(name, line.number());
      tell(Map.of("what", "lines", "room", name, "lines", lines, "last", line.number()));
    }

    @Override
    public void membersChanged(String name, List<String> members) {
      if (rooms.contains(name)) {
        tell(Map.of("what", "members", "room", name, "members", members));
      }
    }

    private void tell(Map<String, ?> what) {
      context.sockets().broadcast(JSON.writeValueAsString(what));
    }

    // ---- from browsers

    @Override
    public void onOpen(ClientSocket socket, SocketRequest request) {
      if (!NAME.matcher(context.id()).matches()) {
        throw new SocketRefusedException(400, "a name is of letters and digits, 40 at most");
      }
      String sender =
          request
              .query("sender")
              .filter(given -> SENDER.matcher(given).matches())
              .orElseThrow(() -> new SocketRefusedException(400, "sender: " + SENDER.pattern()));
      socket.attach(sender);
      // The names alone: what waits for one browser is bounded, so it asks for one room after
      // another.
      send(socket, Map.of("what", "rooms", "rooms", rooms.keys()));
    }

    private static void send(ClientSocket socket, Map<String, ?> what) {
      socket.send(JSON.writeValueAsString(what));
    }

    /**
     * A page of a room, for one browser. It may have lines that the others were not told of yet:
     * their {@link #said} is on its way, so their number is not touched here.
     */
    private void show(ClientSocket socket, String name, long after) {
      if (!rooms.contains(name)) {
        send(socket, Map.of("what", "left", "room", name));
        return;
      }
      Room room = room(name);
      long last = room.last();
      // Older ones are in the room, and not shown.
      long from = Math.max(after, last - Room.LINES_AT_ONCE);
      send(
          socket,
          Map.of(
              "what",
              "room",
              "room",
              name,
              "members",
              room.members(),
              "after",
              from,
              "lines",
              room.after(from),
              "last",
              last));
    }

    @Override
    public void onText(ClientSocket socket, String text) {
      @Nullable Message message;
      try {
        message = JSON.readValue(text, Message.class);
      } catch (JacksonException e) {
        socket.close(1007, "a message is JSON, and says what it does");
        return;
      }
      if (message == null) {
        socket.close(1007, "a message is a JSON object, not null");
        return;
      }
      Long key = message.key();
      String room = message.room();
      if ("show".equals(message.does()) && room != null && NAME.matcher(room).matches()) {
        show(socket, room, message.after() == null ? 0 : message.after());
        return;
      }
      if (key == null || room == null || !NAME.matcher(room).matches()) {
        socket.close(1007, "a message has a key and a room of letters and digits");
        return;
      }
      try {
        switch (message.does()) {
          case "join" -> join(room);
          case "leave" -> leave(room);
          case "say" -> say(socket, room, key, message.text());
          case null, default ->
              throw new Room.RefusedException("a message does join, leave, say or show");
        }
        send(socket, Map.of("what", "taken", "key", key));
      } catch (Room.RefusedException refused) {
        send(socket, Map.of("what", "refused", "key", key, "why", "" + refused.getMessage()));
      }
    }

    private void join(String name) throws Room.RefusedException {
      if (!rooms.contains(name) && rooms.keys().size() >= ROOMS_MAX) {
        throw new Room.RefusedException("one is in " + ROOMS_MAX + " rooms at most");
      }
      long last = room(name).join(context.id());
      if (!rooms.contains(name)) {
        // Not where one was in it: lines up to there may be on their way to the browsers.
        rooms.put(name, last);
      }
      tell(Map.of("what", "joined", "room", name));
    }

    private void leave(String name) {
      room(name).leave(context.id());
      rooms.remove(name);
      tell(Map.of("what", "left", "room", name));
    }

    private void say(ClientSocket socket, String name, long key, @Nullable String text)
        throws Room.RefusedException {
      if (text == null || text.isBlank() || text.length() > LINE_MAX) {
        throw new Room.RefusedException("a line has 1 to " + LINE_MAX + " characters");
      }
      String sender = socket.attachment(String.class).orElseThrow();
      room(name).say(context.id(), sender, key, text.strip());
    }
  }
}
