package dev.abide.engine.internal.compaction;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * How records lie in a run or a base: one stream of bytes, cut into blocks of 64 KiB that each
 * begin with a checksum over the file's head, the block's place and its bytes. So neither a decayed
 * block passes, nor one that was written elsewhere.
 *
 * <pre>
 *  crc    4
 *  bytes  4  of the stream in this block; all blocks but the last are full
 * </pre>
 */
final class Blocks {
  static final int BLOCK_BYTES = 64 * 1024;
  static final int HEADER_BYTES = 8;
  static final int CONTENT_BYTES = BLOCK_BYTES - HEADER_BYTES;

  private Blocks() {}

  /** Where a block stands in the file. */
  static long offset(long block) {
    return FileHead.BYTES + block * BLOCK_BYTES;
  }

  static long block(long place) {
    return place / CONTENT_BYTES;
  }

  static int inBlock(long place) {
    return (int) (place % CONTENT_BYTES);
  }

  /** A checksum begun with what binds it to file and place. */
  static CRC32C begin(int seed, long block) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(12).putInt(seed).putLong(block).flip());
    return crc;
  }

  /** The checksum of a block's content, from the buffer's position to its limit. */
  static int crc(int seed, long block, ByteBuffer content) {
    CRC32C crc = begin(seed, block);
    crc.update(content.duplicate());
    return (int) crc.getValue();
  }
}
