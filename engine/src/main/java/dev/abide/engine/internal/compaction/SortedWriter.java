package dev.abide.engine.internal.compaction;

import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes a run or a base: beside, synced, renamed, directory synced. Records come in the order of
 * {@link Cursor}, which is checked: what a run says wrongly, nobody can say rightly any more.
 *
 * <pre>
 *  object  1 (1), hash 16, type 2 + n, id 2 + n     what follows is of this object
 *  change  1 (2), number 8, key 4 + n, value 4 + n or -1 for "deleted"
 *  range   1 (3), number 8, from 4 + n, to 4 + n or -1 for "no end"
 * </pre>
 */
final class SortedWriter implements AutoCloseable {
  static final byte OBJECT = 1;
  static final byte CHANGE = 2;
  static final byte RANGE = 3;
  static final int NONE = -1;

  /** More at once would hold up the journal's own sync. */
  private static final int SYNC_BYTES = 4 << 20;

  private final Disk disk;
  private final FileHead head;
  private final int seed;
  private final Pace pace;
  private final DiskFile file;
  private final ByteBuffer block = ByteBuffer.allocateDirect(Blocks.BLOCK_BYTES);
  private final long[] shards = new long[FileTail.SHARDS + 1];
  private ByteBuffer index = ByteBuffer.allocate(1024);

  private long blocks;
  private long unsynced;
  private long records;
  private int shard = -1;
  private boolean indexed;
  private boolean done;

  private @Nullable ObjectKey object;
  private byte[] key = {};
  private long number;
  private boolean range;

  SortedWriter(Disk disk, FileHead head, Pace pace) throws IOException {
    this.disk = disk;
    this.head = head;
    this.seed = head.seed();
    this.pace = pace;
    disk.delete(head.besideName());
    file = disk.open(head.besideName(), true);
    try {
      file.write(head.bytes(), 0);
    } catch (IOException | RuntimeException | Error e) {
      close();
      throw e;
    }
    block.position(Blocks.HEADER_BYTES);
  }

  /** Adds a record. */
  void add(ObjectKey of, byte[] at, long commit, boolean isRange, byte @Nullable [] content)
      throws IOException {
    if (object == null || !object.equals(of)) {
      begin(of);
    } else {
      int order = Arrays.compareUnsigned(key, at);
      if (order > 0
          || (order == 0 && (number < commit || (number == commit && (range || !isRange))))) {
        throw new IllegalStateException("records of " + of.name() + " out of order");
      }
    }
    key = at;
    number = commit;
    range = isRange;
    records++;
    room(1 + Long.BYTES + Integer.BYTES);
    put(isRange ? RANGE : CHANGE);
    putLong(commit);
    putInt(at.length);
    put(at);
    putInt(content == null ? NONE : content.length);
    if (content != null) {
      put(content);
    }
  }

  private void begin(ObjectKey next) throws IOException {
    if (object != null && object.compareTo(next) >= 0) {
      throw new IllegalStateException("object " + next.name() + " out of order");
    }
    object = next;
    long place = place();
    while (shard < next.shard()) {
      shards[++shard] = place;
    }
    if (!block.hasRemaining()) {
      flush();
    }
    if (!indexed) {
      index(next);
    }
    put(OBJECT);
    putLong(next.hashHigh);
    putLong(next.hashLow);
    putShort(next.type.length);
    put(next.type);
    putShort(next.id.length);
    put(next.id);
  }

  /** The first hash of a block, and where it is. */
  private void index(ObjectKey first) {
    if (index.remaining() < 32) {
      index = ByteBuffer.allocate(2 * index.capacity()).put(index.flip());
    }
    index.putLong(place()).putLong(first.hashHigh).putLong(first.hashLow);
    indexed = true;
  }

  private long place() {
    return blocks * Blocks.CONTENT_BYTES + block.position() - Blocks.HEADER_BYTES;
  }

  /**
   * Completes the file and gives it its name.
   *
   * @param times the times of its commits
   * @param live what the directory's live bytes are now
   */
  SortedFile finish(TimeLine times, long live) throws IOException {
    while (shard < FileTail.SHARDS) {
      shards[++shard] = place();
    }
    if (block.position() > Blocks.HEADER_BYTES) {
      flush();
    }
    long at = file.size();
    FileTail.Section first = section(at, Arrays.copyOf(index.array(), index.position()));
    FileTail.Section second = section(at + first.bytes(), times.encoded());
    long tailAt = second.at() + second.bytes();
    FileTail tail =
        new FileTail(shards, records, live, times.last(), first, second, tailAt + FileTail.BYTES);
    file.write(tail.bytes(seed), tailAt);
    file.force();
    disk.rename(head.besideName(), head.fileName());
    disk.force();
    done = true;
    return new SortedFile(head, tail);
  }

  private FileTail.Section section(long at, byte[] bytes) throws IOException {
    CRC32C crc = Blocks.begin(seed, at);
    crc.update(bytes, 0, bytes.length);
    file.write(ByteBuffer.wrap(bytes), at);
    return new FileTail.Section(at, bytes.length, (int) crc.getValue());
  }

  private void flush() throws IOException {
    block.flip();
    ByteBuffer content = block.duplicate().position(Blocks.HEADER_BYTES);
    block.putInt(0, Blocks.crc(seed, blocks, content)).putInt(4, content.remaining());
    int bytes = block.remaining();
    file.write(block, Blocks.offset(blocks));
    blocks++;
    indexed = false;
    block.clear().position(Blocks.HEADER_BYTES);
    unsynced += bytes;
    if (unsynced >= SYNC_BYTES) {
      file.force();
      pace.wrote(unsynced);
      unsynced = 0;
    }
  }

  private void room(int bytes) throws IOException {
    if (block.remaining() == 0 && bytes > 0) {
      flush();
    }
  }

  private void put(byte one) throws IOException {
    room(1);
    block.put(one);
  }

  private void putShort(int value) throws IOException {
    put((byte) (value >>> 8));
    put((byte) value);
  }

  private void putInt(int value) throws IOException {
    putShort(value >>> 16);
    putShort(value);
  }

  private void putLong(long value) throws IOException {
    if (block.remaining() >= Long.BYTES) {
      block.putLong(value);
    } else {
      putInt((int) (value >>> 32));
      putInt((int) value);
    }
  }

  private void put(byte[] bytes) throws IOException {
    for (int at = 0; at < bytes.length; ) {
      room(1);
      int now = Math.min(block.remaining(), bytes.length - at);
      block.put(bytes, at, now);
      at += now;
    }
  }

  /** Closes the file, and removes it if it was not finished. */
  @Override
  public void close() throws IOException {
    try {
      file.close();
    } finally {
      if (!done) {
        disk.delete(head.besideName());
      }
    }
  }
}
