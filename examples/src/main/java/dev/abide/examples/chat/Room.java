package dev.abide.examples.chat;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import dev.abide.annotations.ReadOnly;
import dev.abide.annotations.Stored;
import dev.abide.annotations.StoredAs;
import dev.abide.engine.Cell;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.OverloadedException;
import dev.abide.engine.StoredMap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A room: who is in it, and what was said, by number. It tells its members, and knows no browser.
 */
@DurableObject("room")
public interface Room {
  /** How many may be in it. */
  int MEMBERS_MAX = 200;

  /** How many lines are kept. */
  int LINES_KEPT = 1_000;

  /** How many lines are told at once. */
  int LINES_AT_ONCE = 100;

  /** How many bytes their texts may take as JSON, in UTF-8, but for one longer line. */
  int BYTES_AT_ONCE = 40 << 10;

  /** Something that was said. */
  @Stored
  record Line(
      @StoredAs(1) long number,
      @StoredAs(2) Instant at,
      @StoredAs(3) String from,
      @StoredAs(4) String text) {}

  /** What was asked for cannot be in this room. */
  final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    /** Says why. */
    public RefusedException(String why) {
      super(why);
    }
  }

  /** Lets somebody in; returns the number of the last line. */
  long join(String member) throws RefusedException;

  /** Lets somebody out. */
  void leave(String member);

  /**
   * Says something to all who are in.
   *
   * @param sender the browser's tab that says it
   * @param key the tab's own number for it; one that comes again is taken for what it is
   */
  void say(String member, String sender, long key, String text) throws RefusedException;

  /** Who is in. */
  @Exposed
  @ReadOnly
  List<String> members();

  /** What was said after the line of that number, 100 lines and 40 KiB of text at most. */
  @Exposed
  @ReadOnly
  List<Line> after(long number);

  /** The number of the last line. */
  @Exposed
  @ReadOnly
  long last();

  /** The object. */
  final class RoomObject implements Room {
    private final ObjectContext context;
    private final StoredMap<String, Instant> members;
    private final StoredMap<Long, Line> lines;
    private final Cell<Long> last;

    /**
     * The last key of each sender, the number of the line that it said last, and who said it. A
     * sender is forgotten with that line: one that says it again later says it twice.
     */
    private final StoredMap<String, Long> taken;

    private final StoredMap<String, Long> lastOf;
    private final StoredMap<Long, String> senders;

    public RoomObject(ObjectContext context) {
      this.context = context;
      this.members = context.storage().map("members", String.class, Instant.class);
      this.lines = context.storage().map("lines", Long.class, Line.class);
      this.last = context.storage().cell("last", Long.class, 0L);
      this.taken = context.storage().map("taken", String.class, Long.class);
      this.lastOf = context.storage().map("lastOf", String.class, Long.class);
      this.senders = context.storage().map("senders", Long.class, String.class);
    }

    @Override
    public long join(String member) throws RefusedException {
      if (!members.contains(member)) {
        if (members().size() >= MEMBERS_MAX) {
          throw new RefusedException(
              MEMBERS_MAX + " are in the room " + context.id() + ", as many as may be");
        }
        members.put(member, context.clock().instant());
        tellMembers();
      }
      return last.get();
    }

    @Override
    public void leave(String member) {
      if (members.contains(member)) {
        members.remove(member);
        tellMembers();
      }
    }

    @Override
    public void say(String member, String sender, long key, String text) throws RefusedException {
      if (!members.contains(member)) {
        throw new RefusedException(member + " is not in the room " + context.id());
      }
      if (key <= taken.get(sender, 0L)) {
        return;
      }
      taken.put(sender, key);
      long number = last.update(n -> n + 1);
      Line line = new Line(number, context.clock().instant(), member, text);
      lines.put(number, line);
      lastOf.find(sender).ifPresent(senders::remove);
      lastOf.put(sender, number);
      senders.put(number, sender);
      forgetBefore(number - LINES_KEPT + 1);
      tell(each -> each.said(context.id(), line));
    }

    private void forgetBefore(long number) {
      lines.before(number).clear();
      for (String gone : senders.before(number).values()) {
        taken.remove(gone);
        lastOf.remove(gone);
      }
      senders.before(number).clear();
    }

    private void tellMembers() {
      List<String> now = members();
      tell(each -> each.membersChanged(context.id(), now));
    }

    /**
     * One way: the room waits for nobody, and a member that says something to it is not called back
     * by its own chain. Who misses a line, full or in a crash, finds the gap at the next one.
     */
    private void tell(Consumer<Member> what) {
      for (String member : members()) {
        try {
          what.accept(context.get(Member.class, member));
        } catch (OverloadedException full) {
          // As above.
        }
      }
    }

    @Override
    public List<String> members() {
      return members.keys();
    }

    @Override
    public List<Line> after(long number) {
      List<Line> page = new ArrayList<>();
      int bytes = 0;
      for (Line line : lines.after(number).limit(LINES_AT_ONCE).values()) {
        bytes += line.text().chars().map(RoomObject::bytesAtMost).sum();
        if (bytes > BYTES_AT_ONCE && !page.isEmpty()) {
          break;
        }
        page.add(line);
      }
      return page;
    }

    /** Of one char in JSON: escaped by a code, escaped by a backslash at most, or in UTF-8. */
    private static int bytesAtMost(int character) {
      return character < ' ' ? 6 : character < 0x80 ? 2 : 3;
    }

    @Override
    public long last() {
      return last.get();
    }
  }
}
