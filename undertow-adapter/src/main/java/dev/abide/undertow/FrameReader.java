package dev.abide.undertow;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads a client's WebSocket frames (RFC 6455) out of the bytes as they come, and puts fragments
 * together. Takes what the standard demands and nothing else: masked frames, no reserved bits, no
 * unknown codes, lengths in their shortest form, control frames whole and between fragments only,
 * well-formed UTF-8. A length is judged when it is announced, memory is taken when bytes have come.
 *
 * <p>Threading: one thread at a time. After a {@link Violation} it is not to be used again.
 */
final class FrameReader {
  static final int PROTOCOL_ERROR = 1002;
  static final int NOT_TEXT = 1007;
  static final int TOO_LATE = 1008;
  static final int TOO_LARGE = 1009;
  static final int NO_ROOM = 1013;

  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int CONTROL_BYTES_MAX = 125;
  private static final int HEADER_BYTES_MAX = 14;
  private static final int FIRST_ROOM = 256;
  private static final byte[] NOTHING = {};

  /** The client has broken the protocol or a bound: what to close with. */
  static final class Violation extends Exception {
    private static final long serialVersionUID = 1;

    final int code;

    Violation(int code, String reason) {
      super(reason, null, false, false);
      this.code = code;
    }

    String reason() {
      return String.valueOf(getMessage());
    }
  }

  /** What came. */
  interface Listener {
    /** A message begins to come, in one frame or several. */
    void begins();

    /** Takes room for bytes of a message that is not whole yet; false if there is none. */
    boolean reserve(int bytes);

    /** Gives room back that the message does not need. */
    void release(int bytes);

    /** A text, and how many bytes of room it has; false: read no further. */
    boolean text(String text, int bytes);

    /** Bytes, with as much room; as above. */
    boolean bytes(byte[] bytes);

    /** A ping to be answered. */
    void ping(byte[] payload);

    /** A close; the code is 1005 if none was given. Nothing may follow. */
    void closed(int code, String reason);
  }

  private final int messageBytesMax;
  private final Listener listener;

  /** The header so far. */
  private final byte[] header = new byte[HEADER_BYTES_MAX];

  private int headerBytes;

  /** Whether a whole header has been read and its payload has not. */
  private boolean inPayload;

  /** Of the frame whose payload is being read. */
  private boolean last;

  private int code;
  private int left;
  private int maskPlace;

  /** Of the message whose fragments are being read; 0 if there is none. */
  private int messageCode;

  private byte[] message = NOTHING;
  private int messageBytes;

  /** A control frame's payload, which may come between fragments of a message. */
  private byte[] control = NOTHING;

  private int controlBytes;

  FrameReader(int messageBytesMax, Listener listener) {
    this.messageBytesMax = messageBytesMax;
    this.listener = listener;
  }

  /** Lets go of an unfinished message where nobody reads on; how much room is to be given back. */
  int drop() {
    int held = message.length;
    message = NOTHING;
    return held;
  }

  /** Whether a message has begun to come and is not whole. */
  boolean unfinished() {
    return messageCode != 0;
  }

  /**
   * Reads as much as there is; false if the listener wants no more for now, and then bytes may be
   * left.
   */
  boolean read(ByteBuffer in) throws Violation {
    while (true) {
      if (!inPayload && !readHeader(in)) {
        return true;
      }
      int bytes = Math.min(left, in.remaining());
      take(in, bytes);
      left -= bytes;
      if (left > 0) {
        return true;
      }
      inPayload = false;
      headerBytes = 0;
      if (last && !ended()) {
        return false;
      }
    }
  }

  // ---- headers

  /** Whether the header is whole. */
  private boolean readHeader(ByteBuffer in) throws Violation {
    while (true) {
      if (headerBytes >= 2) {
        if (headerBytes == 2) {
          judgeFirst();
        }
        if (headerBytes == headerLength()) {
          begin();
          return true;
        }
      }
      if (!in.hasRemaining()) {
        return false;
      }
      header[headerBytes++] = in.get();
    }
  }

  private int headerLength() {
    return switch (header[1] & 0x7f) {
      case 127 -> 14;
      case 126 -> 8;
      default -> 6;
    };
  }

  /** Judges what the first two bytes say. */
  private void judgeFirst() throws Violation {
    int opcode = header[0] & 0x0f;
    boolean whole = (header[0] & 0x80) != 0;
    if ((header[0] & 0x70) != 0) {
      throw new Violation(PROTOCOL_ERROR, "reserved bits are set, and no extension was agreed on");
    }
    if ((header[1] & 0x80) == 0) {
      throw new Violation(PROTOCOL_ERROR, "a client's frames must be masked");
    }
    switch (opcode) {
      case CONTINUATION -> {
        if (messageCode == 0) {
          throw new Violation(PROTOCOL_ERROR, "a continuation follows no message");
        }
      }
      case TEXT, BINARY -> {
        if (messageCode != 0) {
          throw new Violation(PROTOCOL_ERROR, "a message begins inside another one");
        }
      }
      case CLOSE, PING, PONG -> {
        if (!whole || (header[1] & 0x7f) > CONTROL_BYTES_MAX) {
          throw new Violation(PROTOCOL_ERROR, "a control frame is in fragments or too long");
        }
      }
      default -> throw new Violation(PROTOCOL_ERROR, "a frame has the unknown code " + opcode);
    }
  }

  /** Judges the length, and begins the payload. */
  private void begin() throws Violation {
    ByteBuffer bytes = ByteBuffer.wrap(header);
    int mark = header[1] & 0x7f;
    long length =
        switch (mark) {
          case 127 -> bytes.getLong(2);
          case 126 -> bytes.getShort(2) & 0xffff;
          default -> mark;
        };
    boolean longer = (mark == 126 && length < 126) || (mark == 127 && length < 1 << 16);
    if (longer) { // a negative one, too
      throw new Violation(PROTOCOL_ERROR, "a length is not in its shortest form");
    }
    last = (header[0] & 0x80) != 0;
    code = header[0] & 0x0f;
    if (code >= CLOSE) {
      control = new byte[(int) length];
      controlBytes = 0;
    } else {
      if (length > messageBytesMax - messageBytes) {
        throw new Violation(
            TOO_LARGE,
            "a message has more than the " + messageBytesMax + " bytes that it may have");
      }
      if (code != CONTINUATION) {
        messageCode = code;
        listener.begins();
      }
    }
    left = (int) length;
    maskPlace = 0;
    inPayload = true;
  }

  // ---- payloads

  private void take(ByteBuffer in, int bytes) throws Violation {
    if (code >= CLOSE) {
      in.get(control, controlBytes, bytes);
      unmask(control, controlBytes, bytes);
      controlBytes += bytes;
    } else {
      makeRoom(messageBytes + bytes);
      in.get(message, messageBytes, bytes);
      unmask(message, messageBytes, bytes);
      messageBytes += bytes;
    }
  }

  private void makeRoom(int bytes) throws Violation {
    if (bytes <= message.length) {
      return;
    }
    // Twice as much each time, but no more than the message may have: it is given back when whole.
    int room =
        (int) Math.min(messageBytesMax, Math.max(Math.max(bytes, FIRST_ROOM), 2L * message.length));
    if (!listener.reserve(room - message.length)) {
      throw new Violation(NO_ROOM, "messages of others take all the room that there is for them");
    }
    message = Arrays.copyOf(message, room);
  }

  private void unmask(byte[] bytes, int from, int count) {
    int mask = headerLength() - 4;
    for (int i = from; i < from + count; i++) {
      bytes[i] ^= header[mask + (maskPlace++ & 3)];
    }
  }

  /** A frame that ends something has ended; false if the listener wants no more. */
  private boolean ended() throws Violation {
    switch (code) {
      case PING -> listener.ping(control);
      case PONG -> {}
      case CLOSE -> {
        close();
        return false;
      }
      default -> {
        return messageEnded();
      }
    }
    control = NOTHING;
    return true;
  }

  private boolean messageEnded() throws Violation {
    byte[] bytes = message;
    int length = messageBytes;
    int kind = messageCode;
    String text = kind == TEXT ? text(bytes, 0, length) : "";
    message = NOTHING;
    messageBytes = 0;
    messageCode = 0;
    listener.release(bytes.length - length);
    return kind == TEXT
        ? listener.text(text, length)
        : listener.bytes(bytes.length == length ? bytes : Arrays.copyOf(bytes, length));
  }

  private void close() throws Violation {
    if (control.length == 0) {
      listener.closed(1005, "");
      return;
    }
    int given = control.length == 1 ? 0 : ((control[0] & 0xff) << 8) | (control[1] & 0xff);
    if (!mayClose(given)) {
      throw new Violation(PROTOCOL_ERROR, "a close has a code that none may have");
    }
    listener.closed(given, text(control, 2, control.length - 2));
  }

  private static boolean mayClose(int code) {
    return (code >= 1000 && code <= 1003)
        || (code >= 1007 && code <= 1014)
        || (code >= 3000 && code <= 4999);
  }

  private static String text(byte[] bytes, int from, int count) throws Violation {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, from, count))
          .toString();
    } catch (CharacterCodingException e) {
      throw new Violation(NOT_TEXT, "a text is not well-formed UTF-8");
    }
  }
}
