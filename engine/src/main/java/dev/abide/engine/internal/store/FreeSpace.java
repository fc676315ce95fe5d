package dev.abide.engine.internal.store;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.Threads;
import dev.abide.engine.internal.disk.Disk;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets commits be refused before the disk is full: what was accepted must still be sorted, and the
 * journal and the store must be able to take their next files. Merges and folds get what is free
 * beside that.
 *
 * <p>Looks several times a second, and whenever the journal begins a segment; other programs write
 * to the same disk, so no look is good for long.
 *
 * <p>Threading: any thread.
 */
final class FreeSpace implements AutoCloseable {
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final Disk disk;
  private final LongSupplier needed;
  private final Runnable changed;
  private final BiConsumer<String, @Nullable Throwable> notice;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition asked = lock.newCondition();

  /* Guarded by the lock. */
  private boolean look;
  private boolean ended;

  /** Written by the thread. */
  private volatile @Nullable String shortage;

  private boolean failed;
  private @Nullable Thread thread;

  /**
   * @param needed how many bytes must be free
   * @param changed runs when commits begin to be refused, and when they no longer are
   * @param notice told of both
   */
  FreeSpace(
      Disk disk,
      LongSupplier needed,
      Runnable changed,
      BiConsumer<String, @Nullable Throwable> notice) {
    this.disk = disk;
    this.needed = needed;
    this.changed = changed;
    this.notice = notice;
  }

  /** Looks, and begins to look. */
  void start() {
    look();
    thread = Thread.ofPlatform().daemon().name("abide-free-space").start(this::run);
  }

  /** Lets it look now. */
  void ask() {
    lock.lock();
    try {
      look = true;
      asked.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Why commits are refused now, or null. */
  @Nullable StorageException refusal() {
    String what = shortage;
    return what == null ? null : new StorageException(what, null, true, Applied.NO);
  }

  /**
   * Whether so much is free beside what must be. For work that can wait; where nobody can tell, it
   * need not.
   */
  boolean isFreeBeside(long bytes) {
    try {
      return disk.usableBytes() - needed.getAsLong() >= bytes;
    } catch (IOException e) {
      return true;
    }
  }

  private void run() {
    while (awaitLook()) {
      try {
        look();
      } catch (OutOfMemoryError e) {
        // What the last look found holds until the next.
      }
    }
  }

  private boolean awaitLook() {
    lock.lock();
    try {
      long left = LOOK_NANOS;
      while (!ended && !look && left > 0) {
        left = asked.awaitNanos(left);
      }
      look = false;
      return !ended;
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody has this thread to interrupt it", e);
    } finally {
      lock.unlock();
    }
  }

  private void look() {
    try {
      long free = disk.usableBytes();
      long least = needed.getAsLong();
      failed = false;
      boolean wasShort = shortage != null;
      if (free < least) {
        shortage =
            "the disk has %,d bytes free, and %,d must be: for sorting what was accepted, two segments and the next map. Nothing is accepted until there are; free some space"
                .formatted(free, least);
      } else {
        shortage = null;
      }
      if (wasShort != (free < least)) {
        tell(free < least ? String.valueOf(shortage) : "there is room again; commits are accepted");
      }
    } catch (IOException e) {
      if (!failed) {
        failed = true;
        notice.accept("how much is free on the disk cannot be told; nothing is refused for it", e);
      }
      shortage = null;
    }
  }

  private void tell(String what) {
    changed.run();
    notice.accept(what, null);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      ended = true;
      asked.signalAll();
    } finally {
      lock.unlock();
    }
    Thread running = thread;
    if (running != null) {
      Threads.joinUninterruptibly(running);
    }
  }
}
