package dev.abide.jmh.edge;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Loads a {@link SocketTarget} that it starts itself, from one thread: idle sockets (heap for each,
 * while their objects sleep), echoes (rate and latency), broadcasts (time until the last has it).
 */
public final class SocketLoad implements AutoCloseable {
  private static final int BYTES = 16;

  private final Process target;
  private final int port;
  private final BufferedReader said;
  private final OutputStream asks;
  private final Selector selector = Selector.open();
  private final List<Client> clients = new ArrayList<>();

  /** A client; counts frames of {@value #BYTES} bytes that came. */
  private static final class Client {
    final SocketChannel channel;
    final ByteBuffer in = ByteBuffer.allocate(4 * (BYTES + 2));
    long sent;

    Client(SocketChannel channel) {
      this.channel = channel;
    }
  }

  private SocketLoad(String kind) throws IOException {
    target =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseCompactObjectHeaders",
                "-cp",
                System.getProperty("java.class.path"),
                SocketTarget.class.getName(),
                kind)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    said = target.inputReader(StandardCharsets.UTF_8);
    asks = target.getOutputStream();
    String first = said.readLine();
    if (first == null) {
      throw new IOException("the target " + kind + " did not start");
    }
    port = Integer.parseInt(first);
  }

  /** {@code [IDLE] [OBJECTS] [ECHOERS] [SECONDS] [LISTENERS] [ROUNDS]}. */
  public static void main(String[] args) throws Exception {
    int[] given = {10_000, 1_000, 64, 5, 1_000, 3};
    for (int i = 0; i < args.length; i++) {
      given[i] = Integer.parseInt(args[i]);
    }
    for (int round = 0; round < given[5]; round++) {
      for (String kind : List.of("abide", "bare")) {
        try (SocketLoad load = new SocketLoad(kind)) {
          load.echo(given[2], 2);
          System.out.println(kind + " echo " + load.echo(given[2], given[3]));
        }
        try (SocketLoad load = new SocketLoad(kind)) {
          System.out.println(kind + " broadcast " + load.broadcast(given[4]));
        }
        try (SocketLoad load = new SocketLoad(kind)) {
          System.out.println(kind + " idle " + load.idle(given[0], given[1]));
        }
      }
    }
  }

  private void connect(int count, int objects) throws IOException {
    while (clients.size() < count) {
      SocketChannel channel =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      Client client = new Client(channel);
      String path = "/objects/echo/o" + clients.size() % objects;
      channel.write(
          StandardCharsets.ISO_8859_1.encode(
              "GET "
                  + path
                  + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                  + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
      upgrade(client);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, client);
      clients.add(client);
    }
  }

  /** The answer ends with an empty line, and nothing follows: nobody has sent a frame. */
  private static void upgrade(Client client) throws IOException {
    ByteBuffer answer = ByteBuffer.allocate(2_000);
    String text;
    do {
      if (client.channel.read(answer) < 0) {
        throw new IOException("no upgrade");
      }
      text = StandardCharsets.ISO_8859_1.decode(answer.duplicate().flip()).toString();
    } while (!text.endsWith("\r\n\r\n"));
    expect(text.substring(0, 12), "HTTP/1.1 101");
  }

  private static void send(Client client, char first) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(BYTES + 6);
    frame.put((byte) 0x81).put((byte) (0x80 | BYTES)).putInt(0);
    for (int i = 0; i < BYTES; i++) {
      frame.put((byte) (i == 0 ? first : 'x'));
    }
    client.sent = System.nanoTime();
    client.channel.write(frame.flip());
  }

  /** Reads what came for the client; how many messages it was. */
  private static int receive(Client client) throws IOException {
    if (client.channel.read(client.in) < 0) {
      throw new IOException("the server has hung up");
    }
    int frames = client.in.position() / (BYTES + 2);
    client.in.flip();
    for (int i = 0; i < frames; i++) {
      expect("" + client.in.get(i * (BYTES + 2)), "-127");
    }
    client.in.position(frames * (BYTES + 2));
    client.in.compact();
    return frames;
  }

  private String echo(int count, int seconds) throws IOException {
    connect(count, count);
    long[] times = new long[4_000_000];
    int done = 0;
    long begin = System.nanoTime();
    long end = begin + seconds * 1_000_000_000L;
    for (Client client : clients) {
      send(client, 'x');
    }
    int under = clients.size();
    while (under > 0) {
      selector.select();
      for (SelectionKey key : selector.selectedKeys()) {
        Client client = (Client) key.attachment();
        if (receive(client) == 0) {
          continue;
        }
        long now = System.nanoTime();
        times[done++] = now - client.sent;
        if (now < end && done < times.length - clients.size()) {
          send(client, 'x');
        } else {
          under--;
        }
      }
      selector.selectedKeys().clear();
    }
    return String.format(
        Locale.ROOT,
        "%,d/s, %s",
        (long) (done / ((System.nanoTime() - begin) / 1e9)),
        percentiles(Arrays.copyOf(times, done)));
  }

  private String broadcast(int listeners) throws IOException {
    connect(listeners, 1);
    long[] times = new long[100];
    for (int round = -100; round < times.length; round++) {
      long begin = System.nanoTime();
      send(clients.getFirst(), '*');
      int left = listeners;
      while (left > 0) {
        selector.select();
        for (SelectionKey key : selector.selectedKeys()) {
          left -= receive((Client) key.attachment());
        }
        selector.selectedKeys().clear();
      }
      if (round >= 0) {
        times[round] = System.nanoTime() - begin;
      }
    }
    return percentiles(times);
  }

  /** What is there once is there with a tenth of the clients. */
  private String idle(int count, int objects) throws IOException, InterruptedException {
    int few = count / 10;
    connect(few, objects);
    long before = asleep();
    connect(count, objects);
    long after = asleep();
    return String.format(
        Locale.ROOT,
        "%,d sockets on %,d sleeping objects, %,d bytes of heap each",
        count,
        objects,
        (after - before) / (count - few));
  }

  /** The heap in use when no object is awake. */
  private long asleep() throws IOException, InterruptedException {
    while (true) {
      asks.write('\n');
      asks.flush();
      String line = said.readLine();
      if (line == null) {
        throw new IOException("the target has ended");
      }
      int space = line.indexOf(' ');
      if (line.substring(space + 1).equals("0")) {
        return Long.parseLong(line.substring(0, space));
      }
      Thread.sleep(200);
    }
  }

  private static String percentiles(long[] nanos) {
    Arrays.sort(nanos);
    return String.format(
        Locale.ROOT,
        "p50 %,d us, p99 %,d us",
        nanos[nanos.length / 2] / 1_000,
        nanos[(int) (nanos.length * 0.99)] / 1_000);
  }

  private static void expect(String got, String wanted) throws IOException {
    if (!wanted.equals(got)) {
      throw new IOException("got " + got + " instead of " + wanted);
    }
  }

  @Override
  public void close() throws IOException {
    for (Client client : clients) {
      client.channel.close();
    }
    selector.close();
    asks.close();
    // It ends when it is asked nothing any more.
    target.onExit().join();
  }
}
