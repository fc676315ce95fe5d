package dev.abide.engine.internal.socket;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of one engine: by object, so that they outlive its sleep, and all together, so that
 * the engine's end reaches them.
 *
 * <p>Threading: safe for all threads. An object's own sockets belong to its turns.
 */
public final class SocketRegistry {
  private record Key(String type, String id) {}

  private record Ending(int code, String reason) {}

  private final SocketGate gate;
  private final ConcurrentHashMap<Key, ObjectSockets> objects = new ConcurrentHashMap<>();
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger batches = new AtomicInteger();

  /**
   * Ids differ from those of all other engines, and of this one's earlier lives, by the first half.
   */
  private final String idPrefix = Long.toString(ThreadLocalRandom.current().nextLong(), 36) + ".";

  private final AtomicLong ids = new AtomicLong();
  private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();

  /** An engine's registry. */
  public SocketRegistry(SocketGate gate) {
    this.gate = gate;
  }

  SocketGate gate() {
    return gate;
  }

  String nextId() {
    return idPrefix + Long.toString(ids.incrementAndGet(), 36);
  }

  /** The object's sockets; empty ones if it has none. In turns of the object only. */
  public ObjectSockets of(String type, String id) {
    ObjectSockets known = objects.get(new Key(type, id));
    return known == null ? new ObjectSockets(this, type, id) : known;
  }

  /** In turns of the object only, so no two threads do this or the next for one object. */
  void keep(ObjectSockets sockets) {
    objects.put(new Key(sockets.type(), sockets.id()), sockets);
  }

  void forget(ObjectSockets sockets) {
    objects.remove(new Key(sockets.type(), sockets.id()));
  }

  /** A connection has been opened; closes it if all are being closed. */
  void opened(Connection connection) {
    // Either it is in the set before the end is looked for, and found there, or it sees the end.
    open.add(connection);
    Ending end = ending.get();
    if (end != null) {
      connection.close(end.code(), end.reason());
    }
  }

  void gone(Connection connection) {
    open.remove(connection);
  }

  /**
   * Closes all that are open, and all that will be. The first end counts. A connection that cannot
   * be closed is reported, and tried again at the next end; it keeps no other one open, and nothing
   * of it comes to the caller, who has more to end.
   */
  public void end(int code, String reason) {
    Ending mine = new Ending(code, reason);
    // Two may come at once: one that closes the engine, one whose journal failed meanwhile.
    Ending first = ending.compareAndExchange(null, mine);
    Ending all = first == null ? mine : first;
    for (Connection connection : open) {
      try {
        connection.close(all.code(), all.reason());
      } catch (Throwable failed) {
        ObjectSockets home = connection.home();
        failed(home == null ? "" : home.type(), home == null ? "" : home.id(), failed);
      }
    }
  }

  /** Reports what of an object's could not be let go. Throws nothing. */
  void failed(String type, String id, Throwable failure) {
    try {
      gate.failed(type, id, failure);
    } catch (Throwable _) {
      // No memory to say it with, most likely, and there is nobody else to tell. It is not kept
      // with the failure: where memory has ended both may be the same instance.
    }
  }

  /** How many are open. */
  public int count() {
    return open.size();
  }

  /** How many turns' output waits for durability. */
  public int waiting() {
    return batches.get();
  }

  void batchWaits() {
    batches.incrementAndGet();
  }

  void batchGone() {
    batches.decrementAndGet();
  }
}
