package dev.abide.engine.internal.store;

import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.disk.DiskFile;
import dev.abide.engine.internal.journal.Format;
import dev.abide.engine.internal.journal.JournalEnd;
import dev.abide.engine.internal.store.chronicle.ChronicleStore;
import dev.abide.engine.internal.store.chronicle.ChronicleStore.ShardState;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a clean close leaves: that the maps hold all commits up to the journal's end. Written last,
 * and erased before the maps are touched at the next open, so that it is never true of maps that
 * have changed.
 *
 * @param cleanId stands in each map too
 * @param lineage of the directory
 * @param end where the journal ends
 * @param shards what each shard needs to be opened
 */
@SuppressWarnings("ArrayRecordComponent")
record ShardsFile(byte[] cleanId, long lineage, JournalEnd end, List<ShardState> shards) {
  private static final String FILE = "shards";
  private static final String BESIDE = "shards.tmp";
  private static final long MAGIC = 0x4142_4944_4553_480aL; // "ABIDESH\n"
  private static final int FORMAT = 1;
  private static final int FORMAT_AT = 8;
  private static final int ID_BYTES = 16;

  void write(Disk disk) throws IOException {
    int generations = shards.stream().mapToInt(shard -> shard.generations().size()).sum();
    ByteBuffer out =
        ByteBuffer.allocate(8 + 4 + ID_BYTES + 8 + 32 + 12 * shards.size() + 8 * generations + 4);
    out.putLong(MAGIC).putInt(FORMAT).put(cleanId).putLong(lineage);
    out.putLong(end.sequence()).putLong(end.offset()).putLong(end.number()).putLong(end.time());
    for (ShardState shard : shards) {
      out.putLong(shard.lastPage()).putInt(shard.generations().size());
      shard.generations().forEach(out::putLong);
    }
    out.putInt(crc(out, out.position())).flip();
    try (DiskFile file = disk.open(BESIDE, true)) {
      file.truncate(0);
      file.write(out, 0);
      file.force();
    }
    disk.rename(BESIDE, FILE);
    disk.force();
  }

  /** Erases the file durably: from now on the maps may change. */
  static void erase(Disk disk) throws IOException {
    disk.delete(FILE);
    disk.force();
  }

  /**
   * Reads the file; null if there is none, or none that can be believed.
   *
   * @throws dev.abide.engine.StorageException if it is whole and has a format that this release
   *     does not read
   */
  static @Nullable ShardsFile read(Disk disk, long lineage) throws IOException {
    if (!disk.exists(FILE)) {
      return null;
    }
    ByteBuffer in;
    try (DiskFile file = disk.open(FILE, false)) {
      in = ByteBuffer.allocate(Math.toIntExact(Math.min(file.size(), 64 << 20)));
      file.read(in, 0);
    }
    return parse(in.flip(), lineage);
  }

  private static @Nullable ShardsFile parse(ByteBuffer in, long lineage) {
    int length = in.limit();
    if (length < 16 || in.getInt(length - 4) != crc(in, length - 4) || in.getLong() != MAGIC) {
      return null;
    }
    // Its checksum is right, so it has not decayed: another release had this directory last.
    Format.check(
        FILE,
        FORMAT_AT,
        in.getInt(),
        FORMAT,
        "delete it, and the maps are made anew from the journal");
    try {
      byte[] cleanId = new byte[ID_BYTES];
      in.get(cleanId);
      if (in.getLong() != lineage) {
        return null;
      }
      JournalEnd end = new JournalEnd(in.getLong(), in.getLong(), in.getLong(), in.getLong());
      List<ShardState> shards = new ArrayList<>();
      for (int shard = 0; shard < ChronicleStore.SHARDS; shard++) {
        long lastPage = in.getLong();
        List<Long> generations = new ArrayList<>();
        for (int n = in.getInt(); n > 0; n--) {
          generations.add(in.getLong());
        }
        shards.add(new ShardState(lastPage, List.copyOf(generations)));
      }
      return new ShardsFile(cleanId, lineage, end, shards);
    } catch (BufferUnderflowException e) {
      return null;
    }
  }

  private static int crc(ByteBuffer bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().position(0).limit(length));
    return (int) crc.getValue();
  }
}
