package dev.abide.engine.internal.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A file through {@link FileChannel}, where the machine's own calls are not known. */
final class ChannelFile implements DiskFile {
  private final FileChannel channel;

  ChannelFile(FileChannel channel) {
    this.channel = channel;
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public int read(ByteBuffer into, long offset) throws IOException {
    int read = 0;
    while (into.hasRemaining()) {
      int now = channel.read(into, offset + read);
      if (now < 0) {
        break;
      }
      read += now;
    }
    return read;
  }

  @Override
  public void write(ByteBuffer from, long offset) throws IOException {
    long at = offset;
    while (from.hasRemaining()) {
      at += channel.write(from, at);
    }
  }

  @Override
  public void force() throws IOException {
    channel.force(false);
  }

  @Override
  public void truncate(long size) throws IOException {
    if (size < channel.size()) {
      channel.truncate(size);
    } else if (size > channel.size()) {
      channel.write(ByteBuffer.allocate(1), size - 1);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
