package dev.abide.engine.internal.compaction;

import dev.abide.engine.StorageException;
import dev.abide.engine.internal.Threads;
import dev.abide.engine.internal.journal.SegmentListener;
import java.io.IOException;
import java.io.Serial;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The background thread: sorts what is sealed, then merges, then folds, at a bounded speed. A
 * segment that waits for its sort interrupts a merge or fold at its next four mebibytes.
 *
 * <p>Errors: where a file cannot be written, for want of space above all, or cannot be opened, for
 * want of descriptors, what was begun is removed, reported, and tried again. A segment that cannot
 * be read ends the journal. A damaged run or base ends merging and folding, and is reported; what
 * is awake and in the store is not touched by it, but the next rebuild will be refused.
 */
public final class Compaction implements SegmentListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.abide");
  private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Without work for so long, the memory for sorting is given back. */
  private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** The engine closes. */
  private static final class Ended extends IOException {
    @Serial private static final long serialVersionUID = 1;
  }

  private final FileSet files;
  private final Compactor compactor;
  private final Surroundings around;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /* Guarded by the lock. */
  private final Throttle throttle;
  private boolean ended;
  private long idleTimes;

  /* The thread alone. */
  private boolean damaged;
  private long worked;
  private @Nullable String reported;

  private @Nullable Thread thread;

  public Compaction(FileSet files, CompactionOptions options, Surroundings around) {
    this.files = files;
    this.around = around;
    this.compactor = new Compactor(files, options, around, InstantSource.system());
    this.throttle = new Throttle(options.bytesPerSecond(), System.nanoTime());
  }

  public void start() {
    thread = Thread.ofPlatform().daemon().name("abide-compaction").start(this::run);
  }

  @Override
  public void begun(long sequence, long bytes, long first) {
    files.begun(sequence, bytes, first);
    lock.lock();
    try {
      throttle.came(bytes, System.nanoTime());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is nothing to sort, merge or fold, or the engine closes. */
  public void awaitIdle() {
    lock.lock();
    try {
      long before = idleTimes;
      changed.signalAll();
      // Twice: the first may have been on its way before what the caller did.
      while (idleTimes < before + 2 && !ended) {
        sleep(AGAIN_NANOS);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether a merge or fold waits for room on the disk. From any thread. */
  public boolean isShort() {
    return compactor.isShort();
  }

  /** Ends the thread; a file that it is writing is removed. */
  @Override
  public void close() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    Thread running = thread;
    if (running != null) {
      Threads.joinUninterruptibly(running);
    }
  }

  private void run() {
    try {
      worked = System.nanoTime();
      while (pauseUnless(step())) {
        // One piece after the other.
      }
    } catch (Throwable thrown) {
      // In this order: there may be no memory to say it.
      around.unreadable(thrown);
      LOG.error("compaction ended, and with it the journal", thrown);
    } finally {
      compactor.rest();
    }
  }

  /** Does one piece of work; whether there was any. */
  private boolean step() {
    try {
      boolean worked = compactor.sort(this::pace);
      if (!worked && !damaged) {
        worked = mergeOrFold();
      }
      reported = null;
      return worked;
    } catch (Ended e) {
      return false;
    } catch (IOException | OutOfMemoryError e) {
      report(e);
      return false;
    }
  }

  private boolean mergeOrFold() throws IOException {
    try {
      return compactor.merge(this::paceAndSort) || compactor.fold(this::paceAndSort);
    } catch (DamagedSegment e) {
      throw e.segment();
    } catch (StorageException e) {
      damaged = true;
      around.notice(
          "a run or base is damaged; runs are no longer merged and folded until the engine is opened anew",
          e);
      return false;
    }
  }

  private void report(Throwable failed) {
    String what = String.valueOf(failed.getMessage());
    if (!what.equals(reported)) {
      around.notice("compaction could not go on; it tries again: " + what, failed);
      reported = what;
    }
  }

  /** Waits for something to do if there was nothing; false at the end. */
  private boolean pauseUnless(boolean busy) {
    long now = System.nanoTime();
    if (busy) {
      worked = now;
    } else if (now - worked > REST_NANOS) {
      compactor.rest();
    }
    lock.lock();
    try {
      if (!busy && !ended) {
        idleTimes++;
        changed.signalAll();
        sleep(AGAIN_NANOS);
      }
      return !ended;
    } finally {
      lock.unlock();
    }
  }

  /** For a sort. */
  private void pace(long bytes) throws IOException {
    pause(bytes, false);
  }

  /** For a merge or fold: a segment that waits goes first. */
  private void paceAndSort(long bytes) throws IOException {
    pause(bytes, true);
    try {
      while (compactor.sort(this::pace)) {
        // All that wait.
      }
    } catch (StorageException e) {
      throw new DamagedSegment(e);
    }
  }

  private void pause(long bytes, boolean untilSealed) throws IOException {
    lock.lock();
    try {
      long until = System.nanoTime();
      until += throttle.wrote(bytes, until);
      for (long left = until - System.nanoTime();
          left > 0 && !ended && !(untilSealed && files.waiting() > 0);
          left = until - System.nanoTime()) {
        sleep(left);
      }
      if (ended) {
        throw new Ended();
      }
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // Who woke too early looks again and does no harm.
  private void sleep(long nanos) {
    try {
      var _ = changed.awaitNanos(nanos);
    } catch (InterruptedException e) {
      // Nobody has this thread to interrupt it.
      throw new IllegalStateException(e);
    }
  }

  /** A segment that could not be read in the middle of something else. */
  private static final class DamagedSegment extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private final StorageException segment;

    DamagedSegment(StorageException segment) {
      super(segment);
      this.segment = segment;
    }

    StorageException segment() {
      return segment;
    }
  }
}
