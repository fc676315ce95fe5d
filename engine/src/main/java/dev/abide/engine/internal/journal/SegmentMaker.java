package dev.abide.engine.internal.journal;

import dev.abide.engine.internal.Threads;
import dev.abide.engine.internal.disk.Disk;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes segments ahead of need, on a thread of its own: a full disk is met here, where a commit can
 * still be refused, and not in the journal, where it would be the end.
 *
 * <p>All state is guarded by the journal's lock; files are written outside of it.
 */
final class SegmentMaker {
  private static final Logger LOG = LoggerFactory.getLogger("dev.abide");

  private static final long ROUND_BYTES = 1 << 20;
  private static final int READY_LARGEST = 3;

  private final Disk disk;
  private final Identity identity;
  private final ReentrantLock lock;
  private final Condition changed;
  private final long largestBytes;
  private final Deque<Segment> ready = new ArrayDeque<>();

  /** Sorted segments of the largest size, to be used again. */
  private final Deque<Long> used = new ArrayDeque<>();

  private long nextSequence;
  private long nextSize;
  private long asked;
  private boolean ended;
  private @Nullable Throwable failure;
  private @Nullable Thread thread;

  SegmentMaker(
      Disk disk,
      Identity identity,
      ReentrantLock lock,
      long largestBytes,
      long nextSequence,
      long nextSize) {
    this.disk = disk;
    this.identity = identity;
    this.lock = lock;
    this.changed = lock.newCondition();
    this.largestBytes = largestBytes;
    this.nextSequence = nextSequence;
    this.nextSize = Math.min(largestBytes, nextSize);
  }

  /**
   * Takes a segment to use its blocks again; false if that has no use. Under the lock.
   *
   * @param bytes the length of its file
   */
  boolean recycle(long sequence, long bytes) {
    return !ended && bytes == largestBytes && used.size() < READY_LARGEST && used.add(sequence);
  }

  /** Leaves out sequence numbers that were used for segments that are gone. Before the start. */
  void skipTo(long sequence) {
    nextSequence = Math.max(nextSequence, sequence);
  }

  void start() {
    thread = Thread.ofPlatform().daemon().name("abide-segments").start(this::run);
  }

  /** Woken when a segment is ready, and when one could not be made. Under the lock. */
  Condition changed() {
    return changed;
  }

  /**
   * The next segment if one is ready that has room for so much; else one is asked for. Under the
   * lock.
   */
  @Nullable Segment take(long bytes) {
    long needed = SegmentHeader.BYTES + bytes;
    Segment next = ready.peek();
    if (next != null && next.size >= needed) {
      ready.remove();
      changed.signalAll();
      return next;
    }
    asked = Math.max(asked, needed);
    changed.signalAll();
    return null;
  }

  /** The length of the next one, unless a larger commit asks for more. Under the lock. */
  long nextBytes() {
    return nextSize;
  }

  /** Why the last attempt failed, or null. Under the lock. */
  @Nullable Throwable failure() {
    return failure;
  }

  /**
   * Whoever asked is refused: the next who comes is not to wait for so large a one. Under the lock.
   */
  void withdraw() {
    asked = 0;
  }

  /** Lets the next need try again. Under the lock. */
  void forgetFailure() {
    failure = null;
  }

  void end() throws IOException {
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
    for (Segment segment : ready) {
      segment.file.close();
    }
  }

  private void run() {
    lock.lock();
    try {
      while (!ended) {
        Segment first = ready.peek();
        boolean larger = asked > 0 && (first == null || first.size < asked);
        if (failure != null || (!larger && ready.size() >= wanted())) {
          changed.awaitUninterruptibly();
        } else {
          makeOneIfPossible(larger);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private int wanted() {
    return nextSize >= largestBytes ? READY_LARGEST : 1;
  }

  /**
   * Whatever one meets, the next need is tried again: where memory has ended there is some later.
   */
  private void makeOneIfPossible(boolean larger) {
    try {
      makeOne(larger);
    } catch (RuntimeException | Error e) {
      failure = e;
      changed.signalAll();
    }
  }

  private void makeOne(boolean larger) {
    long size = larger && asked > nextSize ? roundUp(asked) : nextSize;
    long sequence = nextSequence++;
    // Whatever was asked for is tried once: who still needs it asks again, and a commit too large
    // for the disk does not stand in the way of smaller ones.
    asked = 0;
    Long old = size == largestBytes ? used.poll() : null;
    Segment made = null;
    Throwable failed = null;
    lock.unlock();
    try {
      SegmentHeader header = new SegmentHeader(identity.lineage(), sequence, Salts.next(), null);
      made =
          old == null
              ? Segment.make(disk, header, size, null)
              : Segment.recycle(disk, header, size, old);
    } catch (IOException | RuntimeException | Error e) {
      failed = e;
    } finally {
      lock.lock();
    }
    failure = failed;
    if (made != null) {
      // Sequence numbers grow in the order of use, so what is ready and too small goes unused.
      int unused = larger ? ready.size() : 0;
      ready.add(made);
      nextSize = Math.min(largestBytes, nextSize * 2);
      for (int n = 0; n < unused; n++) {
        discard(ready.remove());
      }
    }
    changed.signalAll();
  }

  private void discard(Segment segment) {
    try {
      segment.file.close();
      disk.delete(SegmentHeader.fileName(segment.header.sequence()));
    } catch (IOException e) {
      // It stays, empty; the next open deletes it.
      LOG.warn("an unused segment could not be deleted", e);
    }
  }

  private long roundUp(long bytes) {
    long unit = Math.min(ROUND_BYTES, largestBytes);
    return (bytes + unit - 1) / unit * unit;
  }
}
