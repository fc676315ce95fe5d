package dev.abide.engine.internal.journal;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.store.Commit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a commit gets its number and its room in a segment, in one step under the lock; or waits
 * for room, first come first served; or is refused.
 *
 * <p>So number order is queue order is file order, and no number is lost. What a commit reserves,
 * header and vouching header included, is never less than what it takes: the thread that writes
 * never meets the end of a segment or of the disk.
 *
 * <p>Threading: any thread; one lock guards all of it, and waits for room keep an interrupt for
 * later.
 */
final class Admission {
  /** Each commit reserves room for a header of its own and for one that vouches for it. */
  private static final int HEADERS = 2 * Batch.HEADER_BYTES;

  /** An append that has to wait. Guarded by the lock. */
  private static final class Waiting extends Queued {
    private final Supplier<@Nullable StorageException> refusal;

    /** Signalled when it is the first that may look for itself, or was admitted. */
    private final Condition moved;

    private boolean interrupted;

    private Waiting(
        Commit commit,
        byte[] record,
        Supplier<@Nullable StorageException> refusal,
        Condition moved) {
      super(commit, record);
      this.refusal = refusal;
      this.moved = moved;
    }
  }

  private final JournalOptions options;
  private final ReentrantLock lock;

  /** Waited for by the first of the line alone: segments to be sorted. */
  private final Condition room;

  private final SegmentMaker maker;

  /* Guarded by the lock. */

  /** Appends that have to wait, first come first served. */
  private final Queued.Chain<Waiting> line = new Queued.Chain<>();

  private final Queued.Chain<Queued> queue = new Queued.Chain<>();
  private Segment reserving;

  /** Segments in which room was reserved and nothing has been written yet. */
  private final List<Segment> unwritten = new ArrayList<>();

  private long reserved;
  private long unappliedBytes;
  private boolean closing;

  /** Whether somebody sorts full segments. */
  private boolean sorting;

  /** Segments that are full, and whose commits are in no run yet. */
  private int unsorted;

  /* Written under the lock, read anywhere. */
  private volatile long last;
  private volatile @Nullable Throwable failure;

  /**
   * @param lock the maker's too
   * @param segment the segment in use
   * @param reserved how much of it is
   * @param last the highest number given
   */
  Admission(
      JournalOptions options,
      ReentrantLock lock,
      SegmentMaker maker,
      Segment segment,
      long reserved,
      long last) {
    this.options = options;
    this.lock = lock;
    this.room = lock.newCondition();
    this.maker = maker;
    this.reserving = segment;
    this.reserved = reserved;
    this.last = last;
  }

  /** Says that full segments are sorted, and how many wait for it. Before the start. */
  void sorting(int waiting) {
    sorting = true;
    unsorted = waiting;
  }

  // ---- for callers

  /** Numbers the commit and queues it, see {@link Journal#append}. */
  long append(Commit commit, Supplier<@Nullable StorageException> refusal) {
    Queued queued = new Queued(commit, CommitCodec.encode(commit));
    lock.lock();
    try {
      long deadline = System.nanoTime() + options.appendWaitMax().toNanos();
      refuseUnlessOpen(refusal);
      if (line.isEmpty() && fits(queued)) {
        queue(queued);
        return queued.number();
      }
      return waitInLine(
          new Waiting(commit, queued.record(), refusal, lock.newCondition()), deadline);
    } finally {
      lock.unlock();
    }
  }

  private long waitInLine(Waiting place, long deadline) {
    line.add(place);
    try {
      while (place.number() == 0) {
        if (place != line.peek()) {
          await(place, place.moved, deadline, "earlier commits");
        } else if (!fitsUnapplied(place)) {
          await(
              place,
              place.moved,
              deadline,
              "the store to apply earlier commits, which hold "
                  + unappliedBytes
                  + " bytes of the heap");
        } else {
          // Nobody passes it meanwhile, so what fitted still does.
          reserve(place, deadline);
          admit(place);
        }
      }
      return place.number();
    } finally {
      if (place.interrupted) {
        Thread.currentThread().interrupt();
      }
      if (place.number() == 0) {
        line.remove(place);
      }
      admit();
    }
  }

  /**
   * Room was given back, or the first of the line has left it. Whoever fits now is admitted here,
   * by the thread that gave, and woken once, with its number. If all were woken to look for
   * themselves, a thousand that wait would wake a million times for a thousand commits, and take
   * the processors from the store that they wait for.
   *
   * <p>Takes no memory: whoever is admitted is in the queue, and whoever is not is in the line.
   */
  private void admit() {
    for (Waiting first = line.peek(); first != null; first = line.peek()) {
      if (failure != null || closing || isRefused(first)) {
        // It says so itself.
        first.moved.signal();
        return;
      }
      if (!fits(first)) {
        if (fitsUnapplied(first)) {
          // It begins a segment itself.
          first.moved.signal();
        }
        return;
      }
      admit(first);
      first.moved.signal();
    }
  }

  private static boolean isRefused(Waiting place) {
    try {
      return place.refusal.get() != null;
    } catch (OutOfMemoryError e) {
      // It had something to say and no room for it. The place asks again, and tells.
      return true;
    }
  }

  private void admit(Waiting first) {
    line.remove(first);
    queue(first);
  }

  private boolean fits(Queued next) {
    return fitsUnapplied(next) && reserved + next.record().length + HEADERS <= reserving.size;
  }

  private boolean fitsUnapplied(Queued next) {
    return unappliedBytes == 0
        || unappliedBytes + NumberedCommit.heapBytes(next.record().length)
            <= options.unappliedBytesMax();
  }

  /** Number and place in one step: {@link #fits} has been asked, and the lock held since. */
  private void queue(Queued next) {
    reserved += next.record().length + HEADERS;
    next.give(last + 1, reserving);
    queue.add(next);
    last = next.number();
    unappliedBytes += NumberedCommit.heapBytes(next.record().length);
  }

  /** For the first of the line: waits until the segment in use has room for it. */
  private void reserve(Waiting place, long deadline) {
    long bytes = (long) place.record().length + HEADERS;
    maker.forgetFailure();
    while (reserved + bytes > reserving.size) {
      if (sorting && unsorted >= JournalOptions.UNSORTED_MAX) {
        await(place, room, deadline, unsorted + " full segments of the journal to be sorted");
        continue;
      }
      Segment next = maker.take(bytes);
      if (next != null) {
        // First what may need memory: should that fail, the segment in use is still the one.
        unwritten.add(next);
        reserving = next;
        unsorted++;
        reserved = SegmentHeader.BYTES;
      } else {
        Throwable cause = maker.failure();
        if (cause != null) {
          maker.withdraw();
          throw refused(
              "no segment for the journal could be made: "
                  + cause.getMessage()
                  + ". Free some space and try again",
              cause);
        }
        await(place, maker.changed(), deadline, "a segment of the journal");
      }
    }
  }

  /**
   * Until something may have changed for the place. An interrupt ends one wait, for a signal may
   * have gone lost with it, and is kept for later.
   */
  @SuppressWarnings("WaitNotInLoop") // those that call it loop
  private void await(Waiting place, Condition condition, long deadline, String what) {
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      throw refused(
          "a commit waited " + options.appendWaitMax() + " for " + what + "; try again later",
          null);
    }
    try {
      var _ = condition.await(left, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      place.interrupted = true;
    }
    if (place.number() == 0) {
      // Else it is admitted, and what has failed since then is told by whoever waits for its sync.
      refuseUnlessOpen(place.refusal);
    }
  }

  private void refuseUnlessOpen(Supplier<@Nullable StorageException> refusal) {
    StorageException refused = refusal.get();
    if (refused != null) {
      throw refused;
    }
    Throwable cause = failure;
    if (cause != null) {
      throw new StorageException(
          "the journal has failed, and nothing more is written; close the engine and open it again:"
              + " "
              + cause.getMessage(),
          cause,
          false,
          Applied.NO);
    }
    if (closing) {
      throw new StorageException("the journal is closed", null, false, Applied.NO);
    }
  }

  private static StorageException refused(String message, @Nullable Throwable cause) {
    return new StorageException(message, cause, true, Applied.NO);
  }

  /** The highest number given. */
  long last() {
    return last;
  }

  /** Why nothing more is written, or null. */
  @Nullable Throwable failure() {
    return failure;
  }

  /** The length of the next segment that is made. */
  long nextSegmentBytes() {
    lock.lock();
    try {
      return maker.nextBytes();
    } finally {
      lock.unlock();
    }
  }

  /** Lets appends that wait ask again whether commits are refused. */
  void lookAgain() {
    lock.lock();
    try {
      signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Gives back bytes of commits that are in the store. */
  void applied(long bytes) {
    lock.lock();
    try {
      unappliedBytes -= bytes;
      admit();
    } finally {
      lock.unlock();
    }
  }

  /** Lets the next commit begin a new segment. */
  void seal() {
    lock.lock();
    try {
      if (reserved > SegmentHeader.BYTES) {
        reserved = reserving.size;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Says that a sealed segment's commits are in a run, or that it had none. */
  void sorted() {
    lock.lock();
    try {
      unsorted--;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes the blocks of a segment that is in a run; false if they are not wanted. */
  boolean recycle(JournalSegment segment) {
    lock.lock();
    try {
      return maker.recycle(segment.sequence(), segment.bytes());
    } finally {
      lock.unlock();
    }
  }

  // ---- for the thread that writes

  /**
   * Takes what is queued for one segment.
   *
   * @return whether to look at it: there is something, or the journal closes
   */
  boolean take(List<Queued> batch, int bytesMax) {
    lock.lock();
    try {
      long bytes = 0;
      for (Queued next = queue.peek(); next != null; next = queue.peek()) {
        int length = next.record().length;
        if (!batch.isEmpty()
            && (next.segment() != batch.getFirst().segment() || bytes + length > bytesMax)) {
          break;
        }
        bytes += length;
        queue.remove(next);
        batch.add(next);
      }
      return closing || !batch.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Whether something is queued. */
  boolean isWaiting() {
    lock.lock();
    try {
      return !queue.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the journal closes. */
  boolean isClosing() {
    lock.lock();
    try {
      return closing;
    } finally {
      lock.unlock();
    }
  }

  /** The segment is written from now on. */
  void begun(Segment segment) {
    lock.lock();
    try {
      unwritten.remove(segment);
    } finally {
      lock.unlock();
    }
  }

  /** Nothing more is written: what is queued never will be, and nothing more is accepted. */
  void fail(Throwable cause) {
    lock.lock();
    try {
      failure = cause;
      queue.clear();
      signalAll();
    } finally {
      lock.unlock();
    }
  }

  // ---- the end

  /** Refuses what comes from now on. */
  void close() {
    lock.lock();
    try {
      closing = true;
      signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Segments that are open and were never written; after the end of the thread that writes. */
  List<Segment> unwritten() {
    return unwritten;
  }

  private void signalAll() {
    for (Waiting place = line.peek(); place != null; place = line.behind(place)) {
      place.moved.signal();
    }
    room.signalAll();
    maker.changed().signalAll();
  }
}
