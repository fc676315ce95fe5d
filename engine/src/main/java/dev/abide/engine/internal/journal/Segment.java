package dev.abide.engine.internal.journal;

import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** An open segment: its header, and its file full of zeros behind what was written. */
final class Segment {
  private static final String BESIDE = ".tmp";
  private static final int ZEROS_AT_ONCE = 1 << 20;

  /** A sync of a whole segment at once would hold up the journal's own syncs meanwhile. */
  private static final int SYNC_EACH_BYTES = 4 << 20;

  final SegmentHeader header;
  final DiskFile file;
  final long size;

  Segment(SegmentHeader header, DiskFile file, long size) {
    this.header = header;
    this.file = file;
    this.size = size;
  }

  /**
   * Makes a segment: written beside, synced, renamed, directory synced. It has its final name and
   * salt then, so taking it into use touches no directory.
   *
   * @param first a sealed batch to begin with, or null
   */
  static Segment make(Disk disk, SegmentHeader header, long size, @Nullable ByteBuffer first)
      throws IOException {
    String name = SegmentHeader.fileName(header.sequence());
    String beside = name + BESIDE;
    try {
      DiskFile file = disk.open(beside, true);
      try {
        ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_AT_ONCE);
        for (long at = 0; at < size; at += ZEROS_AT_ONCE) {
          file.write(zeros.clear().limit((int) Math.min(ZEROS_AT_ONCE, size - at)), at);
          if ((at + ZEROS_AT_ONCE) % SYNC_EACH_BYTES == 0) {
            file.force();
          }
        }
        file.write(header.bytes(), 0);
        if (first != null) {
          file.write(first.duplicate().position(0), SegmentHeader.BYTES);
        }
        file.force();
        disk.rename(beside, name);
        disk.force();
        return new Segment(header, file, size);
      } catch (IOException | RuntimeException | Error e) {
        file.close();
        throw e;
      }
    } catch (IOException | RuntimeException | Error e) {
      deleteQuietly(disk, beside, e);
      throw e;
    }
  }

  /**
   * Makes a segment of the blocks of one whose commits are in a run: overwriting blocks that a file
   * has takes half the sync time of getting new ones. Stale batches in them have another salt.
   *
   * <p>The old name must be gone for good before the header changes: a crash between the two would
   * leave a header under a name that is not its own, which is taken for damage.
   */
  static Segment recycle(Disk disk, SegmentHeader header, long size, long old) throws IOException {
    String name = SegmentHeader.fileName(header.sequence());
    String beside = name + BESIDE;
    try {
      disk.rename(SegmentHeader.fileName(old), beside);
      disk.force();
      DiskFile file = disk.open(beside, false);
      try {
        file.write(header.bytes(), 0);
        file.force();
        disk.rename(beside, name);
        disk.force();
        return new Segment(header, file, size);
      } catch (IOException | RuntimeException | Error e) {
        file.close();
        throw e;
      }
    } catch (IOException | RuntimeException | Error e) {
      deleteQuietly(disk, beside, e);
      throw e;
    }
  }

  private static void deleteQuietly(Disk disk, String name, Throwable cause) {
    try {
      disk.delete(name);
    } catch (IOException also) {
      cause.addSuppressed(also);
    }
  }

  static boolean isBeside(String fileName) {
    return fileName.endsWith(BESIDE)
        && SegmentHeader.sequenceOf(fileName.substring(0, fileName.length() - BESIDE.length()))
            >= 0;
  }
}
