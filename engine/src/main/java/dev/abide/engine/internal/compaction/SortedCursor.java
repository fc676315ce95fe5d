package dev.abide.engine.internal.compaction;

import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.disk.DiskFile;
import dev.abide.engine.internal.journal.Damage;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stretch of a run or a base that begins with an object. Holds one block; each is checked
 * when it is read.
 */
final class SortedCursor implements Cursor {
  private static final int NAME_BYTES_MAX = 0xffff;

  private final SortedFile sorted;
  private final DiskFile file;
  private final int seed;
  private final long end;
  private final ByteBuffer block = ByteBuffer.allocate(Blocks.BLOCK_BYTES);
  private long blockAt = -1;
  private long place;

  private @Nullable ObjectKey object;
  private byte[] key = {};
  private long number;
  private boolean range;
  private int contentBytes;
  private boolean contentRead = true;

  SortedCursor(Disk disk, SortedFile sorted, long from, long to) throws IOException {
    this.sorted = sorted;
    this.seed = sorted.head().seed();
    this.place = from;
    this.end = to;
    this.file = disk.open(sorted.name(), false);
  }

  /** How many bytes of the stream lie before what is read next. */
  long place() {
    return place;
  }

  @Override
  public boolean next() throws IOException {
    if (!contentRead) {
      skip(contentBytes);
      contentRead = true;
    }
    while (place < end) {
      byte kind = getByte();
      switch (kind) {
        case SortedWriter.OBJECT ->
            object = new ObjectKey(getLong(), getLong(), bytes(getShort()), bytes(getShort()));
        case SortedWriter.CHANGE, SortedWriter.RANGE -> {
          range = kind == SortedWriter.RANGE;
          number = getLong();
          key = bytes(getInt());
          contentBytes = getInt();
          contentRead = contentBytes < 0;
          return true;
        }
        default -> throw damaged("there is no record of kind " + kind);
      }
    }
    return false;
  }

  @Override
  public ObjectKey object() {
    if (object == null) {
      throw new IllegalStateException("no record was read yet");
    }
    return object;
  }

  @Override
  public byte[] key() {
    return key;
  }

  @Override
  public long number() {
    return number;
  }

  @Override
  public boolean isRange() {
    return range;
  }

  @Override
  public byte @Nullable [] content() throws IOException {
    if (contentBytes < 0) {
      return null;
    }
    if (contentRead) {
      throw new IllegalStateException("the content was read already");
    }
    contentRead = true;
    return bytes(contentBytes);
  }

  private byte[] bytes(int count) throws IOException {
    // The blocks have been checked, so a wrong length is a fault of the one who wrote them; it must
    // not take the heap.
    if (count < 0 || count > end - place) {
      throw damaged("a record claims " + count + " bytes, more than there are");
    }
    byte[] bytes = new byte[count];
    for (int at = 0; at < count; ) {
      int now = Math.min(count - at, available());
      block.get(bytes, at, now);
      place += now;
      at += now;
    }
    return bytes;
  }

  private void skip(int count) throws IOException {
    for (int left = count; left > 0; ) {
      int now = Math.min(left, available());
      block.position(block.position() + now);
      place += now;
      left -= now;
    }
  }

  /** How many bytes of the stream are in the block from here on; at least one. */
  private int available() throws IOException {
    if (place >= end) {
      throw damaged("a record goes on behind the end of its shard");
    }
    long wanted = Blocks.block(place);
    if (wanted != blockAt) {
      load(wanted);
      block.position(Blocks.HEADER_BYTES + Blocks.inBlock(place));
    }
    if (!block.hasRemaining()) {
      throw damaged("a block is shorter than it should be");
    }
    return block.remaining();
  }

  private void load(long wanted) throws IOException {
    file.read(block.clear(), Blocks.offset(wanted));
    block.flip();
    int bytes = block.limit() < Blocks.HEADER_BYTES ? -1 : block.getInt(4);
    if (bytes < 0 || bytes > block.limit() - Blocks.HEADER_BYTES) {
      throw Damage.at(sorted.name(), Blocks.offset(wanted), "a block is damaged");
    }
    block.limit(Blocks.HEADER_BYTES + bytes).position(Blocks.HEADER_BYTES);
    if (block.getInt(0) != Blocks.crc(seed, wanted, block)) {
      throw Damage.at(sorted.name(), Blocks.offset(wanted), "a block is damaged");
    }
    if (Blocks.inBlock(place) > bytes) {
      throw Damage.at(sorted.name(), Blocks.offset(wanted), "a block is too short");
    }
    blockAt = wanted;
  }

  private RuntimeException damaged(String what) {
    return Damage.at(sorted.name(), Blocks.offset(Blocks.block(place)), what);
  }

  private byte getByte() throws IOException {
    int _ = available();
    place++;
    return block.get();
  }

  private int getShort() throws IOException {
    return ((getByte() & 0xff) << 8 | (getByte() & 0xff)) & NAME_BYTES_MAX;
  }

  private int getInt() throws IOException {
    return getShort() << 16 | getShort();
  }

  private long getLong() throws IOException {
    if (available() >= Long.BYTES) {
      place += Long.BYTES;
      return block.getLong();
    }
    return ((long) getInt() << 32) | (getInt() & 0xffff_ffffL);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
