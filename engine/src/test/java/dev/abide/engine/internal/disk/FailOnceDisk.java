package dev.abide.engine.internal.disk;

import java.io.IOException;
import java.util.function.Predicate;

/**
 * A disk whose n-th change fails, and only that one. It is not done; and what a failed sync of a
 * file should have made durable, no later one does, as with Linux.
 *
 * <p>Only what one thread does is counted, from {@link #fail} on.
 */
public final class FailOnceDisk extends ChangingDisk {
  private final MemoryDisk memory;
  private volatile Thread thread;
  private volatile Predicate<String> counts = change -> false;
  private volatile long left;

  public FailOnceDisk(MemoryDisk behind) {
    super(behind);
    memory = behind;
    thread = Thread.currentThread();
  }

  /**
   * Fails a change that the calling thread makes.
   *
   * @param these given the name of a change, as {@link ChangingDisk} has it: whether it counts
   * @param n which of these, 1 being the next
   */
  public void fail(Predicate<String> these, long n) {
    thread = Thread.currentThread();
    left = n;
    counts = these;
  }

  /** Whether that change has been met. */
  public boolean failed() {
    return left <= 0;
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes it
  void change(String what, String file, Change change) throws IOException {
    if (left > 0 && Thread.currentThread() == thread && counts.test(what) && --left == 0) {
      if (what.startsWith("sync ") && !file.isEmpty()) {
        memory.takeUnsyncedForClean(file);
      }
      throw new IOException("input/output error (injected): " + what);
    }
    change.make();
  }
}
