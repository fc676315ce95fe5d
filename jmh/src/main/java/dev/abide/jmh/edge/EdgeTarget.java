package dev.abide.jmh.edge;

import dev.abide.engine.Abide;
import dev.abide.undertow.UndertowEdge;
import io.undertow.Undertow;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Serves one of the things that are compared, on loopback, until it is killed.
 *
 * <ul>
 *   <li>{@code bare PORT}: Undertow alone, each request dispatched to a virtual thread, where a
 *       counter is incremented and 1 to 20 bytes of JSON are sent. The request's body is not read.
 *   <li>{@code edge PORT}: an object in memory, called from the I/O thread through the door.
 *   <li>{@code dispatched PORT}: the same, but each request goes to a virtual thread first, as it
 *       does when there is a rule to ask.
 *   <li>{@code durable PORT DIRECTORY}: an object on disk, synced before the response leaves.
 * </ul>
 */
public final class EdgeTarget {
  private EdgeTarget() {}

  /** The kind, the port, and for {@code durable} the directory. */
  public static void main(String[] args) throws InterruptedException {
    int port = Integer.parseInt(args[1]);
    switch (args[0]) {
      case "bare" -> bare(port);
      case "edge" -> edge(port, memory(), false);
      case "dispatched" -> edge(port, memory(), true);
      case "durable" ->
          edge(
              port,
              Abide.open(Path.of(args[2]), options -> options.host(Hits.class, HitsObject::new)),
              false);
      default ->
          throw new IllegalArgumentException("bare, edge, dispatched or durable: " + args[0]);
    }
    new CountDownLatch(1).await();
  }

  private static Abide memory() {
    return Abide.inMemory(options -> options.host(Hits.class, HitsObject::new));
  }

  private static void edge(int port, Abide abide, boolean dispatched) {
    UndertowEdge edge =
        UndertowEdge.open(
            abide,
            options -> {
              options.bind("127.0.0.1", port);
              if (dispatched) {
                options.authorize((caller, type, id, method) -> true);
              }
            });
    System.out.println("serving at " + edge.port());
  }

  private static void bare(int port) {
    Executor threads = Executors.newVirtualThreadPerTaskExecutor();
    AtomicLong count = new AtomicLong();
    Undertow.builder()
        .setByteBufferPool(new DefaultByteBufferPool(true, 16 * 1024, 1000, 0, 0))
        .addHttpListener(port, "127.0.0.1")
        .setHandler(exchange -> exchange.dispatch(threads, () -> answer(exchange, count)))
        .build()
        .start();
    System.out.println("serving at " + port);
  }

  private static void answer(HttpServerExchange exchange, AtomicLong count) {
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
    exchange.getResponseSender().send(Long.toString(count.incrementAndGet()));
  }
}
