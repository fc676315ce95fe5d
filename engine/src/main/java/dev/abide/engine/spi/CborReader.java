package dev.abide.engine.spi;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads what {@link CborWriter} writes, and refuses everything else: longer forms than needed,
 * indefinite lengths, lengths beyond the end (before anything is allocated), ill-formed text,
 * nesting deeper than 64. Every refusal is a {@link CborException} that tells where.
 *
 * <p>For one thread.
 */
public final class CborReader {
  static final int DEPTH_MAX = 64;

  /**
   * Each part of a path is one level of CBOR, and the deepest scalar, a decimal, has three more.
   */
  private static final int SKIP_DEPTH_MAX = DEPTH_MAX + 4;

  private static final int NUMBER_MAX = 65_535;

  private static final String[] MAJORS = {
    "an integer", "an integer", "bytes", "a text", "an array", "a map", "a tag", "a simple value"
  };

  private final byte[] bytes;
  private final List<String> path = new ArrayList<>();
  private int position;

  /** A reader at the first byte. */
  public CborReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Steps into a part, for the path of errors; the name as it continues a path: {@code .sku}. */
  public void enter(String part) {
    if (path.size() == DEPTH_MAX) {
      throw refuse("the value is nested deeper than " + DEPTH_MAX);
    }
    path.add(part);
  }

  /** Steps out again. */
  public void leave() {
    path.removeLast();
  }

  /** An integer of any size of {@code long}. */
  public long readInt() {
    int first = peek("an integer");
    return switch (first >> 5) {
      case 0 -> argument("an integer", 0, true);
      case 1 -> ~argument("an integer", 1, true);
      default -> throw mistyped("an integer", first);
    };
  }

  /** An integer within bounds. */
  public long readInt(long min, long max) {
    long value = readInt();
    if (value < min || value > max) {
      throw refuse("the integer " + value + " lies outside of " + min + " to " + max);
    }
    return value;
  }

  /** A truth value. */
  public boolean readBoolean() {
    int first = peek("a truth value");
    if (first != 0xf4 && first != 0xf5) {
      throw mistyped("a truth value", first);
    }
    position++;
    return first == 0xf5;
  }

  /** A float of four bytes. */
  public float readFloat() {
    return Float.intBitsToFloat((int) fixed(0xfa, 4, "a float"));
  }

  /** A double of eight bytes. */
  public double readDouble() {
    return Double.longBitsToDouble(fixed(0xfb, 8, "a double"));
  }

  /** A text. */
  public String readText() {
    int count = length(3, "a text");
    int from = position;
    position += count;
    for (int i = from; i < position; i++) {
      if (bytes[i] < 0) {
        return decode(from, count);
      }
    }
    return new String(bytes, from, count, StandardCharsets.ISO_8859_1);
  }

  private String decode(int from, int count) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, from, count))
          .toString();
    } catch (CharacterCodingException e) {
      throw refuse("a text is not well-formed UTF-8");
    }
  }

  /** Bytes, as an array of their own. */
  public byte[] readBytes() {
    int count = length(2, "bytes");
    position += count;
    return Arrays.copyOfRange(bytes, position - count, position);
  }

  /** Begins an array; the number of its items, each of which takes a byte at least. */
  public int beginArray() {
    return length(4, "an array");
  }

  /** Begins an array that must have so many items. */
  public void beginArray(int items) {
    int found = beginArray();
    if (found != items) {
      throw refuse("the array has " + found + " items instead of " + items);
    }
  }

  /** Begins a map; the number of its entries. */
  public int beginMap() {
    return length(5, "a map");
  }

  /** A tag that must be this one. */
  public void expectTag(long tag) {
    int first = peek("a tag");
    if (first >> 5 != 6) {
      throw mistyped("tag " + tag, first);
    }
    long found = argument("a tag", 6, true);
    if (found != tag) {
      throw refuse("it has tag " + found + " instead of " + tag);
    }
  }

  /** A tag. */
  public long readTag() {
    int first = peek("a tag");
    if (first >> 5 != 6) {
      throw mistyped("a tag", first);
    }
    return argument("a tag", 6, true);
  }

  /**
   * The number of a record's next component.
   *
   * @param previous the number before it, 0 at first: numbers ascend
   */
  public int readNumber(int previous) {
    long number = readInt();
    if (number <= previous || number > NUMBER_MAX) {
      throw refuse(
          "the component number "
              + number
              + " stands where one of "
              + (previous + 1)
              + " to "
              + NUMBER_MAX
              + " should");
    }
    return (int) number;
  }

  /**
   * The name that tells the members of a sealed hierarchy apart: the first entry, with the key 0.
   *
   * @param entries how many entries the map has
   */
  public String readMember(int entries) {
    if (entries == 0) {
      throw refuse("the map is empty, so that nothing says of which member it is");
    }
    long key = readInt();
    if (key != 0) {
      throw refuse("the map begins with the key " + key + " instead of 0, its member's name");
    }
    return readText();
  }

  /** Passes over one item, whatever it is. */
  public void skip() {
    skip(0);
  }

  private void skip(int depth) {
    if (depth > SKIP_DEPTH_MAX) {
      throw refuse("the value is nested deeper than " + DEPTH_MAX);
    }
    int first = peek("an item");
    switch (first >> 5) {
      case 0, 1 -> argument("an integer", first >> 5, true);
      case 2, 3 -> {
        int count = length(first >> 5, "bytes or a text");
        position += count; // in two steps: length moves the position itself
      }
      case 4 -> {
        for (int n = length(4, "an array"); n > 0; n--) {
          skip(depth + 1);
        }
      }
      case 5 -> {
        for (int n = length(5, "a map"); n > 0; n--) {
          skip(depth + 1);
          skip(depth + 1);
        }
      }
      case 6 -> {
        argument("a tag", 6, true);
        skip(depth + 1);
      }
      default -> {
        int size =
            switch (first) {
              case 0xf4, 0xf5, 0xf6 -> 0;
              case 0xfa -> 4;
              case 0xfb -> 8;
              default -> throw mistyped("an item", first);
            };
        if (size > bytes.length - position - 1) {
          throw refuse("it ends early");
        }
        position += 1 + size;
      }
    }
  }

  /** Refuses bytes behind the value. */
  public void end() {
    if (position != bytes.length) {
      throw refuse((bytes.length - position) + " bytes follow the value");
    }
  }

  /** An error at this place. */
  public CborException refuse(String what) {
    String where = String.join("", path);
    return new CborException(where.startsWith(".") ? where.substring(1) : where, what);
  }

  /** An error at this place, because of another. */
  public CborException refuse(String what, Throwable cause) {
    CborException refusal = refuse(what + ": " + cause);
    refusal.initCause(cause);
    return refusal;
  }

  /** An error at a part that is not there. */
  public CborException missing(String part) {
    enter(part);
    return refuse("it is missing, and nothing is declared for when it is");
  }

  private int peek(String wanted) {
    if (position >= bytes.length) {
      throw refuse("it ends where " + wanted + " should stand");
    }
    return bytes[position] & 0xff;
  }

  private CborException mistyped(String wanted, int first) {
    return refuse(MAJORS[first >> 5] + " stands where " + wanted + " should");
  }

  /** A length, which cannot exceed the bytes that are left. */
  private int length(int major, String wanted) {
    int first = peek(wanted);
    if (first >> 5 != major) {
      throw mistyped(wanted, first);
    }
    long value = argument(wanted, major, false);
    long perItem = major == 5 ? 2 : 1;
    if (value < 0 || value > (bytes.length - position) / perItem) {
      throw refuse(
          wanted
              + " claims a length of "
              + Long.toUnsignedString(value)
              + ", but "
              + (bytes.length - position)
              + " bytes are left");
    }
    return (int) value;
  }

  private long argument(String wanted, int major, boolean signedOnly) {
    int info = bytes[position] & 0x1f;
    if (info < 24) {
      position++;
      return info;
    }
    if (info > 27) {
      throw refuse(wanted + " has a form that is never written");
    }
    int count = 1 << (info - 24);
    long value = number(count);
    boolean shorter =
        switch (count) {
          case 1 -> value < 24;
          case 2 -> value < 1L << 8;
          case 4 -> value < 1L << 16;
          default -> value >= 0 && value < 1L << 32;
        };
    if (shorter) {
      throw refuse(wanted + " is written longer than it need be");
    }
    if (signedOnly && value < 0 && major < 2) {
      throw refuse("an integer is larger than 64 bits with a sign hold");
    }
    return value;
  }

  private long fixed(int wantedFirst, int count, String wanted) {
    int first = peek(wanted);
    if (first != wantedFirst) {
      throw mistyped(wanted, first);
    }
    return number(count);
  }

  private long number(int count) {
    if (count > bytes.length - position - 1) {
      throw refuse("it ends early");
    }
    position++;
    long value = 0;
    for (int i = 0; i < count; i++) {
      value = (value << 8) | (bytes[position++] & 0xff);
    }
    return value;
  }
}
