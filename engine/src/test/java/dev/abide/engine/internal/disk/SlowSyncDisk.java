package dev.abide.engine.internal.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A disk whose syncs take as long as real ones: what leaves before its sync has the time to be
 * seen.
 */
public record SlowSyncDisk(Disk under, long nanos) implements Disk {
  @Override
  public List<String> list() throws IOException {
    return under.list();
  }

  @Override
  public boolean exists(String name) throws IOException {
    return under.exists(name);
  }

  @Override
  public DiskFile open(String name, boolean create) throws IOException {
    return new Slow(under.open(name, create), nanos);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    under.rename(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    under.delete(name);
  }

  @Override
  public void force() throws IOException {
    under.force();
  }

  @Override
  public long usableBytes() throws IOException {
    return under.usableBytes();
  }

  private record Slow(DiskFile file, long nanos) implements DiskFile {
    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
      return file.read(into, offset);
    }

    @Override
    public void write(ByteBuffer from, long offset) throws IOException {
      file.write(from, offset);
    }

    @Override
    public void force() throws IOException {
      LockSupport.parkNanos(nanos);
      file.force();
    }

    @Override
    public void truncate(long size) throws IOException {
      file.truncate(size);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
