package dev.abide.jmh.edge;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import dev.abide.engine.Abide;
import dev.abide.engine.ClientSocket;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.OnSocket;
import dev.abide.engine.spi.Metrics;
import dev.abide.undertow.UndertowEdge;
import io.undertow.Undertow;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A server of sockets for {@link SocketLoad}: objects of the edge, or Undertow's own WebSockets. A
 * text comes back; one that begins with {@code *} goes to all of its object. At each line of its
 * input it says how much heap lives, and how many objects are awake.
 */
public final class SocketTarget {
  /** What clients plug in to. */
  @DurableObject("echo")
  @Exposed(sockets = true)
  interface Echo {}

  static final class EchoObject implements Echo, OnSocket {
    private final ObjectContext context;

    EchoObject(ObjectContext context) {
      this.context = context;
    }

    @Override
    public void onText(ClientSocket socket, String text) {
      if (text.startsWith("*")) {
        context.sockets().broadcast(text);
      } else {
        socket.send(text);
      }
    }
  }

  private SocketTarget() {}

  /** {@code abide} or {@code bare}. Says its port first. */
  public static void main(String[] args) throws IOException {
    LongSupplier awake = () -> 0;
    int port;
    switch (args[0]) {
      case "abide" -> {
        Abide abide = engine();
        awake = () -> awake(abide);
        port = UndertowEdge.open(abide, options -> options.bind("127.0.0.1", 0)).port();
      }
      case "bare" -> port = bare();
      default -> throw new IllegalArgumentException("abide or bare, not " + args[0]);
    }
    System.out.println(port);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (in.readLine() != null) {
      System.gc();
      System.gc();
      System.out.println(
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()
              + " "
              + awake.getAsLong());
    }
    System.exit(0);
  }

  private static Abide engine() {
    return Abide.inMemory(
        options -> options.host(Echo.class, EchoObject::new).idleTimeout(Duration.ofMillis(500)));
  }

  private static long awake(Abide abide) {
    return Metrics.of(abide).series().stream()
        .filter(series -> series.name().equals("abide.awake"))
        .mapToLong(series -> series.value().getAsLong())
        .sum();
  }

  private static int bare() {
    WebSocketConnectionCallback plugIn =
        (exchange, channel) -> {
          channel
              .getReceiveSetter()
              .set(
                  new AbstractReceiveListener() {
                    @Override
                    protected void onFullTextMessage(
                        WebSocketChannel from, BufferedTextMessage message) {
                      String text = message.getData();
                      if (text.startsWith("*")) {
                        from.getPeerConnections()
                            .forEach(peer -> WebSockets.sendText(text, peer, null));
                      } else {
                        WebSockets.sendText(text, from, null);
                      }
                    }
                  });
          channel.resumeReceives();
        };
    Undertow server =
        Undertow.builder()
            .setByteBufferPool(new DefaultByteBufferPool(true, 16 * 1024, 1000, 0, 0))
            .addHttpListener(0, "127.0.0.1")
            .setHandler(new WebSocketProtocolHandshakeHandler(plugIn))
            .build();
    server.start();
    return ((InetSocketAddress) server.getListenerInfo().getFirst().getAddress()).getPort();
  }
}
