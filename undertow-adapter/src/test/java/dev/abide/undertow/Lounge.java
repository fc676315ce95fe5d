package dev.abide.undertow;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import dev.abide.annotations.ReadOnly;
import dev.abide.engine.Cell;
import dev.abide.engine.ClientSocket;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.OnSocket;
import dev.abide.engine.SocketRefusedException;
import dev.abide.engine.SocketRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** An object that clients plug in to; it echoes, but for a few commands. */
@DurableObject("lounge")
@Exposed(sockets = true)
interface Lounge {
  @Exposed
  long count();

  @Exposed
  @ReadOnly
  int clients();

  @Exposed
  void broadcast(String text, int times);

  /** The object. */
  final class LoungeObject implements Lounge, OnSocket {
    private static final Map<String, List<String>> EVENTS = new ConcurrentHashMap<>();

    /** Turns of "hold" wait for the latch of their id. */
    static final Map<String, CountDownLatch> HOLDS = new ConcurrentHashMap<>();

    private final ObjectContext context;
    private final Cell<Long> count;

    LoungeObject(ObjectContext context) {
      this.context = context;
      this.count = context.storage().cell("count", Long.class, 0L);
      event("wake");
      context.sockets().answer("ping", "pong");
    }

    /** What happened to the object of this id; ids are unique to a test. */
    static List<String> events(String id) {
      return EVENTS.computeIfAbsent(id, _ -> new CopyOnWriteArrayList<>());
    }

    private void event(String what) {
      events(context.id()).add(what);
    }

    @Override
    public long count() {
      return count.update(n -> n + 1);
    }

    @Override
    public int clients() {
      return context.sockets().all().size();
    }

    @Override
    public void broadcast(String text, int times) {
      for (int i = 0; i < times; i++) {
        context.sockets().broadcast(text);
      }
    }

    @Override
    public void onOpen(ClientSocket socket, SocketRequest request) {
      event("open");
      if (request.query("refuse").isPresent()) {
        throw new SocketRefusedException(409, "the lounge is full");
      }
      if (request.query("hold").isPresent()) {
        boolean interrupted = false;
        while (HOLDS.get(context.id()).getCount() > 0) {
          try {
            HOLDS.get(context.id()).await();
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
        event("held, interrupted: " + interrupted);
      }
      if (request.query("fail").isPresent()) {
        throw new IllegalArgumentException("a secret");
      }
      if (request.subprotocols().contains("v2")) {
        request.choose("v2");
      }
      request
          .query("show")
          .ifPresent(shown ->
              socket.send(
                  request.path() + " " + shown + " " + request.header("x-colour").orElse("none")));
      request.query("hello").ifPresent(socket::send);
      request.caller().ifPresent(caller -> socket.send("caller " + caller.name()));
    }

    @Override
    public void onText(ClientSocket socket, String text) throws Exception {
      switch (text) {
        case "count" -> socket.send("" + count.update(n -> n + 1));
        case "fail" -> throw new IllegalArgumentException("a secret");
        case "bye" -> {
          socket.send("last");
          socket.close(4001, "as you wish");
        }
        case "hold" -> {
          event("hold");
          HOLDS.get(context.id()).await();
        }
        default -> socket.send(text);
      }
    }

    @Override
    public void onBytes(ClientSocket socket, byte[] bytes) {
      socket.send(bytes);
    }

    @Override
    public void onClose(ClientSocket socket, int code, String reason) {
      event("close " + code + " " + reason);
    }
  }
}
