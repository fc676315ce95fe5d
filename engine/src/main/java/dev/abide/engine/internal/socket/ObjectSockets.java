package dev.abide.engine.internal.socket;

import dev.abide.engine.AbideException;
import dev.abide.engine.LimitException;
import dev.abide.engine.spi.Frame;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sockets of one object, and what its running turn does with them. Outlives the instance, and
 * the activation too, while a client is plugged in.
 *
 * <p>Threading: owned by the object's turns, but for {@link #answers}.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>It is in the registry exactly while it has connections.
 *   <li>Between turns nothing is held and nothing is to be undone.
 * </ul>
 */
public final class ObjectSockets {
  static final long TURN_BYTES_MAX = 64L << 20;
  private static final int ANSWERS_MAX = 16;

  private final SocketRegistry registry;
  private final String type;
  private final String id;
  private final Outbox outbox;

  /** Those that are plugged in or about to be; closed ones until their end is known. */
  private final Map<String, Connection> connections = new LinkedHashMap<>();

  private final List<Output> held = new ArrayList<>(0);
  private final List<Runnable> undo = new ArrayList<>(0);
  private long heldBytes;

  /** What the object has asked for so far; published behind the gate. */
  private Map<String, Frame> asked = Map.of();

  /** Read by I/O threads. */
  private volatile Map<String, Frame> answers = Map.of();

  ObjectSockets(SocketRegistry registry, String type, String id) {
    this.registry = registry;
    this.type = type;
    this.id = id;
    this.outbox = new Outbox(registry, this);
  }

  String type() {
    return type;
  }

  String id() {
    return id;
  }

  // ---- connections

  /** Those that the object has not closed. */
  List<Connection> present() {
    List<Connection> present = new ArrayList<>(connections.size());
    for (Connection connection : connections.values()) {
      if (!connection.closing) {
        present.add(connection);
      }
    }
    return present;
  }

  /** Whether no client is plugged in. */
  public boolean isEmpty() {
    return connections.isEmpty();
  }

  /** Whether nothing is lost if the object's turns forget it: for another, see the registry. */
  public boolean idle() {
    return connections.isEmpty() && held.isEmpty() && undo.isEmpty();
  }

  /** A client plugs in, in this turn. */
  public void add(Connection connection) {
    if (connections.isEmpty()) {
      registry.keep(this);
    }
    connections.put(connection.id, connection);
    connection.home(this);
    undo.add(() -> remove(connection));
    hold(new Output.Opened(connection));
  }

  /** A connection has ended. Not undone if the turn throws: it has. */
  public void remove(Connection connection) {
    if (connections.remove(connection.id) != null && connections.isEmpty()) {
      registry.forget(this);
    }
  }

  /** The object is deleted, and all its clients are told so; the object is not told of them. */
  public void removeAll() {
    for (Connection connection : List.copyOf(connections.values())) {
      if (!connection.closing) {
        connection.closing = true;
        hold(new Output.Closed(connection, 1000, "the object was deleted"));
      }
      connection.forgotten = true;
      remove(connection);
    }
    asked = Map.of();
    hold(new Output.Answers(this, asked));
  }

  // ---- what a turn sends and changes

  private void hold(Output output) {
    held.add(output);
  }

  /** Sends a message when the turn has ended well. */
  void send(Collection<Connection> to, Frame frame) {
    if (to.isEmpty()) {
      return;
    }
    long sum = heldBytes + frame.cost() + 8L * to.size();
    if (sum > TURN_BYTES_MAX) {
      throw new LimitException(
          "a turn of "
              + this
              + " has sent "
              + sum
              + " bytes to sockets; the limit is "
              + TURN_BYTES_MAX
              + ". Send less in one turn",
          sum,
          TURN_BYTES_MAX);
    }
    heldBytes = sum;
    hold(new Output.Sent(List.copyOf(to), frame));
  }

  /** Closes when the turn has ended well. */
  void close(Connection connection, int code, String reason) {
    if (!connection.closing) {
      connection.closing = true;
      undo.add(() -> connection.closing = false);
      hold(new Output.Closed(connection, code, reason));
    }
  }

  /** Will be called if the turn throws. */
  void onUndo(Runnable step) {
    undo.add(step);
  }

  /** Sets an answer when the turn has ended well. */
  void answer(String text, Frame reply) {
    Map<String, Frame> more = new HashMap<>(asked);
    more.put(text, reply);
    if (more.size() > ANSWERS_MAX) {
      throw new LimitException(
          this
              + " has "
              + ANSWERS_MAX
              + " answers to fixed messages, as many as an object may; answer others in onText",
          more.size(),
          ANSWERS_MAX);
    }
    Map<String, Frame> before = asked;
    asked = Map.copyOf(more);
    undo.add(() -> asked = before);
    hold(new Output.Answers(this, asked));
  }

  // ---- the end of a turn

  /** Whether the turn has sent something. */
  public boolean hasOutput() {
    return !held.isEmpty();
  }

  /** The turn ended well: what it sent leaves when the one commit is synced, the other written. */
  public void commit(long durable, long written) {
    undo.clear();
    heldBytes = 0;
    if (held.isEmpty()) {
      return;
    }
    List<Output> outputs = new ArrayList<>(held.size());
    for (Output output : held) {
      if (output instanceof Output.Sent sent) {
        queue(sent, outputs);
      } else {
        outputs.add(output);
      }
    }
    held.clear();
    outbox.add(new Batch(durable, written, outputs));
  }

  /**
   * Counts a message for those who get it. Who has too much waiting is closed, behind what it has:
   * counted here and not when it leaves, so that a slow disk fills no memory either.
   */
  private static void queue(Output.Sent sent, List<Output> outputs) {
    List<Connection> slow = new ArrayList<>(0);
    for (Connection connection : sent.to()) {
      if (!connection.reserve(sent.frame())) {
        slow.add(connection);
      }
    }
    if (slow.isEmpty()) {
      outputs.add(sent);
      return;
    }
    List<Connection> rest = new ArrayList<>(sent.to());
    rest.removeAll(slow);
    outputs.add(new Output.Sent(rest, sent.frame()));
    for (Connection connection : slow) {
      if (!connection.closing) {
        connection.closing = true;
        outputs.add(new Output.Closed(connection, 1013, Connection.TOO_SLOW));
      }
    }
  }

  /** The turn threw: nothing of it leaves, and what it changed is as it was. */
  public void rollback() {
    held.clear();
    heldBytes = 0;
    for (int last = undo.size() - 1; last >= 0; last--) {
      undo.get(last).run();
    }
    undo.clear();
  }

  /** A turn that took a client in has failed; tells the client, behind the gate. */
  public void refuse(Connection connection, Throwable failure, long durable, long written) {
    hold(new Output.Refused(connection, failure));
    commit(durable, written);
  }

  /** The turn of a client's message has failed; the client is closed, behind the gate. */
  public void closeFailed(Connection connection, Throwable failure, long durable, long written) {
    boolean later = failure instanceof AbideException refused && refused.retryable();
    if (later) {
      close(connection, 1013, "the message could not be handled now");
    } else {
      close(connection, 1011, "the message could not be handled");
    }
    commit(durable, written);
  }

  // ---- answers that wake nothing

  void publishAnswers(Map<String, Frame> published) {
    answers = published;
  }

  Map<String, Frame> answers() {
    return answers;
  }

  @Override
  public String toString() {
    return type + "/" + id;
  }
}
