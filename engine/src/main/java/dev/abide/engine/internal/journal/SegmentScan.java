package dev.abide.engine.internal.journal;

import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.disk.DiskFile;
import java.io.IOException;
import java.io.Serial;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;

/** Reads the commits of a segment again, for compaction. */
public final class SegmentScan {
  private SegmentScan() {}

  /**
   * The segment is there and cannot be opened now, for want of file descriptors or memory above
   * all: it says nothing of what is in it.
   */
  public static final class NotOpened extends IOException {
    @Serial private static final long serialVersionUID = 1;

    private NotOpened(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** Given each record. */
  @FunctionalInterface
  public interface Sink {
    /** A record, padding included, from the buffer's position to its limit; valid in the call. */
    void record(ByteBuffer record) throws IOException;
  }

  /**
   * Gives all records up to a number, which must be durable, in order. All batches are checked.
   *
   * @param first the number of the segment's first commit
   * @throws NotOpened if the file is there and cannot be opened
   * @throws dev.abide.engine.StorageException if a batch that must be there is not whole
   */
  public static void read(
      Disk disk, Identity identity, long sequence, long first, long last, Sink sink)
      throws IOException {
    String name = SegmentHeader.fileName(sequence);
    try (DiskFile file = opened(disk, name);
        SegmentReader reader = new SegmentReader(Recovery.header(file, identity, sequence), file)) {
      long offset = SegmentHeader.BYTES;
      long next = first;
      while (next <= last) {
        Batch batch = reader.read(offset);
        if (batch == null || batch.first() != next) {
          throw Damage.at(name, offset, "commit " + next + " had been synced, and cannot be read");
        }
        next = records(name, offset, batch, reader.records(), last, sink);
        offset += Batch.HEADER_BYTES + batch.bytes();
      }
    }
  }

  private static DiskFile opened(Disk disk, String name) throws IOException {
    try {
      return disk.open(name, false);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw new NotOpened(e);
    }
  }

  private static long records(
      String name, long offset, Batch batch, ByteBuffer records, long last, Sink sink)
      throws IOException {
    long number = batch.first();
    for (int n = 0; n < batch.count() && number <= last; n++, number++) {
      int at = records.position();
      int length = records.remaining() < Long.BYTES ? 0 : CommitFields.paddedLength(records, at);
      if (length <= CommitCodec.TIME_AT + Long.BYTES
          || length > records.remaining()
          || CommitFields.number(records, at) != number) {
        throw Damage.at(name, offset, "commit " + number + " is not where it should be");
      }
      sink.record(records.slice(at, length));
      records.position(at + length);
    }
    return number;
  }
}
