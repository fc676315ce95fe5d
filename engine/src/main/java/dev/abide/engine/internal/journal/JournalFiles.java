package dev.abide.engine.internal.journal;

import dev.abide.engine.StorageException;
import dev.abide.engine.internal.disk.Disk;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** The segments of a directory that no engine has open, for tools and restores. */
public final class JournalFiles {
  private JournalFiles() {}

  /**
   * What an open would read, without a change to any file.
   *
   * @param least the number that the last clean close gave, or 0
   * @param each given every commit behind the start, in order
   * @throws dev.abide.engine.StorageException if the segments are damaged
   */
  public static List<JournalSegment> look(
      Disk disk, Identity identity, JournalStart start, long least, Consumer<NumberedCommit> each)
      throws IOException {
    return new Recovery(disk, identity, start, least, each, Progress.NONE).look();
  }

  /**
   * The same as far as it can be read; what lies behind a damage is not seen.
   *
   * @param damage told of each damage that was met
   */
  public static List<JournalSegment> salvage(
      Disk disk,
      Identity identity,
      JournalStart start,
      long least,
      Consumer<StorageException> damage)
      throws IOException {
    return new Recovery(disk, identity, start, least, commit -> {}, Progress.NONE).salvage(damage);
  }

  /** Makes the first segment of a directory whose commits are all in bases. */
  public static void makeFirst(Disk disk, Identity identity, long bytes) throws IOException {
    SegmentHeader header = new SegmentHeader(identity.lineage(), 1, Salts.next(), null);
    Segment.make(disk, header, bytes, null).file.close();
  }

  /** Whether the file is a segment, or was to become one. */
  public static boolean isName(String name) {
    return SegmentHeader.sequenceOf(name) >= 0 || Segment.isBeside(name);
  }
}
