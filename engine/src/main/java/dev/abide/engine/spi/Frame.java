package dev.abide.engine.spi;

import dev.abide.engine.ServerEvent;
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

  /** What a line end of a text becomes on its way to a listener of events is so much longer. */
  private static final int LINE_BYTES = "data: ".length();

  private static final byte[] NOTHING = {};

  private final boolean text;
  private final byte[] bytes;

  /** What an event has beside its text, as clients of events read it; mostly empty. */
  private final byte[] eventHead;

  private final int lineEnds;

  private Frame(boolean text, byte[] bytes, byte[] eventHead) {
    this.text = text;
    this.bytes = bytes;
    this.eventHead = eventHead;
    lineEnds = text ? lineEnds(bytes) : 0;
  }

  private static int lineEnds(byte[] bytes) {
    int count = 0;
    for (byte each : bytes) {
      if (each == '\n' || each == '\r') {
        count++;
      }
    }
    return count;
  }

  /**
   * A text message.
   *
   * @throws IllegalArgumentException if the text has half a surrogate pair
   */
  public static Frame of(String text) {
    return new Frame(true, encoded(text), NOTHING);
  }

  /**
   * An event; for clients that do not listen to events, a text message.
   *
   * @throws IllegalArgumentException as {@link #of(String)}
   */
  public static Frame of(ServerEvent event) {
    StringBuilder head = new StringBuilder();
    if (event.id() != null) {
      head.append("id: ").append(event.id()).append('\n');
    }
    if (event.name() != null) {
      head.append("event: ").append(event.name()).append('\n');
    }
    return new Frame(true, encoded(event.text()), encoded(head.toString()));
  }

  private static byte[] encoded(String text) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "the message has an unpaired surrogate, so it has no UTF-8 form; send well-formed text",
          e);
    }
  }

  /** A binary message; the array is copied. */
  public static Frame of(byte[] bytes) {
    return new Frame(false, bytes.clone(), NOTHING);
  }

  /** Whether it is a text. */
  public boolean text() {
    return text;
  }

  /** The bytes, of a text in UTF-8. */
  public ByteBuffer content() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  /** The lines of an event before its text; empty for other messages. */
  public ByteBuffer eventHead() {
    return ByteBuffer.wrap(eventHead).asReadOnlyBuffer();
  }

  /** How many bytes. */
  public int length() {
    return bytes.length;
  }

  /** What it counts in a queue: its bytes and a little more. */
  public int cost() {
    return bytes.length + eventHead.length + OVERHEAD + LINE_BYTES * lineEnds;
  }
}
