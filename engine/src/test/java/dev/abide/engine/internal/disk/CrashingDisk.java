package dev.abide.engine.internal.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A disk whose process ends at the n-th change: that one is done or not, and nothing after it is.
 * What was not synced is lost when the disk behind loses its power.
 */
public final class CrashingDisk implements Disk {
  private final Disk behind;
  private final long last;
  private final boolean lastIsDone;
  private final AtomicLong changes = new AtomicLong();

  /**
   * @param last the change at which all ends, 1 being the first
   * @param lastIsDone whether that one still reaches the disk, unsynced
   */
  public CrashingDisk(Disk behind, long last, boolean lastIsDone) {
    this.behind = behind;
    this.last = last;
    this.lastIsDone = lastIsDone;
  }

  /** Whether the end was reached. */
  public boolean crashed() {
    return changes.get() >= last;
  }

  private interface Change {
    void make() throws IOException;
  }

  private void change(Change change) throws IOException {
    long now = changes.incrementAndGet();
    if (now < last || (now == last && lastIsDone)) {
      change.make();
    }
    check();
  }

  private void check() throws IOException {
    if (crashed()) {
      throw new IOException("the process has ended");
    }
  }

  @Override
  public List<String> list() throws IOException {
    check();
    return behind.list();
  }

  @Override
  public boolean exists(String name) throws IOException {
    check();
    return behind.exists(name);
  }

  @Override
  public DiskFile open(String name, boolean create) throws IOException {
    check();
    if (create && !behind.exists(name)) {
      change(() -> behind.open(name, true).close());
    }
    return new CrashingFile(behind.open(name, false));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    change(() -> behind.rename(from, to));
  }

  @Override
  public void delete(String name) throws IOException {
    if (behind.exists(name)) {
      change(() -> behind.delete(name));
    }
    check();
  }

  @Override
  public void force() throws IOException {
    change(behind::force);
  }

  @Override
  public long usableBytes() throws IOException {
    return behind.usableBytes();
  }

  private final class CrashingFile implements DiskFile {
    private final DiskFile file;

    CrashingFile(DiskFile file) {
      this.file = file;
    }

    @Override
    public long size() throws IOException {
      check();
      return file.size();
    }

    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
      check();
      return file.read(into, offset);
    }

    @Override
    public void write(ByteBuffer from, long offset) throws IOException {
      change(() -> file.write(from, offset));
    }

    @Override
    public void force() throws IOException {
      change(file::force);
    }

    @Override
    public void truncate(long size) throws IOException {
      change(() -> file.truncate(size));
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
