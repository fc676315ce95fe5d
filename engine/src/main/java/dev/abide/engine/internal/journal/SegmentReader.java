package dev.abide.engine.internal.journal;

import dev.abide.engine.internal.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads batches of one segment. Holds one batch in memory, and a window for scans. */
final class SegmentReader implements AutoCloseable {
  private static final int GRID = 8;
  private static final int WINDOW = 256 * 1024;

  final SegmentHeader header;
  final long size;

  private final DiskFile file;
  private final ByteBuffer head = ByteBuffer.allocate(Batch.HEADER_BYTES);
  private ByteBuffer records = ByteBuffer.allocate(0);

  SegmentReader(SegmentHeader header, DiskFile file) throws IOException {
    this.header = header;
    this.file = file;
    this.size = file.size();
  }

  /**
   * The batch at this offset with its records in {@link #records}, or null if no valid one is
   * there.
   */
  @Nullable Batch read(long offset) throws IOException {
    if (offset + Batch.HEADER_BYTES > size
        || file.read(head.clear(), offset) < Batch.HEADER_BYTES
        || !Batch.plausible(head, header.salt())) {
      return null;
    }
    Batch batch = Batch.read(head);
    if (batch.count() < 0
        || batch.bytes() < 0
        || batch.bytes() > size - offset - Batch.HEADER_BYTES
        || batch.bytes() > Integer.MAX_VALUE - 64) {
      return null;
    }
    CRC32C crc = Batch.begin(head);
    int wanted = (int) batch.bytes();
    if (records.capacity() < wanted) {
      records = ByteBuffer.allocate(wanted);
    }
    records.clear().limit(wanted);
    if (file.read(records, offset + Batch.HEADER_BYTES) < wanted) {
      return null;
    }
    crc.update(records.flip());
    records.rewind();
    return (int) crc.getValue() == Batch.crc(head) ? batch : null;
  }

  /** The records of the batch that was read last. */
  ByteBuffer records() {
    return records;
  }

  /**
   * Looks behind the offset for a batch that says that this number had been synced before it was
   * written; its offset, or -1.
   */
  long findVoucher(long offset, long number) throws IOException {
    ByteBuffer window = ByteBuffer.allocate(WINDOW);
    for (long at = offset; at < size; at += WINDOW - Batch.HEADER_BYTES) {
      int read = file.read(window.clear(), at);
      for (int place = 0; place + Batch.HEADER_BYTES <= read; place += GRID) {
        if (Batch.plausible(window.slice(place, Batch.HEADER_BYTES), header.salt())) {
          Batch batch = read(at + place);
          if (batch != null && batch.durable() >= number) {
            return at + place;
          }
        }
      }
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
