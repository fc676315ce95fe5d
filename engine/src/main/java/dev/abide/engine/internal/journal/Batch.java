package dev.abide.engine.internal.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The header of a batch; all numbers big-endian. A batch is what was written and synced at once;
 * one without records only vouches.
 *
 * <pre>
 *  magic      4  so that the scan for damage skips what cannot be a header
 *  crc        4  CRC32C of all that follows, records included: a torn or decayed batch
 *  salt       8  of the segment: a batch of an earlier use of the same blocks
 *  bytes      8  of the records: where the next header stands
 *  first      8  number of the first record: a gap or a repetition
 *  count      4  of the records
 *  zero       4
 *  durable    8  all numbers up to this were synced before this batch was written: what is missing
 *                below it is damage, not a tear
 * </pre>
 */
record Batch(long salt, long bytes, long first, int count, long durable) {
  static final int HEADER_BYTES = 48;

  private static final int MAGIC = 0xAB1D_EBA7;
  private static final int CRC_FROM = 8;

  /** The number of the last record, or the one before the first if there is none. */
  long last() {
    return first + count - 1;
  }

  /** Puts the header in front of records that stand behind it in the buffer already. */
  void seal(ByteBuffer whole) {
    whole.putInt(0, MAGIC).putLong(8, salt).putLong(16, bytes).putLong(24, first);
    whole.putInt(32, count).putInt(36, 0).putLong(40, durable);
    CRC32C crc = new CRC32C();
    crc.update(whole.duplicate().position(CRC_FROM));
    whole.putInt(4, (int) crc.getValue());
  }

  /** Whether a header may stand here; the checksum has the last word. */
  static boolean plausible(ByteBuffer header, long salt) {
    return header.getInt(0) == MAGIC && header.getLong(8) == salt;
  }

  static Batch read(ByteBuffer header) {
    return new Batch(
        header.getLong(8),
        header.getLong(16),
        header.getLong(24),
        header.getInt(32),
        header.getLong(40));
  }

  static int crc(ByteBuffer header) {
    return header.getInt(4);
  }

  /** A checksum begun with the header's own part. */
  static CRC32C begin(ByteBuffer header) {
    CRC32C crc = new CRC32C();
    crc.update(header.duplicate().position(CRC_FROM).limit(HEADER_BYTES));
    return crc;
  }
}
