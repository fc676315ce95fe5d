package dev.abide.engine.internal.compaction;

import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.disk.DiskFile;
import dev.abide.engine.internal.journal.Damage;
import dev.abide.engine.internal.journal.Identity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A run or a base, complete and durable. The file is never changed.
 *
 * @param head what it covers
 * @param tail where its parts stand
 */
record SortedFile(FileHead head, FileTail tail) {
  String name() {
    return head.fileName();
  }

  long bytes() {
    return tail.end();
  }

  long first() {
    return head.first();
  }

  long last() {
    return head.last();
  }

  /** Whether versions were dropped, so that states before its last commit are not whole. */
  boolean isThinned() {
    return head.oldest() > head.first();
  }

  /** Opens a file by its name: head and tail are checked, records are when they are read. */
  static SortedFile open(Disk disk, Identity identity, String name) throws IOException {
    try (DiskFile file = disk.open(name, false)) {
      long length = file.size();
      FileHead head = FileHead.read(read(file, 0, FileHead.BYTES), name, identity);
      long tailAt = Math.max(0, length - FileTail.BYTES);
      FileTail tail = FileTail.read(read(file, tailAt, FileTail.BYTES), head.seed(), length);
      if (tail == null) {
        throw Damage.at(name, tailAt, "it does not end as it should");
      }
      return new SortedFile(head, tail);
    }
  }

  /** The times of its commits, as {@link TimeLine} has them. */
  ByteBuffer times(Disk disk) throws IOException {
    return section(disk, tail.times(), "its times are damaged");
  }

  /** Refuses a damaged index. */
  void checkIndex(Disk disk) throws IOException {
    var _ = section(disk, tail.index(), "its index is damaged");
  }

  private ByteBuffer section(Disk disk, FileTail.Section section, String damage)
      throws IOException {
    try (DiskFile file = disk.open(name(), false)) {
      ByteBuffer bytes = read(file, section.at(), section.bytes());
      CRC32C crc = Blocks.begin(head.seed(), section.at());
      crc.update(bytes.duplicate());
      if (bytes.remaining() < section.bytes() || (int) crc.getValue() != section.crc()) {
        throw Damage.at(name(), section.at(), damage);
      }
      return bytes;
    }
  }

  /** Reads the records of one shard. */
  SortedCursor shard(Disk disk, int shard) throws IOException {
    return new SortedCursor(disk, this, tail.shards()[shard], tail.shards()[shard + 1]);
  }

  /** The bytes of the shard's records. */
  long shardBytes(int shard) {
    return tail.shards()[shard + 1] - tail.shards()[shard];
  }

  /**
   * Reads a stretch that has all records of one object: not much more than the blocks in which it
   * lies.
   */
  SortedCursor object(Disk disk, ObjectKey object) throws IOException {
    int shard = object.shard();
    long from = tail.shards()[shard];
    long to = tail.shards()[shard + 1];
    ByteBuffer index = section(disk, tail.index(), "its index is damaged");
    while (index.remaining() >= 24) {
      long place = index.getLong();
      int order = Long.compareUnsigned(index.getLong(), object.hashHigh);
      long low = index.getLong();
      order = order == 0 ? Long.compareUnsigned(low, object.hashLow) : order;
      if (order < 0) {
        from = Math.max(from, place);
      } else if (order > 0) {
        to = Math.min(to, place);
        break;
      }
    }
    return new SortedCursor(disk, this, from, Math.max(from, to));
  }

  /** Reads all records. */
  SortedCursor all(Disk disk) throws IOException {
    return new SortedCursor(disk, this, 0, tail.recordBytes());
  }

  private static ByteBuffer read(DiskFile file, long at, int bytes) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(bytes);
    file.read(in, at);
    return in.flip();
  }
}
