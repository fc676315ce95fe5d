package dev.abide.engine.spi;

import dev.abide.engine.LimitException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes CBOR in its one deterministic form (RFC 8949, section 4.2.1): the shortest integers and
 * lengths, definite lengths only. Equal values give equal bytes, today and in ten years.
 *
 * <p>For one thread at a time; may be used again after {@link #reset}.
 */
public final class CborWriter {
  private static final int UNSIGNED = 0;
  private static final int NEGATIVE = 1;
  private static final int BYTES = 2;
  private static final int TEXT = 3;
  private static final int ARRAY = 4;
  private static final int MAP = 5;
  private static final int TAG = 6;
  private static final int FALSE = 0xf4;
  private static final int TRUE = 0xf5;
  private static final int FLOAT = 0xfa;
  private static final int DOUBLE = 0xfb;

  private byte[] bytes = new byte[64];
  private int length;
  private int depth;

  /** A writer that has written nothing. */
  public CborWriter() {}

  /** Forgets what was written. */
  public void reset() {
    length = 0;
    depth = 0;
    if (bytes.length > 1 << 16) {
      bytes = new byte[64];
    }
  }

  /** What was written, as an array of its own. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  /**
   * Steps into a part, as the reader will by its {@link CborReader#enter}: what it would refuse for
   * its depth must never be written.
   *
   * @throws LimitException if the part lies too deep
   */
  public void enter() {
    if (depth == CborReader.DEPTH_MAX) {
      throw new LimitException(
          "a stored value is nested deeper than "
              + CborReader.DEPTH_MAX
              + " parts. Store what is inside in a map of its own, and its key here",
          CborReader.DEPTH_MAX + 1,
          CborReader.DEPTH_MAX);
    }
    depth++;
  }

  /** Steps out again. */
  public void leave() {
    depth--;
  }

  /** An integer. */
  public void writeInt(long value) {
    if (value >= 0) {
      head(UNSIGNED, value);
    } else {
      head(NEGATIVE, ~value);
    }
  }

  /** A truth value. */
  public void writeBoolean(boolean value) {
    room(1);
    bytes[length++] = (byte) (value ? TRUE : FALSE);
  }

  /** A float in four bytes, as it is. */
  public void writeFloat(float value) {
    fixed(FLOAT, Float.floatToIntBits(value), 4);
  }

  /** A double in eight bytes, as it is. */
  public void writeDouble(double value) {
    fixed(DOUBLE, Double.doubleToLongBits(value), 8);
  }

  /**
   * A text, in UTF-8.
   *
   * @throws IllegalArgumentException if it has an unpaired surrogate
   */
  public void writeText(String text) {
    int ascii = asciiLength(text);
    if (ascii == text.length()) {
      head(TEXT, ascii);
      room(ascii);
      for (int i = 0; i < ascii; i++) {
        bytes[length++] = (byte) text.charAt(i);
      }
      return;
    }
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      int count = encoded.remaining();
      head(TEXT, count);
      room(count);
      encoded.get(bytes, length, count);
      length += count;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "a text has an unpaired surrogate, so it has no UTF-8 form and cannot be stored", e);
    }
  }

  private static int asciiLength(String text) {
    int i = 0;
    while (i < text.length() && text.charAt(i) < 0x80) {
      i++;
    }
    return i;
  }

  /** Bytes. */
  public void writeBytes(byte[] value) {
    head(BYTES, value.length);
    room(value.length);
    System.arraycopy(value, 0, bytes, length, value.length);
    length += value.length;
  }

  /** Begins an array of so many items; they follow. */
  public void beginArray(int items) {
    head(ARRAY, items);
  }

  /** Begins a map of so many entries; key and value of each follow. */
  public void beginMap(int entries) {
    head(MAP, entries);
  }

  /** A tag; the item that it speaks of follows. */
  public void writeTag(long tag) {
    head(TAG, tag);
  }

  private void head(int major, long value) {
    int type = major << 5;
    if (value < 24) {
      room(1);
      bytes[length++] = (byte) (type | (int) value);
    } else if (value < 1L << 8) {
      fixed(type | 24, value, 1);
    } else if (value < 1L << 16) {
      fixed(type | 25, value, 2);
    } else if (value < 1L << 32) {
      fixed(type | 26, value, 4);
    } else {
      fixed(type | 27, value, 8);
    }
  }

  private void fixed(int first, long value, int count) {
    room(1 + count);
    bytes[length++] = (byte) first;
    for (int shift = 8 * (count - 1); shift >= 0; shift -= 8) {
      bytes[length++] = (byte) (value >>> shift);
    }
  }

  private void room(int more) {
    if (more > bytes.length - length) {
      bytes =
          Arrays.copyOf(
              bytes,
              Math.max(
                  Math.addExact(length, more),
                  (int) Math.min(Integer.MAX_VALUE - 8, 2L * bytes.length)));
    }
  }
}
