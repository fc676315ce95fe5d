package dev.abide.examples.document;

import dev.abide.engine.Cell;
import dev.abide.engine.ClientSocket;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.OnSocket;
import dev.abide.engine.SocketRefusedException;
import dev.abide.engine.SocketRequest;
import dev.abide.engine.Sockets;
import dev.abide.engine.StoredMap;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Each entry has a number; a client says up to which it knows them, and gets the rest. Each message
 * of a client has a key that grows: one that comes again, because its answer was lost with the
 * connection, is recognised.
 *
 * <p>Who is there, and where their pointers are, is kept with the connections and nowhere else: it
 * ends with them, also when the process is killed.
 */
public final class DocumentObject implements Document, OnSocket {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern CLIENT = Pattern.compile("[A-Za-z0-9-]{8,64}");
  private static final Pattern COLOUR = Pattern.compile("#[0-9a-f]{6}");
  private static final int NAME_MAX = 40;
  private static final int WIDTH_MAX = 64;

  /**
   * How many characters, which are ASCII, the entries of one page have; a client asks for the next
   * page when it has this one. What waits for one client is bounded, and others' strokes come too.
   */
  private static final int PAGE_MAX = 64 << 10;

  /** Marks who does not have the history yet: what happens now is on one of its next pages. */
  private static final String BEHIND = "behind";

  private final ObjectContext context;
  private final Sockets sockets;
  private final StoredMap<Long, Entry> entries;
  private final Cell<Long> length;

  /** Strokes that were taken back, and by which entry. */
  private final StoredMap<Long, Long> undone;

  /** The numbers of strokes, by their client and its key. */
  private final StoredMap<String, Long> drawn;

  /** The last key of each client that was taken. */
  private final StoredMap<String, Long> taken;

  /** What a client sends; what is missing is null. */
  record Message(
      String does,
      @Nullable Long key,
      @Nullable String colour,
      @Nullable Integer width,
      @Nullable List<Integer> points,
      @Nullable Long stroke,
      @Nullable Long strokeKey,
      @Nullable Integer x,
      @Nullable Integer y,
      @Nullable Long seen) {}

  public DocumentObject(ObjectContext context) {
    this.context = context;
    this.sockets = context.sockets();
    this.entries = context.storage().map("entries", Long.class, Entry.class);
    this.length = context.storage().cell("length", Long.class, 0L);
    this.undone = context.storage().map("undone", Long.class, Long.class);
    this.drawn = context.storage().map("drawn", String.class, Long.class);
    this.taken = context.storage().map("taken", String.class, Long.class);
    sockets.answer("ping", "pong");
  }

  @Override
  public long length() {
    return length.get();
  }

  @Override
  public void onOpen(ClientSocket socket, SocketRequest request) {
    String client = checked(request.query("client"), CLIENT, "client");
    String colour = checked(request.query("colour"), COLOUR, "colour");
    String name = request.query("name").map(String::strip).orElse("");
    if (name.isEmpty() || name.length() > NAME_MAX) {
      throw new SocketRefusedException(400, "name: 1 to " + NAME_MAX + " characters");
    }
    socket.attach(new Person(client, name, colour));
    socket.send(json(Map.of("what", "you", "who", shown(client))));
    tellPeople();
    sendAfter(socket, request.query("seen").map(DocumentObject::number).orElse(0L));
  }

  private static String checked(Optional<String> text, Pattern pattern, String what) {
    return text.filter(given -> pattern.matcher(given).matches())
        .orElseThrow(() -> new SocketRefusedException(400, what + ": " + pattern.pattern()));
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new SocketRefusedException(400, "seen: a number");
    }
  }

  @Override
  public void onClose(ClientSocket socket, int code, String reason) {
    tellPeople();
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
    Person person = socket.attachment(Person.class).orElseThrow();
    switch (message.does()) {
      case "stroke", "undo" -> write(socket, person, message);
      case "point" -> tellPoint(socket, person, message);
      case "more" -> sendAfter(socket, message.seen() == null ? 0 : message.seen());
      case null, default -> socket.close(1007, "a message does stroke, undo, point or more");
    }
  }

  /** A change of the board: it is on disk before anybody sees it. */
  private void write(ClientSocket socket, Person person, Message message) {
    if (message.key() == null) {
      socket.close(1007, "a change has a key");
      return;
    }
    long key = message.key();
    if (key <= taken.get(person.client(), 0L)) {
      // Here already, or refused before a later one was taken: the answer was lost.
      sendTaken(socket, key);
      return;
    }
    Entry entry = message.does().equals("stroke") ? stroke(person, message) : undo(person, message);
    if (entry == null || length.get() >= ENTRIES_MAX) {
      socket.send(json(Map.of("what", "refused", "key", key)));
      return;
    }
    taken.put(person.client(), key);
    long number = length.update(n -> n + 1);
    entries.put(number, entry);
    switch (entry) {
      case Stroke stroke -> drawn.put(nameOf(stroke.client(), key), number);
      case Undo undo -> undone.put(undo.stroke(), number);
    }
    tellAllBut(null, json(Map.of("what", "entries", "entries", List.of(shown(number, entry)))));
    sendTaken(socket, key);
  }

  private static String nameOf(String client, long key) {
    return client + " " + key;
  }

  /** Settles a message: what came of it is among as many entries as there are now. */
  private void sendTaken(ClientSocket socket, long key) {
    socket.send(json(Map.of("what", "taken", "key", key, "length", length.get())));
  }

  /** To those who have the history: the others' queues are for the history. */
  private void tellAllBut(@Nullable ClientSocket author, String text) {
    Set<String> behind =
        sockets.tagged(BEHIND).stream().map(ClientSocket::id).collect(Collectors.toSet());
    if (behind.isEmpty()) {
      // The same bytes for all.
      if (author == null) {
        sockets.broadcast(text);
      } else {
        sockets.broadcast(text, author);
      }
      return;
    }
    for (ClientSocket socket : sockets.all()) {
      if (!behind.contains(socket.id()) && (author == null || !author.id().equals(socket.id()))) {
        socket.send(text);
      }
    }
  }

  private @Nullable Stroke stroke(Person person, Message message) {
    List<Integer> points = message.points();
    Integer width = message.width();
    String colour = message.colour();
    if (points == null
        || points.size() < 2
        || points.size() > NUMBERS_MAX
        || points.size() % 2 != 0
        || points.stream().anyMatch(at -> at == null || at < 0 || at > WIDTH)
        || width == null
        || colour == null
        || !isPen(colour, width)) {
      return null;
    }
    return new Stroke(
        person.client(), keyOf(message), context.clock().instant(), colour, width, points);
  }

  /** One's own strokes only, and each once. */
  private @Nullable Undo undo(Person person, Message message) {
    // By its key where the client does not know its number yet.
    Long stroke =
        message.strokeKey() == null
            ? message.stroke()
            : drawn.find(nameOf(person.client(), message.strokeKey())).orElse(null);
    if (stroke == null
        || !(entries.find(stroke).orElse(null) instanceof Stroke drawn)
        || !drawn.client().equals(person.client())) {
      return null;
    }
    return undone.contains(stroke)
        ? null
        : new Undo(person.client(), keyOf(message), context.clock().instant(), stroke);
  }

  private static long keyOf(Message message) {
    Long key = message.key();
    return key == null ? 0 : key;
  }

  /** Where a pointer is, and how it draws if it does. Written nowhere. */
  private void tellPoint(ClientSocket socket, Person person, Message message) {
    Map<String, Object> point = new LinkedHashMap<>();
    if (message.x() == null || message.y() == null) {
      return;
    }
    point.put("what", "point");
    point.put("who", shown(person.client()));
    point.put("x", message.x());
    point.put("y", message.y());
    if (isPen(message.colour(), message.width())) {
      point.put("colour", message.colour());
      point.put("width", message.width());
    }
    tellAllBut(socket, json(point));
  }

  private static boolean isPen(@Nullable String colour, @Nullable Integer width) {
    return colour != null
        && COLOUR.matcher(colour).matches()
        && width != null
        && width >= 1
        && width <= WIDTH_MAX;
  }

  private void tellPeople() {
    Map<String, Map<String, String>> people = new LinkedHashMap<>();
    for (ClientSocket socket : sockets.all()) {
      socket
          .attachment(Person.class)
          .ifPresent(person -> {
            String who = shown(person.client());
            people.put(who, Map.of("who", who, "name", person.name(), "colour", person.colour()));
          });
    }
    sockets.broadcast(json(Map.of("what", "people", "people", people.values())));
  }

  /** One page of the history. Whoever gets the last one is told of all that follows it. */
  private void sendAfter(ClientSocket socket, long seen) {
    StringBuilder page = new StringBuilder();
    long last = seen;
    try (Stream<Map.Entry<Long, Entry>> after = entries.after(seen).stream()) {
      for (Map.Entry<Long, Entry> entry : (Iterable<Map.Entry<Long, Entry>>) after::iterator) {
        String text = json(shown(entry.getKey(), entry.getValue()));
        if (page.length() + text.length() >= PAGE_MAX) {
          break; // one stroke of 1,000 points has 12,000 characters: no page is empty
        }
        page.append(page.isEmpty() ? "" : ",").append(text);
        last = entry.getKey();
      }
    }
    if (last < length.get()) {
      socket.tag(BEHIND);
    } else {
      socket.untag(BEHIND);
    }
    socket.send(
        "{\"what\":\"entries\",\"entries\":[%s],\"length\":%d}".formatted(page, length.get()));
  }

  /**
   * Who it is, for others. The client's own name is a secret: whoever knows it may plug in as that
   * client, and take back its strokes.
   */
  private static String shown(String client) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(client.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private static Map<String, Object> shown(long number, Entry entry) {
    return switch (entry) {
      case Stroke stroke ->
          Map.of(
              "n", number,
              "who", shown(stroke.client()),
              "key", stroke.key(),
              "at", stroke.at().toEpochMilli(),
              "colour", stroke.colour(),
              "width", stroke.width(),
              "points", stroke.points());
      case Undo undo ->
          Map.of(
              "n", number,
              "who", shown(undo.client()),
              "key", undo.key(),
              "at", undo.at().toEpochMilli(),
              "stroke", undo.stroke());
    };
  }

  private static String json(Map<String, ?> value) {
    return JSON.writeValueAsString(value);
  }
}
