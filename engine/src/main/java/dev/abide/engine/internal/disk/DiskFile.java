package dev.abide.engine.internal.disk;

import java.io.IOException;
import java.nio.ByteBuffer;

/** One open file. Threading: one thread at a time, but for {@link #close}. */
public interface DiskFile extends AutoCloseable {
  /** The length in bytes. */
  long size() throws IOException;

  /** Reads at the offset until the buffer is full or the file ends; returns the bytes read. */
  int read(ByteBuffer into, long offset) throws IOException;

  /** Writes all that remains in the buffer at the offset; short writes are continued. */
  void write(ByteBuffer from, long offset) throws IOException;

  /** Makes what was written durable: data, and as much of the metadata as reading it back needs. */
  void force() throws IOException;

  /** Cuts or extends to this length. */
  void truncate(long size) throws IOException;

  @Override
  void close() throws IOException;
}
