package dev.abide.engine.internal.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a segment; all numbers big-endian.
 *
 * <pre>
 *  magic     8  another kind of file
 *  format    4  a newer release's file
 *  zero      4
 *  lineage   8  a file of another directory
 *  sequence  8  a renamed file; never used twice
 *  salt      8  stale batches in blocks used before
 *  continues: where the segment before ends, if it ends before its last batch does
 *    sequence 8 (-1: no such), offset 8, number 8, time 8
 *  crc       4, zero 4
 * </pre>
 *
 * @param continues null, or the place and the number at which the older segment ends: what lies
 *     beyond was copied here, or was never answered, and is ignored for ever
 */
record SegmentHeader(long lineage, long sequence, long salt, @Nullable JournalEnd continues) {
  static final int BYTES = 80;
  static final int FORMAT = 1;

  private static final long MAGIC = 0x4142_4944_4553_470aL; // "ABIDESG\n"
  private static final int FORMAT_AT = 8;
  private static final int CRC_AT = 72;
  private static final String PREFIX = "segment-";

  static String fileName(long sequence) {
    return PREFIX + "%016x".formatted(sequence);
  }

  /** The sequence number in a file's name, or -1 if it is no segment's. */
  static long sequenceOf(String fileName) {
    return fileName.matches(PREFIX + "[0-7][0-9a-f]{15}")
        ? Long.parseLong(fileName.substring(PREFIX.length()), 16)
        : -1;
  }

  ByteBuffer bytes() {
    ByteBuffer out = ByteBuffer.allocate(BYTES);
    out.putLong(MAGIC).putInt(FORMAT).putInt(0).putLong(lineage).putLong(sequence).putLong(salt);
    JournalEnd end = continues == null ? new JournalEnd(-1, 0, 0, 0) : continues;
    out.putLong(end.sequence()).putLong(end.offset()).putLong(end.number());
    out.putLong(end.time());
    return out.putInt(crc(out)).putInt(0).flip();
  }

  /**
   * Reads a header.
   *
   * @throws IllegalArgumentException with the reason, if it is none of this directory
   * @throws dev.abide.engine.StorageException if it has a format that this release does not read
   */
  static SegmentHeader read(ByteBuffer in, long sequence, long lineage) {
    if (in.limit() < BYTES || in.getLong(0) != MAGIC) {
      throw new IllegalArgumentException("it does not begin as a segment does");
    }
    Format.check(fileName(sequence), FORMAT_AT, in.getInt(FORMAT_AT), FORMAT);
    if (in.getInt(CRC_AT) != crc(in)) {
      throw new IllegalArgumentException("its header is damaged");
    }
    if (in.getLong(16) != lineage) {
      throw new IllegalArgumentException("it belongs to another directory");
    }
    if (in.getLong(24) != sequence) {
      throw new IllegalArgumentException("it was renamed");
    }
    long before = in.getLong(40);
    return new SegmentHeader(
        lineage,
        sequence,
        in.getLong(32),
        before < 0 ? null : new JournalEnd(before, in.getLong(48), in.getLong(56), in.getLong(64)));
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().position(0).limit(CRC_AT));
    return (int) crc.getValue();
  }
}
