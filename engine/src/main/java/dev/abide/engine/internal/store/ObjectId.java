package dev.abide.engine.internal.store;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;

/** What an id must be, and how ids are ordered. */
final class ObjectId {
  /** As many bytes of UTF-8 as an id may have. */
  static final int BYTES_MAX = 1_024;

  /** The order of the UTF-8 bytes, which is that of the code points; not that of {@link String}. */
  static final Comparator<String> ORDER = ObjectId::compare;

  private ObjectId() {}

  /** The bytes of a type's name or of an id. */
  static byte[] utf8(String text) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] all = new byte[bytes.remaining()];
      bytes.get(all);
      return all;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "the id holds half of a surrogate pair and has no UTF-8 form. Give a well-formed string.",
          e);
    }
  }

  /** The bytes of an id, if it is one. */
  static byte[] checked(String id) {
    byte[] bytes = utf8(id);
    if (bytes.length < 1 || bytes.length > BYTES_MAX) {
      throw new IllegalArgumentException(
          "the id has %,d bytes of UTF-8; it must have 1 to %,d. Use a shorter id."
              .formatted(bytes.length, BYTES_MAX));
    }
    return bytes;
  }

  private static int compare(String one, String other) {
    int shorter = Math.min(one.length(), other.length());
    for (int i = 0; i < shorter; i++) {
      char a = one.charAt(i);
      char b = other.charAt(i);
      if (a != b) {
        // Surrogates stand for code points above all others, but sort below U+E000 as chars.
        boolean aHigh = Character.isSurrogate(a);
        boolean bHigh = Character.isSurrogate(b);
        return aHigh == bHigh ? Character.compare(a, b) : aHigh ? 1 : -1;
      }
    }
    return Integer.compare(one.length(), other.length());
  }
}
