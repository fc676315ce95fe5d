package dev.abide.jmh.baseline;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The bare write and sync of 128 bytes into a file that was full of zeros; for one thread. */
public final class RawFile implements AutoCloseable {
  private static final int RECORD_BYTES = 128;
  private static final int FILE_BYTES = 16 << 20;

  private final FileChannel file;
  private final ByteBuffer record = ByteBuffer.allocateDirect(RECORD_BYTES);
  private long position;

  /** Makes the file. */
  public RawFile(Path path) throws IOException {
    file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    ByteBuffer zeros = ByteBuffer.allocate(1 << 20);
    for (int written = 0; written < FILE_BYTES; written += zeros.capacity()) {
      file.write(zeros.clear());
    }
    file.force(true);
  }

  /** Writes a record and syncs it; from the start again where the file ends. */
  public void append() throws IOException {
    int written = file.write(record.clear(), position);
    if (written != RECORD_BYTES) {
      throw new IOException("only " + written + " bytes were written");
    }
    file.force(false);
    position = (position + RECORD_BYTES) % FILE_BYTES;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
