package dev.abide.engine.internal.socket;

import dev.abide.engine.Caller;
import dev.abide.engine.internal.observe.Limit;
import dev.abide.engine.spi.Frame;
import dev.abide.engine.spi.SocketEvents;
import dev.abide.engine.spi.SocketWire;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One client, from its wish to plug in to its end.
 *
 * <p>Answer, and its successors: WAITING: OPEN, REFUSED. OPEN: GONE.
 *
 * <p>Threading: the first group of fields belongs to the object's turns; the second is shared
 * between the I/O thread of the wire, turns and the outbox.
 */
public final class Connection implements SocketEvents {
  static final String TOO_SLOW = "messages for this client pile up";

  private static final int WAITING = 0;
  private static final int OPEN = 1;
  private static final int REFUSED = 2;
  private static final int GONE = 3;

  /** Messages of one client that wait in the mailbox before it is read no further. */
  private static final int PENDING_MAX = 16;

  /** Bytes of them; the one that passes this is the last. */
  private static final int PENDING_BYTES_MAX = 64 << 10;

  /** Reading has stopped, and goes on when few messages are left. */
  private static final int STOPPED = 1 << 30;

  /** Reading has stopped because the mailbox is full, and goes on when no message is left. */
  private static final int FULL = 1 << 29;

  private static final int COUNT = FULL - 1;

  private static final VarHandle ANSWER;
  private static final VarHandle PENDING;
  private static final VarHandle QUEUED;
  private static final VarHandle PENDING_BYTES;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      ANSWER = lookup.findVarHandle(Connection.class, "answer", int.class);
      PENDING = lookup.findVarHandle(Connection.class, "pending", int.class);
      QUEUED = lookup.findVarHandle(Connection.class, "queued", long.class);
      PENDING_BYTES = lookup.findVarHandle(Connection.class, "pendingBytes", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final String id;

  /** Whether it only listens, to events. */
  final boolean listens;

  private final SocketRegistry registry;
  private final SocketDoor door;
  private final SocketWire wire;
  private final @Nullable Caller caller;

  /** What was agreed on, or null. */
  @Nullable String subprotocol;

  /** Whether the object has closed it, or is about to. */
  boolean closing;

  /** Whether the object is not to hear of it any more. */
  boolean forgotten;

  Set<String> tags = Set.of();
  @Nullable Attachment attachment;

  private volatile @Nullable ObjectSockets home;

  @SuppressWarnings("unused")
  private volatile int answer;

  /** Messages that wait or run, and the two marks. */
  @SuppressWarnings("unused")
  private volatile int pending;

  @SuppressWarnings("unused")
  private volatile int pendingBytes;

  /** What waits for durability, or for the client to read; by {@link Frame#cost}. */
  @SuppressWarnings("unused")
  private volatile long queued;

  /** A client that wants to plug in, and to be heard. */
  public Connection(
      SocketRegistry registry, SocketDoor door, SocketWire wire, @Nullable Caller caller) {
    this(registry, door, wire, caller, /* listens */ false);
  }

  /** A client that wants to plug in; {@code listens} if nothing comes from it. */
  public Connection(
      SocketRegistry registry,
      SocketDoor door,
      SocketWire wire,
      @Nullable Caller caller,
      boolean listens) {
    this.listens = listens;
    this.registry = registry;
    this.door = door;
    this.wire = wire;
    this.caller = caller;
    this.id = registry.nextId();
  }

  /** Who plugged in, or null. */
  public @Nullable Caller caller() {
    return caller;
  }

  /** Whether it only listens, to events. */
  public boolean listens() {
    return listens;
  }

  void home(ObjectSockets sockets) {
    home = sockets;
  }

  /** The sockets of its object; null before the object took it in. */
  public @Nullable ObjectSockets home() {
    return home;
  }

  /** Whether the object is to hear of its messages. In turns of the object. */
  public boolean heard() {
    return home != null && !closing && !forgotten;
  }

  /** Whether the object is to hear of its end. In turns of the object. */
  public boolean mourned() {
    return home != null && !forgotten;
  }

  void mark(String tag) {
    Set<String> more = new LinkedHashSet<>(tags);
    more.add(tag);
    tags = more;
  }

  void unmark(String tag) {
    Set<String> fewer = new LinkedHashSet<>(tags);
    fewer.remove(tag);
    tags = fewer;
  }

  // ---- to the client

  void open() {
    if (ANSWER.compareAndSet(this, WAITING, OPEN)) {
      wire.open(subprotocol);
      registry.opened(this);
      if (answer == GONE) {
        // It ended before it was entered, so its end took nothing out. One that ends later does.
        registry.gone(this);
      }
    } else {
      // Its wish ran out of time while the object took it in: the client has been refused, and the
      // object has one too many.
      door.ended(this, 1006, "");
    }
  }

  /** Tells the client that it may not plug in, if it was told nothing yet. From any thread. */
  public void refuse(Throwable why) {
    if (ANSWER.compareAndSet(this, WAITING, REFUSED)) {
      wire.refuse(why);
    }
  }

  /** The object took it in, and what it depends on will not be durable as far as anybody knows. */
  void dropped(Throwable why) {
    refuse(why);
    // An engine that has failed tells nobody. One that goes on has an object with one too many.
    door.ended(this, 1006, "");
  }

  /** The turn in which it wanted to plug in is over, or has left the mailbox. From any thread. */
  public void over() {
    wire.over();
  }

  /** Counts a message that is to be sent; false if too much waits already. */
  boolean reserve(Frame frame) {
    long cost = frame.cost();
    long sum = (long) QUEUED.getAndAdd(this, cost) + cost;
    // One message passes alone, however large.
    boolean room = sum <= wire.queueBytesMax() || sum == cost;
    if (!room) {
      door.met(Limit.SOCKET_QUEUE);
    }
    return room;
  }

  /** Sends what was counted. */
  void send(Frame frame) {
    if (answer == OPEN) {
      wire.send(frame);
    }
  }

  void close(int code, String reason) {
    if (answer == OPEN) {
      wire.close(code, reason);
    }
  }

  // ---- from the client

  @Override
  public boolean text(String text, int bytes) {
    ObjectSockets sockets = home;
    Frame reply = sockets == null ? null : sockets.answers().get(text);
    if (reply == null) {
      return accept(new Message.Text(text, bytes));
    }
    wire.handled(bytes);
    if (reserve(reply)) {
      wire.send(reply);
    } else {
      wire.close(1013, TOO_SLOW);
    }
    return true;
  }

  @Override
  public boolean bytes(byte[] bytes) {
    return accept(new Message.Bytes(bytes));
  }

  /** Messages come one at a time, so only their ends run beside this. */
  private boolean accept(Message message) {
    // Counted first: its turn may end before the door returns.
    PENDING.getAndAdd(this, 1);
    int bytes = (int) PENDING_BYTES.getAndAdd(this, message.length()) + message.length();
    SocketDoor.Delivery delivery = door.message(this, message);
    if (delivery == SocketDoor.Delivery.REFUSED) {
      // Nothing more is read, and the close is the registry's, which knows why: said here it would
      // overtake what turns in their grace send, and call a failed engine one that closes.
      ended(message);
      return false;
    }
    boolean full = delivery == SocketDoor.Delivery.FULL;
    while (true) {
      int seen = pending;
      int count = seen & COUNT;
      // Where all have ended meanwhile nobody would say that reading may go on. Where one has not,
      // its end comes after the mark below and finds it.
      if (count == 0 || (!full && count < PENDING_MAX && bytes < PENDING_BYTES_MAX)) {
        return true;
      }
      if (PENDING.compareAndSet(this, seen, seen | (full ? FULL : STOPPED))) {
        door.met(Limit.SOCKET_PENDING);
        return false;
      }
    }
  }

  /** A message's turn has ended, or will not come. From any thread. */
  public void ended(Message message) {
    PENDING_BYTES.getAndAdd(this, -message.length());
    int seen;
    int after;
    boolean readOn;
    do {
      seen = pending;
      int count = (seen & COUNT) - 1;
      readOn = (seen & FULL) != 0 ? count == 0 : (seen & STOPPED) != 0 && count <= PENDING_MAX / 4;
      after = readOn ? count : seen - 1;
    } while (!PENDING.compareAndSet(this, seen, after));
    wire.handled(message.length());
    if (readOn) {
      wire.readOn();
    }
  }

  @Override
  public void written(Frame frame) {
    QUEUED.getAndAdd(this, -(long) frame.cost());
  }

  @Override
  public void closed(int code, String reason) {
    if (ANSWER.compareAndSet(this, OPEN, GONE)) {
      registry.gone(this);
      door.ended(this, code, reason);
    }
  }
}
