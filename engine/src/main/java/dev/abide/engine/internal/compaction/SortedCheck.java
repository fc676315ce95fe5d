package dev.abide.engine.internal.compaction;

import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.journal.Damage;
import dev.abide.engine.internal.journal.Identity;
import java.io.IOException;
import java.util.function.LongConsumer;

/** Reads a run or a base from its first byte to its last. */
public final class SortedCheck {
  private static final int PACE_RECORDS = 4_096;
  private static final int TELL_BYTES = 1 << 20;

  private SortedCheck() {}

  /**
   * Checks every part of the file.
   *
   * @param pace asked now and then, so that it can end the work
   * @return how many records it has
   * @throws dev.abide.engine.StorageException if a part is damaged, naming file and offset
   */
  public static long read(Disk disk, Identity identity, String name, Pace pace) throws IOException {
    return read(disk, identity, name, pace, bytes -> {});
  }

  /**
   * The same.
   *
   * @param reached told now and then how many bytes have been read, and at the end of all
   */
  public static long read(
      Disk disk, Identity identity, String name, Pace pace, LongConsumer reached)
      throws IOException {
    SortedFile file = SortedFile.open(disk, identity, name);
    var _ = file.times(disk);
    file.checkIndex(disk);
    long records = 0;
    long told = 0;
    try (SortedCursor all = file.all(disk)) {
      while (all.next()) {
        if (++records % PACE_RECORDS == 0) {
          pace.wrote(0);
        }
        if (all.place() - told >= TELL_BYTES) {
          told = all.place();
          reached.accept(told);
        }
      }
    }
    if (records != file.tail().records()) {
      throw Damage.at(
          name,
          FileHead.BYTES,
          "it has " + records + " records, and says that it has " + file.tail().records());
    }
    reached.accept(file.bytes());
    return records;
  }
}
