package dev.abide.examples.demo;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import dev.abide.engine.ClientSocket;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.OnSocket;
import dev.abide.engine.SocketRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An object that notes what comes and answers it, but for a few commands. */
@DurableObject("ledger")
@Exposed(sockets = true)
interface Ledger {
  /** The object. */
  final class LedgerObject implements Ledger, OnSocket {
    private static final Map<String, List<String>> CAME = new ConcurrentHashMap<>();
    private static final Map<String, List<String>> SEEN = new ConcurrentHashMap<>();

    private final String id;

    LedgerObject(ObjectContext context) {
      this.id = context.id();
    }

    /** What came to the object of this id, in its order; ids are unique to a test. */
    static List<String> came(String id) {
      return CAME.computeIfAbsent(id, _ -> new CopyOnWriteArrayList<>());
    }

    /** From where its clients wanted to take up, in their order. */
    static List<String> seen(String id) {
      return SEEN.computeIfAbsent(id, _ -> new CopyOnWriteArrayList<>());
    }

    @Override
    public void onOpen(ClientSocket socket, SocketRequest request) {
      seen(id).add(request.query("name").orElse("") + request.query("seen").orElse("nowhere"));
    }

    @Override
    public void onText(ClientSocket socket, String text) {
      came(id).add(text);
      if (text.startsWith("close ")) {
        socket.close(Integer.parseInt(text.substring(6)), "as asked");
        return;
      }
      switch (text) {
        case "fail" -> throw new IllegalArgumentException("a turn that fails");
        case "many" -> {
          for (int i = 1; i <= 5; i++) {
            socket.send("many " + i);
          }
        }
        case "ping" -> {
          // Who is mute has a connection that is dead, for all that a client can see.
          if (!id.startsWith("mute")) {
            socket.send("pong");
          }
        }
        default -> socket.send("settle " + text);
      }
    }
  }
}
