package dev.abide.engine.internal.compaction;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The times of commits: for each time the last commit that has it. Times do not go back. On disk
 * each pair is two variable-length integers, the differences to the pair before.
 */
final class TimeLine {
  private byte[] bytes = new byte[64];
  private int used;
  private long time;
  private long number;
  private long pendingTime;
  private long pendingNumber;

  /** Adds the next commit; both numbers do not go back. */
  void add(long commitTime, long commitNumber) {
    if (commitTime != pendingTime) {
      flush();
      pendingTime = commitTime;
    }
    pendingNumber = commitNumber;
  }

  /** Adds all of another one, which goes on from here. */
  void addAll(ByteBuffer encoded) {
    long at = 0;
    long last = 0;
    while (encoded.hasRemaining()) {
      at += get(encoded);
      last += get(encoded);
      add(at, last);
    }
  }

  /** The time of the last commit; 0 if there is none. */
  long last() {
    return pendingTime;
  }

  byte[] encoded() {
    flush();
    return Arrays.copyOf(bytes, used);
  }

  /** The last commit at or before the instant; 0 if there is none. */
  static long numberAt(ByteBuffer encoded, long instantMs) {
    long at = 0;
    long last = 0;
    long found = 0;
    while (encoded.hasRemaining()) {
      at += get(encoded);
      last += get(encoded);
      if (at > instantMs) {
        break;
      }
      found = last;
    }
    return found;
  }

  /** The time of a commit; that of the last one if it is behind all. */
  static long timeOf(ByteBuffer encoded, long number) {
    long at = 0;
    long last = 0;
    while (encoded.hasRemaining() && last < number) {
      at += get(encoded);
      last += get(encoded);
    }
    return at;
  }

  private void flush() {
    if (pendingNumber == number) {
      return;
    }
    put(pendingTime - time);
    put(pendingNumber - number);
    time = pendingTime;
    number = pendingNumber;
  }

  private void put(long difference) {
    if (used + 10 > bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length);
    }
    long left = difference;
    while ((left & ~0x7fL) != 0) {
      bytes[used++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    bytes[used++] = (byte) left;
  }

  private static long get(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }
}
