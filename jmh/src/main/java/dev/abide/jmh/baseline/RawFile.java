package dev.abide.jmh.baseline;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The bare write and sync of a record into a file that was full of zeros; for one thread. */
public final class RawFile implements AutoCloseable {
  private static final int RECORD_BYTES_MAX = 4 << 10;

  private final ZeroedFile file;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(RECORD_BYTES_MAX);
  private long appended;

  /** Makes the file. */
  public RawFile(Path path) throws IOException {
    file = new ZeroedFile(path);
  }

  /** Writes a record, of at most 4 KiB, and syncs it. */
  public void append(byte[] record) throws IOException {
    file.writeAndSync(buffer.clear().put(record).flip());
    appended++;
  }

  /** How many records were written and synced. */
  public long appended() {
    return appended;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
