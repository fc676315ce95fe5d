package dev.abide.engine.internal.journal;

import dev.abide.engine.internal.store.ApplyListener;
import dev.abide.engine.internal.store.Change;
import dev.abide.engine.internal.store.Commit;
import dev.abide.engine.internal.store.KeyRange;
import dev.abide.engine.internal.store.ObjectName;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A commit as a record of the journal; all numbers big-endian:
 *
 * <pre>
 *  length     4  bytes of the whole record, padding excluded
 *  flags      4  1: deletes the object
 *  number     8  filled in when the batch is written
 *  time       8  milliseconds of the calendar, never going back; filled in with the number
 *  hash      16
 *  type       2 + n      id        2 + n
 *  ranges     4, each: from 4 + n, to 4 + n or -1 for "no end"
 *  changes    4, each: key  4 + n, value 4 + n or -1 for "deleted"
 *  padding       zeros up to a multiple of 8
 * </pre>
 */
final class CommitCodec {
  static final int NUMBER_AT = 8;
  static final int TIME_AT = 16;

  private static final int DELETES = 1;
  private static final int NONE = -1;
  private static final int FIXED = 4 + 4 + 8 + 8 + 16 + 2 + 2 + 4 + 4;

  private CommitCodec() {}

  /** How long the record is, padding included. */
  static long lengthOf(Commit commit) {
    return padded(
        FIXED
            + utf8(commit.name().type()).length
            + utf8(commit.name().id()).length
            + contentBytes(commit));
  }

  private static long contentBytes(Commit commit) {
    long bytes = 0;
    for (KeyRange range : commit.cleared()) {
      bytes += 8 + range.from().length + lengthOf(range.to());
    }
    for (Change change : commit.changes()) {
      bytes += 8 + change.key().length + lengthOf(change.value());
    }
    return bytes;
  }

  private static long padded(long length) {
    return (length + 7) & ~7L;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The record, with zeros for number and time. */
  static byte[] encode(Commit commit) {
    byte[] type = utf8(commit.name().type());
    byte[] id = utf8(commit.name().id());
    long length = FIXED + type.length + id.length + contentBytes(commit);
    ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(padded(length)));
    out.putInt((int) length).putInt(commit.deletesObject() ? DELETES : 0).putLong(0).putLong(0);
    out.putLong(commit.name().hashHigh()).putLong(commit.name().hashLow());
    out.putShort((short) type.length).put(type).putShort((short) id.length).put(id);
    out.putInt(commit.cleared().size());
    for (KeyRange range : commit.cleared()) {
      put(out, range.from());
      put(out, range.to());
    }
    out.putInt(commit.changes().size());
    for (Change change : commit.changes()) {
      put(out, change.key());
      put(out, change.value());
    }
    return out.array();
  }

  /**
   * Reads the record at the buffer's position and moves behind its padding.
   *
   * @throws IllegalArgumentException if it is none
   */
  static NumberedCommit decode(ByteBuffer in) {
    int start = in.position();
    try {
      int length = in.getInt();
      int flags = in.getInt();
      long number = in.getLong();
      long time = in.getLong();
      long high = in.getLong();
      long low = in.getLong();
      String type = text(in);
      String id = text(in);
      List<KeyRange> ranges = new ArrayList<>();
      for (int n = in.getInt(); n > 0; n--) {
        ranges.add(new KeyRange(required(in), bytes(in)));
      }
      List<Change> changes = new ArrayList<>();
      for (int n = in.getInt(); n > 0; n--) {
        changes.add(new Change(required(in), bytes(in)));
      }
      if (in.position() - start != length) {
        throw new IllegalArgumentException("a record ends at another place than its length says");
      }
      int padded = (int) padded(length);
      in.position(start + padded);
      Commit commit =
          new Commit(
              new ObjectName(type, id, high, low),
              (flags & DELETES) != 0,
              ranges,
              changes,
              ApplyListener.NONE);
      return new NumberedCommit(number, time, commit, padded);
    } catch (BufferUnderflowException | NegativeArraySizeException e) {
      throw new IllegalArgumentException("a record ends early", e);
    }
  }

  private static int lengthOf(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  private static void put(ByteBuffer out, byte @Nullable [] bytes) {
    if (bytes == null) {
      out.putInt(NONE);
    } else {
      out.putInt(bytes.length).put(bytes);
    }
  }

  private static byte @Nullable [] bytes(ByteBuffer in) {
    int length = in.getInt();
    if (length == NONE) {
      return null;
    }
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException("a record claims " + length + " bytes, more than it has");
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static byte[] required(ByteBuffer in) {
    byte[] bytes = bytes(in);
    if (bytes == null) {
      throw new IllegalArgumentException("a record has a key without bytes");
    }
    return bytes;
  }

  private static String text(ByteBuffer in) {
    byte[] bytes = new byte[Short.toUnsignedInt(in.getShort())];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
