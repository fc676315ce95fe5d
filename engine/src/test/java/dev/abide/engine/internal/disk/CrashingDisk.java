package dev.abide.engine.internal.disk;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * A disk whose process ends at the n-th change: that one is done or not, and nothing after it is.
 * What was not synced is lost when the disk behind loses its power.
 */
public final class CrashingDisk extends ChangingDisk {
  private final Predicate<String> counts;
  private final long last;
  private final boolean lastIsDone;
  private final AtomicLong changes = new AtomicLong();

  /**
   * @param counts given the name of a change, as {@link ChangingDisk} has it: whether it is one of
   *     those that are counted
   * @param last the one of these at which all ends, 1 being the first
   * @param lastIsDone whether that one still reaches the disk, unsynced
   */
  public CrashingDisk(Disk behind, Predicate<String> counts, long last, boolean lastIsDone) {
    super(behind);
    this.counts = counts;
    this.last = last;
    this.lastIsDone = lastIsDone;
  }

  /** Counts all changes. */
  public CrashingDisk(Disk behind, long last, boolean lastIsDone) {
    this(behind, change -> true, last, lastIsDone);
  }

  /** Whether the end was reached. */
  public boolean crashed() {
    return changes.get() >= last;
  }

  @Override
  void change(String what, String file, Change change) throws IOException {
    look();
    if (!counts.test(what)) {
      change.make();
      return;
    }
    long now = changes.incrementAndGet();
    if (now < last || (now == last && lastIsDone)) {
      change.make();
    }
    look();
  }

  @Override
  void look() throws IOException {
    if (crashed()) {
      throw new IOException("the process has ended");
    }
  }
}
