package dev.abide.undertow;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A client that sends what no well-behaved one would. */
final class Raw implements AutoCloseable {
  private final Socket socket;
  private boolean head;

  Raw(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  Raw(Socket connected) throws IOException {
    socket = connected;
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
  }

  /** A response; status 0 if the connection was closed without one. */
  record Answer(int status, Map<String, String> headers, String body) {}

  Raw send(String text) throws IOException {
    head = text.startsWith("HEAD");
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  Raw send(byte[] bytes) throws IOException {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (SocketException closed) {
      // The server has answered and closed before it read all; what it said is read below.
    }
    return this;
  }

  Answer read() throws IOException {
    String status = line();
    if (status.isEmpty()) {
      return new Answer(0, Map.of(), "");
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
    }
    int length = head ? 0 : Integer.parseInt(headers.getOrDefault("content-length", "0"));
    byte[] body = socket.getInputStream().readNBytes(length);
    return new Answer(
        Integer.parseInt(status.split(" ")[1]), headers, new String(body, StandardCharsets.UTF_8));
  }

  /** The status of the next answer, the rest of which stays unread. */
  int peekStatus() throws IOException {
    String line = line();
    return line.isEmpty() ? 0 : Integer.parseInt(line.split(" ")[1]);
  }

  private String line() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    try {
      for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
        bytes.write(b);
      }
    } catch (SocketException reset) {
      return "";
    }
    return bytes.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  /** Says that nothing more is sent. */
  Raw end() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** All that comes until the server closes its side. */
  String rest() throws IOException {
    try {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (SocketException reset) {
      return "";
    }
  }

  /** The next bytes; fewer at the end. */
  byte[] read(int bytes) throws IOException {
    return socket.getInputStream().readNBytes(bytes);
  }

  /** Whether anything has come already. */
  boolean hasSomething() throws IOException {
    return socket.getInputStream().available() > 0;
  }

  /** Whether the server has closed its side; waits for it. */
  boolean isClosedByServer() throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException reset) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
