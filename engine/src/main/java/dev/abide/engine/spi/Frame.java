package dev.abide.engine.spi;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A message to clients, encoded once however many get it. Immutable: nobody writes into its bytes.
 */
public final class Frame {
  /** What a message takes beside its bytes, so that empty ones fill a queue too. */
  private static final int OVERHEAD = 64;

  private final boolean text;
  private final byte[] bytes;

  private Frame(boolean text, byte[] bytes) {
    this.text = text;
    this.bytes = bytes;
  }

  /**
   * A text message.
   *
   * @throws IllegalArgumentException if the text has half a surrogate pair
   */
  public static Frame of(String text) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return new Frame(true, bytes);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "the message has an unpaired surrogate, so it has no UTF-8 form; send well-formed text",
          e);
    }
  }

  /** A binary message; the array is copied. */
  public static Frame of(byte[] bytes) {
    return new Frame(false, bytes.clone());
  }

  /** Whether it is a text. */
  public boolean text() {
    return text;
  }

  /** The bytes, of a text in UTF-8. */
  public ByteBuffer content() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  /** How many bytes. */
  public int length() {
    return bytes.length;
  }

  /** What it counts in a queue: its bytes and a little more. */
  public int cost() {
    return bytes.length + OVERHEAD;
  }
}
