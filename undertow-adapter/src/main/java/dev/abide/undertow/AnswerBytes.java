package dev.abide.undertow;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of one answer. Each is counted before there is room for it, so that clients who ask for
 * much and read slowly take no more memory than there is for all answers together.
 *
 * <p>Threading: written by one thread; {@link #release} by any.
 */
final class AnswerBytes extends OutputStream {
  private static final int SMALL = 256;

  private final Admission admission;
  private final AtomicLong counted = new AtomicLong();
  private byte[] bytes = new byte[SMALL];
  private int size;
  private boolean noRoom;

  AnswerBytes(Admission admission) {
    this.admission = admission;
  }

  @Override
  public void write(int b) {
    room(1);
    bytes[size++] = (byte) b;
  }

  @Override
  public void write(byte[] from, int offset, int length) {
    room(length);
    System.arraycopy(from, offset, bytes, size, length);
    size += length;
  }

  private void room(int more) {
    long wanted = (long) size + more;
    if (wanted <= bytes.length) {
      return;
    }
    long next = Math.max(wanted, 2L * bytes.length);
    if (next > Integer.MAX_VALUE - 8 || !admission.reserveAnswer(next - counted.get())) {
      noRoom = true;
      throw Refusal.unavailable(
          "too-many-bytes", "answers to other requests take all the room that there is for them");
    }
    counted.set(next);
    bytes = Arrays.copyOf(bytes, (int) next);
  }

  /** Whether writing ended for want of room. */
  boolean noRoom() {
    return noRoom;
  }

  ByteBuffer content() {
    return ByteBuffer.wrap(bytes, 0, size);
  }

  /** The client has it, or is gone. May be called again. */
  void release() {
    admission.releaseAnswer(counted.getAndSet(0));
  }
}
