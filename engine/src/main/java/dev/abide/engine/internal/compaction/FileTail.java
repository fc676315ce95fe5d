package dev.abide.engine.internal.compaction;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The last bytes of a run or a base; all numbers big-endian.
 *
 * <pre>
 *  shards   65 x 8  where each shard begins in the records, and where the last one ends
 *  records       8  fewer or more records than were written
 *  live          8  live bytes of the directory when it was written, -1 if nobody had counted
 *                   them; only triggers read them
 *  time          8  of the last commit: times that go back after a restart
 *  index    8 + 4 + 4   where the first hash of every block stands; its length; its CRC32C
 *  times    8 + 4 + 4   where the times of commits stand; their length; their CRC32C
 *  end           8  length of the whole file: one cut or extended
 *  magic         8
 *  crc           4  of all before it, begun with the head's: a tail of another file; zero 4
 * </pre>
 */
@SuppressWarnings("ArrayRecordComponent")
record FileTail(
    long[] shards, long records, long live, long time, Section index, Section times, long end) {
  static final int SHARDS = 64;
  static final int BYTES = 65 * 8 + 3 * 8 + 2 * 16 + 8 + 8 + 4 + 4;

  private static final long MAGIC = 0x4142_4944_4545_4e44L; // "ABIDEEND"
  private static final int CRC_AT = BYTES - 8;

  /** A part of the file between records and tail. */
  record Section(long at, int bytes, int crc) {}

  ByteBuffer bytes(int seed) {
    ByteBuffer out = ByteBuffer.allocate(BYTES);
    for (long shard : shards) {
      out.putLong(shard);
    }
    out.putLong(records).putLong(live).putLong(time);
    out.putLong(index.at).putInt(index.bytes).putInt(index.crc);
    out.putLong(times.at).putInt(times.bytes).putInt(times.crc);
    out.putLong(end).putLong(MAGIC);
    return out.putInt(crc(out, seed)).putInt(0).flip();
  }

  /** Reads a tail; null if it is not whole, or not that of a file of this length. */
  static @Nullable FileTail read(ByteBuffer in, int seed, long length) {
    if (in.limit() < BYTES || in.getInt(CRC_AT) != crc(in, seed)) {
      return null;
    }
    long[] shards = new long[SHARDS + 1];
    for (int i = 0; i < shards.length; i++) {
      shards[i] = in.getLong();
    }
    FileTail tail =
        new FileTail(
            shards,
            in.getLong(),
            in.getLong(),
            in.getLong(),
            new Section(in.getLong(), in.getInt(), in.getInt()),
            new Section(in.getLong(), in.getInt(), in.getInt()),
            in.getLong());
    return tail.end == length && in.getLong() == MAGIC ? tail : null;
  }

  /** The bytes of records. */
  long recordBytes() {
    return shards[SHARDS];
  }

  private static int crc(ByteBuffer bytes, int seed) {
    CRC32C crc = Blocks.begin(seed, -1);
    crc.update(bytes.duplicate().position(0).limit(CRC_AT));
    return (int) crc.getValue();
  }
}
