package dev.abide.undertow;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import dev.abide.annotations.OneWay;
import dev.abide.engine.Caller;
import dev.abide.engine.Cell;
import dev.abide.engine.ClientSocket;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.OnRequest;
import dev.abide.engine.OnSocket;
import dev.abide.engine.Request;
import dev.abide.engine.ResetException;
import dev.abide.engine.Response;
import dev.abide.engine.ServerEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** An object that takes raw requests; the path says what it does. */
@DurableObject("kiosk")
@Exposed(requests = true)
interface Kiosk {
  @Exposed
  void tell(String text);

  @Exposed
  @OneWay
  void note(String text);

  @Exposed
  void reset();

  /** The object. */
  final class KioskObject implements Kiosk, OnRequest, OnSocket {
    private static final Map<String, List<String>> EVENTS = new ConcurrentHashMap<>();

    /** How many bytes endless streams have written, by id. */
    static final Map<String, AtomicLong> WRITTEN = new ConcurrentHashMap<>();

    /** Requests of "/hold", and streams of "/half", wait for the latch of their id. */
    static final Map<String, CountDownLatch> HOLDS = new ConcurrentHashMap<>();

    private final ObjectContext context;
    private final Cell<Long> number;

    KioskObject(ObjectContext context) {
      this.context = context;
      this.number = context.storage().cell("number", Long.class, 0L);
      event("wake");
    }

    static List<String> events(String id) {
      return EVENTS.computeIfAbsent(id, _ -> new CopyOnWriteArrayList<>());
    }

    private void event(String what) {
      events(context.id()).add(what);
    }

    @Override
    public void tell(String text) {
      long next = number.update(n -> n + 1);
      context.sockets().broadcast(ServerEvent.of(next, text));
    }

    @Override
    public void note(String text) {
      event("note " + text.length());
    }

    @Override
    public void reset() {
      throw new ResetException("as asked");
    }

    @Override
    public void onClose(ClientSocket socket, int code, String reason) {
      event("close " + code);
    }

    @Override
    public Response onRequest(Request request) throws Exception {
      String id = context.id();
      return switch (request.path()) {
        case "/echo" ->
            Response.bytes(
                    request.header("content-type").orElse("application/octet-stream"),
                    request.body())
                .header("X-Method", request.method())
                .header("X-Query", "" + request.query().get("a"))
                .header("X-Caller", context.caller().map(Caller::name).orElse("nobody"))
                .header("X-Two", "a")
                .header("X-Two", "b");
        case "/cached" -> Response.text("x").header("Cache-Control", "max-age=60");
        case "/none" -> Response.of(204);
        case "/fail" -> {
          number.set(-1L);
          throw new IllegalArgumentException("a secret");
        }
        case "/large" -> Response.bytes("text/plain", new byte[2 << 20]);
        case "/hold" -> {
          HOLDS.get(id).await();
          yield Response.text("held");
        }
        case "/stubborn" -> {
          event("stubborn");
          // An interrupt would be told, and does not end it.
          boolean interrupted = false;
          while (HOLDS.get(id).getCount() > 0) {
            try {
              HOLDS.get(id).await();
            } catch (InterruptedException e) {
              interrupted = true;
            }
          }
          yield Response.text("held, interrupted: " + interrupted);
        }
        case "/stream" ->
            Response.stream(
                "text/plain",
                out -> {
                  for (int i = 1; i <= 5; i++) {
                    long next = context.enter(() -> number.update(n -> n + 1));
                    out.write((next + "\n").getBytes(StandardCharsets.UTF_8));
                  }
                });
        case "/empty" -> Response.stream("text/plain", out -> {});
        case "/half" ->
            Response.stream(
                "text/plain",
                out -> {
                  out.write("half".getBytes(StandardCharsets.UTF_8));
                  HOLDS.get(id).await();
                  throw new IllegalStateException("broken");
                });
        case "/endless" ->
            Response.stream(
                "text/plain",
                out -> {
                  byte[] piece = new byte[8 << 10];
                  try {
                    while (true) {
                      out.write(piece);
                      WRITTEN.computeIfAbsent(id, _ -> new AtomicLong()).addAndGet(piece.length);
                    }
                  } finally {
                    // Not by the context, which may be gone with its instance.
                    events(id).add("stream ended");
                  }
                });
        case "/events" -> {
          String last = request.header("last-event-id").orElse("none");
          yield Response.events(socket -> socket.send("after " + last));
        }
        default -> Response.text("no " + request.path()).status(404);
      };
    }
  }
}
