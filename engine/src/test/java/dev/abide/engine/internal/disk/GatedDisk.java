package dev.abide.engine.internal.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A disk whose syncs of segments in use a test can hold up, or let fail; it counts what is read.
 */
public final class GatedDisk implements Disk {
  private final Disk behind;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean shut;
  private boolean failing;
  private int held;

  /** Syncs that were tried while the disk was failing. */
  public final AtomicInteger failures = new AtomicInteger();

  public final AtomicLong bytesRead = new AtomicLong();

  public GatedDisk(Disk behind) {
    this.behind = behind;
  }

  public void shut() {
    set(true, false);
  }

  public void open() {
    set(false, false);
  }

  /** Syncs that are held up, and all later ones, fail. */
  public void fail() {
    set(false, true);
  }

  /** Returns when a sync is held up. */
  public void awaitHeld() {
    lock.lock();
    try {
      while (held == 0) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private void set(boolean nowShut, boolean nowFailing) {
    lock.lock();
    try {
      shut = nowShut;
      failing = nowFailing;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void pass() throws IOException {
    lock.lock();
    try {
      held++;
      changed.signalAll();
      while (shut) {
        changed.awaitUninterruptibly();
      }
      held--;
      if (failing) {
        failures.incrementAndGet();
        throw new IOException("the test lets this sync fail");
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<String> list() throws IOException {
    return behind.list();
  }

  @Override
  public boolean exists(String name) throws IOException {
    return behind.exists(name);
  }

  @Override
  public DiskFile open(String name, boolean create) throws IOException {
    return new GatedFile(behind.open(name, create));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    behind.rename(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    behind.delete(name);
  }

  @Override
  public void force() throws IOException {
    behind.force();
  }

  @Override
  public long usableBytes() throws IOException {
    return behind.usableBytes();
  }

  private final class GatedFile implements DiskFile {
    private final DiskFile file;

    GatedFile(DiskFile file) {
      this.file = file;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
      int read = file.read(into, offset);
      bytesRead.addAndGet(read);
      return read;
    }

    @Override
    public void write(ByteBuffer from, long offset) throws IOException {
      file.write(from, offset);
    }

    @Override
    public void force() throws IOException {
      if (Thread.currentThread().getName().equals("abide-journal")) {
        pass();
      }
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
