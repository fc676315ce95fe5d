package dev.abide.undertow;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A client that sends frames as no well-behaved one would. */
final class RawWebSocket implements AutoCloseable {
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  private final Socket socket;
  private final DataInputStream in;

  /** A frame of the server; code -1 if the server has hung up. */
  record Got(int code, byte[] payload) {
    String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    /** The code of a close; 1005 if it has none. */
    int closeCode() {
      return payload.length == 0 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xffff;
    }

    @Override
    public String toString() {
      return code + " " + (code == CLOSE ? closeCode() + "" : text());
    }
  }

  RawWebSocket(int port, String path) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port), path);
  }

  RawWebSocket(int port, String path, String headers) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port), path, headers);
  }

  RawWebSocket(Socket connected, String path) throws IOException {
    this(connected, path, "");
  }

  private RawWebSocket(Socket connected, String path, String headers) throws IOException {
    socket = connected;
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
    send(request(path, headers).getBytes(StandardCharsets.ISO_8859_1));
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      head.write(in.readByte());
    }
    String answer = head.toString(StandardCharsets.ISO_8859_1);
    // The example of the standard.
    if (!answer.startsWith("HTTP/1.1 101 ") || !answer.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")) {
      throw new IOException("no upgrade: " + answer);
    }
  }

  static String request(String path, String more) {
    return "GET "
        + path
        + " HTTP/1.1\r\n"
        + "Host: localhost\r\n"
        + "Connection: keep-alive, Upgrade\r\n"
        + "Upgrade: websocket\r\n"
        + "Sec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        + more
        + "\r\n";
  }

  RawWebSocket send(byte[] bytes) throws IOException {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (SocketException closed) {
      // The server has hung up before it read all; what it said is read below.
    }
    return this;
  }

  /** A whole frame, masked. */
  static byte[] frame(int code, String payload) {
    return frame(code, payload.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] frame(int code, byte[] payload) {
    return frame(0x80 | code, payload, true);
  }

  /** A frame whose first byte is given, of the shortest length. */
  static byte[] frame(int first, byte[] payload, boolean masked) {
    int length = payload.length;
    ByteBuffer frame = ByteBuffer.allocate(length + 14);
    int mark = masked ? 0x80 : 0;
    frame.put((byte) first);
    if (length < 126) {
      frame.put((byte) (mark | length));
    } else if (length < 65_536) {
      frame.put((byte) (mark | 126)).putShort((short) length);
    } else {
      frame.put((byte) (mark | 127)).putLong(length);
    }
    byte[] mask = {(byte) 0x81, 0x42, (byte) 0xf3, 0x14};
    if (masked) {
      frame.put(mask);
    }
    for (int i = 0; i < length; i++) {
      frame.put((byte) (payload[i] ^ (masked ? mask[i & 3] : 0)));
    }
    byte[] bytes = new byte[frame.position()];
    frame.flip().get(bytes);
    return bytes;
  }

  /** A close with a code and a reason. */
  static byte[] close(int code, byte[] reason) {
    return frame(
        CLOSE, ByteBuffer.allocate(2 + reason.length).putShort((short) code).put(reason).array());
  }

  Got read() throws IOException {
    try {
      int first = in.readUnsignedByte();
      int mark = in.readUnsignedByte();
      if ((first & 0x80) == 0 || mark >= 0x80) {
        throw new IOException("a server's frames are whole and not masked here: " + first);
      }
      long length = mark == 127 ? in.readLong() : mark == 126 ? in.readUnsignedShort() : mark;
      return new Got(first & 0x0f, in.readNBytes((int) length));
    } catch (EOFException | SocketException gone) {
      return new Got(-1, new byte[0]);
    }
  }

  /** Whether anything has come already. */
  boolean hasSomething() throws IOException {
    return in.available() > 0;
  }

  /** Hangs up without a word. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
