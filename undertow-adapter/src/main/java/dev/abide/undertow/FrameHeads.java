package dev.abide.undertow;

import dev.abide.engine.spi.Frame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A server's frames: whole messages, not masked. */
final class FrameHeads {
  private static final int LAST = 0x80;
  private static final int REASON_BYTES_MAX = 123;

  private FrameHeads() {}

  /** What stands before a message's bytes. */
  static ByteBuffer of(Frame frame) {
    return head(frame.text() ? 1 : 2, frame.length());
  }

  private static ByteBuffer head(int opcode, int length) {
    ByteBuffer head = ByteBuffer.allocate(length < 126 ? 2 : length < 1 << 16 ? 4 : 10);
    head.put((byte) (LAST | opcode));
    if (length < 126) {
      head.put((byte) length);
    } else if (length < 1 << 16) {
      head.put((byte) 126).putShort((short) length);
    } else {
      head.put((byte) 127).putLong(length);
    }
    return head.flip();
  }

  static ByteBuffer ping() {
    return control(9, new byte[0]);
  }

  static ByteBuffer pong(byte[] payload) {
    return control(10, payload);
  }

  /** A close; without a code where the code is 1005, which stands for none. */
  static ByteBuffer close(int code, String reason) {
    if (code == 1005) {
      return control(8, new byte[0]);
    }
    byte[] text = cut(reason.getBytes(StandardCharsets.UTF_8));
    byte[] payload = new byte[2 + text.length];
    payload[0] = (byte) (code >> 8);
    payload[1] = (byte) code;
    System.arraycopy(text, 0, payload, 2, text.length);
    return control(8, payload);
  }

  /** As much of a text as there is room for, and no half character. */
  private static byte[] cut(byte[] text) {
    int end = Math.min(text.length, REASON_BYTES_MAX);
    while (end < text.length && end > 0 && (text[end] & 0xc0) == 0x80) {
      end--;
    }
    return end == text.length ? text : Arrays.copyOf(text, end);
  }

  private static ByteBuffer control(int opcode, byte[] payload) {
    return ByteBuffer.allocate(2 + payload.length)
        .put((byte) (LAST | opcode))
        .put((byte) payload.length)
        .put(payload)
        .flip();
  }
}
