package dev.abide.engine.internal.compaction;

import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.journal.Damage;
import dev.abide.engine.internal.journal.Identity;
import java.io.IOException;

/** Reads a run or a base from its first byte to its last. */
public final class SortedCheck {
  private static final int PACE_RECORDS = 4_096;

  private SortedCheck() {}

  /**
   * Checks every part of the file.
   *
   * @param pace asked now and then, so that it can end the work
   * @return how many records it has
   * @throws dev.abide.engine.StorageException if a part is damaged, naming file and offset
   */
  public static long read(Disk disk, Identity identity, String name, Pace pace) throws IOException {
    SortedFile file = SortedFile.open(disk, identity, name);
    var _ = file.times(disk);
    file.checkIndex(disk);
    long records = 0;
    try (SortedCursor all = file.all(disk)) {
      while (all.next()) {
        if (++records % PACE_RECORDS == 0) {
          pace.wrote(0);
        }
      }
    }
    if (records != file.tail().records()) {
      throw Damage.at(
          name,
          FileHead.BYTES,
          "it has " + records + " records, and says that it has " + file.tail().records());
    }
    return records;
  }
}
