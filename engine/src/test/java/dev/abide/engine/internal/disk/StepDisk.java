package dev.abide.engine.internal.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * A disk that does what a test says before one of its changes: a file made, written, synced, cut,
 * renamed or deleted. What it does need not return; a process that stands still there can be killed
 * at just this step.
 */
public final class StepDisk implements Disk {
  private final Disk under;
  private final Predicate<String> counts;
  private final AtomicLong left;
  private final Runnable action;

  /**
   * @param counts given the name of the file, or an empty one for the directory itself: whether the
   *     change is one that counts
   * @param before the n-th of these, from 1 on
   */
  public StepDisk(Disk under, Predicate<String> counts, long before, Runnable action) {
    this.under = under;
    this.counts = counts;
    this.left = new AtomicLong(before);
    this.action = action;
  }

  /** Counts changes of files whose names begin so; of the directory itself if that is empty. */
  public StepDisk(Disk under, String prefix, long before, Runnable action) {
    this(under, name -> name.startsWith(prefix), before, action);
  }

  private void change(String name) {
    if (left.get() > 0 && counts.test(name) && left.decrementAndGet() == 0) {
      action.run();
    }
  }

  /** Never returns. */
  public static void standStill() {
    while (true) {
      LockSupport.park();
    }
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
    if (create) {
      change(name);
    }
    return new Stepping(name, under.open(name, create));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    change(from);
    under.rename(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    change(name);
    under.delete(name);
  }

  @Override
  public void force() throws IOException {
    change("");
    under.force();
  }

  @Override
  public long usableBytes() throws IOException {
    return under.usableBytes();
  }

  private final class Stepping implements DiskFile {
    private final String name;
    private final DiskFile file;

    Stepping(String name, DiskFile file) {
      this.name = name;
      this.file = file;
    }

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
      change(name);
      file.write(from, offset);
    }

    @Override
    public void force() throws IOException {
      change(name);
      file.force();
    }

    @Override
    public void truncate(long size) throws IOException {
      change(name);
      file.truncate(size);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
