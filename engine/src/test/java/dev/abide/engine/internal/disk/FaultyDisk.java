package dev.abide.engine.internal.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A disk that blocks, fails and fills up when told. */
public final class FaultyDisk implements Disk {
  private final Disk under;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final AtomicLong bytesRead = new AtomicLong();
  private final AtomicLong forces = new AtomicLong();
  private final AtomicLong writes = new AtomicLong();
  private boolean blocked;
  private int waiting;
  private volatile long failingForce = -1;
  private volatile long failingWrite = -1;
  private volatile String failingNames = "";
  private volatile boolean full;
  private volatile String unopened = "";
  private volatile @Nullable String undeleted;
  private volatile boolean memoryEnded;
  private volatile @Nullable String unwritten;

  /* Guarded by the lock. */
  private @Nullable String unsyncedNames;
  private int renamesLeft;
  private @Nullable Thread failsToSync;

  public FaultyDisk(Disk under) {
    this.under = under;
  }

  /** From now on a force of a file waits. */
  public void blockForce() {
    set(true);
  }

  public void unblockForce() {
    set(false);
  }

  private void set(boolean block) {
    lock.lock();
    try {
      blocked = block;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns when a force waits. */
  public void awaitBlocked() throws InterruptedException {
    lock.lock();
    try {
      while (waiting == 0) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Fails the n-th force of a file from now, 1 being the next. */
  public void failForce(int n) {
    failingForce = forces.get() + n;
  }

  /**
   * Fails the n-th write from now to files whose names begin so, 1 being the next. By name: other
   * threads write other files meanwhile.
   */
  public void failWrite(String prefix, int n) {
    writes.set(0);
    failingNames = prefix;
    failingWrite = n;
  }

  /**
   * Fails the sync of the directory that follows the n-th rename from now to a name that begins so,
   * by the thread that renamed: others make files meanwhile.
   */
  public void failSyncBehindRename(String prefix, int n) {
    lock.lock();
    try {
      unsyncedNames = prefix;
      renamesLeft = n;
    } finally {
      lock.unlock();
    }
  }

  /** From now on this file cannot be opened, as where too many are open; none if it is empty. */
  public void failOpens(String name) {
    unopened = name;
  }

  /** From now on files whose names begin so cannot be deleted. */
  public void failDeletes(@Nullable String prefix) {
    undeleted = prefix;
  }

  /** From now on a deletion finds no memory. */
  public void memoryEnded(boolean now) {
    memoryEnded = now;
  }

  /** From now on files whose names begin so cannot be written; null for none. */
  public void failWrites(@Nullable String prefix) {
    unwritten = prefix;
  }

  /** Whether writes to files that are being made find no space. */
  public void full(boolean now) {
    full = now;
  }

  public long bytesRead() {
    return bytesRead.get();
  }

  public long forces() {
    return forces.get();
  }

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
    if (name.equals(unopened)) {
      throw new IOException("too many open files (injected)");
    }
    return new Faulty(name, under.open(name, create), create);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    under.rename(from, to);
    lock.lock();
    try {
      if (unsyncedNames != null && to.startsWith(unsyncedNames) && --renamesLeft == 0) {
        unsyncedNames = null;
        failsToSync = Thread.currentThread();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void delete(String name) throws IOException {
    if (memoryEnded) {
      throw new OutOfMemoryError("injected");
    }
    String prefix = undeleted;
    if (prefix != null && name.startsWith(prefix)) {
      throw new IOException("operation not permitted (injected)");
    }
    under.delete(name);
  }

  @Override
  public void force() throws IOException {
    lock.lock();
    try {
      if (Thread.currentThread().equals(failsToSync)) {
        failsToSync = null;
        throw new IOException("input/output error (injected)");
      }
    } finally {
      lock.unlock();
    }
    under.force();
  }

  @Override
  public long usableBytes() throws IOException {
    return full ? 0 : under.usableBytes();
  }

  private final class Faulty implements DiskFile {
    private final String name;
    private final DiskFile file;
    private final boolean made;

    Faulty(String name, DiskFile file, boolean made) {
      this.name = name;
      this.file = file;
      this.made = made;
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
      if (name.startsWith(failingNames) && writes.incrementAndGet() == failingWrite) {
        throw new IOException("input/output error (injected)");
      }
      String prefix = unwritten;
      if (prefix != null && name.startsWith(prefix)) {
        throw new IOException("input/output error (injected)");
      }
      // What lies within the file has its blocks already.
      if (made && full && offset + from.remaining() > file.size()) {
        throw new IOException("no space left on device (injected)");
      }
      file.write(from, offset);
    }

    @Override
    public void force() throws IOException {
      long n = forces.incrementAndGet();
      lock.lock();
      try {
        waiting++;
        changed.signalAll();
        while (blocked) {
          changed.awaitUninterruptibly();
        }
        waiting--;
      } finally {
        lock.unlock();
      }
      if (n == failingForce) {
        throw new IOException("input/output error (injected)");
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
