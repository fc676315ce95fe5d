package dev.abide.jmh.baseline;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that was full of zeros before and is overwritten from its start when it ends, so that a
 * sync has no metadata to write. The bare baselines share it: what they differ in is who writes.
 */
final class ZeroedFile implements AutoCloseable {
  private static final int FILE_BYTES = 64 << 20;

  private final FileChannel file;
  private long position;

  ZeroedFile(Path path) throws IOException {
    file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    ByteBuffer zeros = ByteBuffer.allocate(1 << 20);
    for (long written = 0; written < FILE_BYTES; ) {
      written += file.write(zeros.clear());
    }
    file.force(true);
  }

  /** Writes what the buffer holds, and returns when it is synced; for one thread. */
  void writeAndSync(ByteBuffer buffer) throws IOException {
    if (position + buffer.remaining() > FILE_BYTES) {
      position = 0;
    }
    while (buffer.hasRemaining()) {
      position += file.write(buffer, position);
    }
    file.force(false);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
