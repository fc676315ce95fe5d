package dev.abide.engine.internal.compaction;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The times of commits: for each time the last commit that has it. Times do not go back. On disk
 * each pair is two variable-length integers, the differences to the pair before.
 *
 * <p>Where so many milliseconds have commits that this would take more than {@value #BYTES_MAX}
 * bytes, only the last of two neighbouring milliseconds is kept, or of four, and so on: all of it
 * is held in memory, and a day that is busy throughout has 86 million of them. An instant then
 * leads to a commit that is that much older than it might be, never to a later one.
 */
final class TimeLine {
  static final int BYTES_MAX = 2 << 20;

  private static final int PAIR_BYTES_MAX = 20;

  private byte[] bytes = new byte[64];
  private int used;
  private long time;
  private long number;
  private long pendingTime;
  private long pendingNumber;

  /** Of so many milliseconds the last one that has a commit is kept. */
  private long grain = 1;

  /** Adds the next commit; both numbers do not go back. */
  void add(long commitTime, long commitNumber) {
    if (commitTime / grain != pendingTime / grain) {
      flush();
      if (used > BYTES_MAX - PAIR_BYTES_MAX) {
        coarsen();
      }
    }
    pendingTime = commitTime;
    pendingNumber = commitNumber;
  }

  /** Takes at most half of the room, so that it is not done again soon. */
  private void coarsen() {
    while (used > BYTES_MAX / 2) {
      ByteBuffer all = ByteBuffer.wrap(encoded());
      used = 0;
      time = 0;
      number = 0;
      pendingTime = 0;
      pendingNumber = 0;
      grain *= 2;
      addAll(all);
      flush();
    }
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

  /**
   * What was found for an instant.
   *
   * @param number the last commit at or before it; 0 if there is none
   * @param time its time
   * @param nextTime the time of the first commit behind it; 0 if there is none
   */
  record Found(long number, long time, long nextTime) {
    static final Found NOTHING = new Found(0, 0, 0);

    /** This, with what is behind it, which was looked at before. */
    Found or(Found behind) {
      return nextTime == 0 ? new Found(number, time, behind.nextTime) : this;
    }
  }

  /** What there is for an instant. */
  static Found find(ByteBuffer encoded, long instantMs) {
    long at = 0;
    long last = 0;
    long foundAt = 0;
    long found = 0;
    while (encoded.hasRemaining()) {
      at += get(encoded);
      last += get(encoded);
      if (at > instantMs) {
        return new Found(found, foundAt, at);
      }
      foundAt = at;
      found = last;
    }
    return new Found(found, foundAt, 0);
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
    if (used + PAIR_BYTES_MAX > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.min(2 * bytes.length, BYTES_MAX + PAIR_BYTES_MAX));
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
