package dev.abide.engine.internal.journal;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.disk.DiskFile;
import dev.abide.engine.internal.store.Commit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The log of commits.
 *
 * <p>Group commit by natural batching: one platform thread takes all that is queued, writes it
 * once, syncs once, publishes the durable number, releases who waits, and hands the batch to the
 * store. While it syncs, the next batch gathers.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A commit gets its number and its room in a segment in one step under the lock, so number
 *       order is queue order is file order, and no number is lost.
 *   <li>What a commit reserved, header and vouching header included, is never less than what it
 *       takes. So the thread that writes never meets the end of a segment or of the disk.
 *   <li>Nothing is published as durable that was not synced; after one failed write or sync nothing
 *       is published any more, and the sync is not tried again (G13).
 * </ul>
 *
 * <p>Threading: {@link #append} and {@link #awaitDurable} from any thread, virtual ones above all;
 * they keep an interrupt for later.
 */
public final class Journal {
  private static final long SPIN_NANOS = 50_000;
  private static final long CALLER_SPIN_NANOS_MAX = 300_000;
  private static final int BATCH_BYTES_MAX = 8 << 20;
  private static final int BUFFER_BYTES = 256 * 1024;

  /** Each commit reserves room for a header of its own and for one that vouches for it. */
  private static final int HEADERS = 2 * Batch.HEADER_BYTES;

  /** Receives what has become durable. */
  @FunctionalInterface
  public interface Sink {
    /** On the journal's thread, in order; must be quick. */
    void durable(List<NumberedCommit> batch);
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Queued(long number, byte[] record, Segment segment, Commit commit) {}

  private final JournalOptions options;
  private final Consumer<Throwable> onFailure;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();

  /** Appends that have to wait, first come first served. Guarded by the lock. */
  private final Deque<Object> line = new ArrayDeque<>();

  private final SegmentMaker maker;
  private final DurableWaiters waiters = new DurableWaiters();

  /* Guarded by the lock. */
  private final Deque<Queued> queue = new ArrayDeque<>();
  private Segment reserving;

  /** Segments in which room was reserved and nothing has been written yet. */
  private final List<Segment> unwritten = new ArrayList<>();

  private long reserved;
  private long unappliedBytes;
  private boolean closing;

  /** Segments that are full, and whose commits are in no run yet. */
  private int unsorted;

  /* Written under the lock, read anywhere. */
  private volatile long last;
  private volatile @Nullable Throwable failure;
  private volatile @Nullable Throwable poison;

  /* Written by the journal's thread, read anywhere. */
  private volatile long durable;
  private volatile long handed;
  private volatile boolean parked;
  private volatile long syncNanos = 100_000;

  /* The journal's thread alone. */
  private Segment writing;
  private long offset;
  private long lastTime;
  private boolean unvouched;
  private @Nullable SegmentListener listener;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

  /* Set while it is opened. */
  private List<JournalSegment> sealed = List.of();
  private long firstInSegment = 1;
  private @Nullable Thread thread;
  private @Nullable Sink sink;

  private Journal(
      Disk disk,
      Identity identity,
      JournalOptions options,
      Consumer<Throwable> onFailure,
      Segment segment,
      long offset,
      long last) {
    this.options = options;
    this.onFailure = onFailure;
    this.maker =
        new SegmentMaker(
            disk,
            identity,
            lock,
            options.segmentBytesMax(),
            segment.header.sequence() + 1,
            segment.size * 2);
    this.reserving = segment;
    this.writing = segment;
    this.reserved = offset;
    this.offset = offset;
    this.last = last;
    this.durable = last;
    this.handed = last;
  }

  /**
   * Opens a journal whose end is not known: reads all of it that is in no run.
   *
   * @param start what is in runs and bases already
   * @param least the number that the last clean close gave, or 0: it must be reached
   * @param replay given every commit behind the start, in order; nothing is served before this
   *     returns
   * @throws StorageException if it is damaged; nothing was changed then
   */
  public static Journal recover(
      Disk disk,
      Identity identity,
      JournalOptions options,
      JournalStart start,
      long least,
      Consumer<NumberedCommit> replay,
      Consumer<Throwable> onFailure)
      throws IOException {
    Recovery recovery = new Recovery(disk, identity, start, least, replay);
    Segment segment = recovery.run(options.segmentBytesFirst());
    if (segment == null) {
      SegmentHeader first = new SegmentHeader(identity.lineage(), 1, Salts.next(), null);
      segment = Segment.make(disk, first, options.segmentBytesFirst(), null);
      return new Journal(disk, identity, options, onFailure, segment, SegmentHeader.BYTES, 0);
    }
    Journal journal =
        new Journal(
            disk, identity, options, onFailure, segment, recovery.offset(), recovery.last());
    // The first thing to be written says that what was read and copied is durable.
    journal.unvouched = true;
    journal.lastTime = recovery.time();
    journal.reserved += Batch.HEADER_BYTES;
    journal.sealed = recovery.sealed();
    journal.firstInSegment = recovery.vouched() + 1;
    return journal;
  }

  /** Opens a journal of which nothing is in runs. */
  public static Journal recover(
      Disk disk,
      Identity identity,
      JournalOptions options,
      long least,
      Consumer<NumberedCommit> replay,
      Consumer<Throwable> onFailure)
      throws IOException {
    return recover(disk, identity, options, JournalStart.NOTHING, least, replay, onFailure);
  }

  /** What a commit counts against the bound on unapplied bytes. */
  public static long bytesOf(Commit commit) {
    return CommitCodec.lengthOf(commit);
  }

  /**
   * Opens a journal at the end that its last clean close gave; reads headers only.
   *
   * @param start what is in runs and bases already
   * @return null if it does not end there
   */
  public static @Nullable Journal resume(
      Disk disk,
      Identity identity,
      JournalOptions options,
      JournalStart start,
      JournalEnd end,
      Consumer<Throwable> onFailure)
      throws IOException {
    CleanEnd found = CleanEnd.find(disk, identity, start, end);
    if (found == null) {
      return null;
    }
    DiskFile file = disk.open(SegmentHeader.fileName(end.sequence()), false);
    Segment segment =
        new Segment(Recovery.header(disk, identity, end.sequence()), file, file.size());
    Journal journal =
        new Journal(disk, identity, options, onFailure, segment, end.offset(), end.number());
    journal.lastTime = end.time();
    journal.maker.skipTo(found.highest() + 1);
    journal.sealed = found.sealed();
    journal.firstInSegment = found.first();
    return journal;
  }

  /** The segments that are full and in no run; before the start. */
  public List<JournalSegment> sealed() {
    return sealed;
  }

  /** The segment that is written; before the start. */
  public JournalSegment current() {
    return new JournalSegment(writing.header.sequence(), writing.size, firstInSegment, last);
  }

  /** Begins to write; segments are kept for ever, sorted by nobody. */
  public void start(Sink receiver) {
    begin(receiver);
  }

  /**
   * Begins to write.
   *
   * @param segments told of each segment after {@link #current}
   * @param waiting how many sealed segments wait to be sorted
   */
  public void start(Sink receiver, SegmentListener segments, int waiting) {
    listener = segments;
    unsorted = waiting;
    begin(receiver);
  }

  private void begin(Sink receiver) {
    sink = receiver;
    maker.start();
    thread = Thread.ofPlatform().daemon().name("abide-journal").start(this::run);
  }

  // ---- callers

  /** Appends, where nothing but the journal itself refuses commits. */
  public long append(Commit commit) {
    return append(commit, () -> null);
  }

  /**
   * Numbers the commit and queues it. Waits, at most {@code appendWaitMax}, while too many bytes
   * are unapplied or no segment has room; whoever comes later waits behind it, so that a large
   * commit is not passed by small ones for ever.
   *
   * <p>So what is queued and unapplied never exceeds the bound but by one larger commit, and the
   * journal's thread need not look at the bound: it never has a batch that it may not take.
   *
   * @param refusal why commits are refused now, or null; looked at before each wait, see {@link
   *     #lookAgain}
   * @throws StorageException if it was refused: nothing of it was handed over
   */
  public long append(Commit commit, Supplier<@Nullable StorageException> refusal) {
    byte[] record = CommitCodec.encode(commit);
    lock.lock();
    try {
      long deadline = System.nanoTime() + options.appendWaitMax().toNanos();
      refuseUnlessOpen(refusal);
      if (line.isEmpty() && fits(record.length)) {
        return queue(commit, record);
      }
      Object place = new Object();
      line.add(place);
      try {
        while (!place.equals(line.peek())) {
          await(room, deadline, "earlier commits", refusal);
        }
        while (!fitsUnapplied(record.length)) {
          await(
              room,
              deadline,
              "the store to apply " + unappliedBytes + " bytes of earlier commits",
              refusal);
        }
        reserve(record.length + HEADERS, deadline, refusal);
        return queue(commit, record);
      } finally {
        line.remove(place);
        room.signalAll();
      }
    } finally {
      lock.unlock();
      wakeThread();
    }
  }

  private boolean fits(long bytes) {
    return fitsUnapplied(bytes) && reserved + bytes + HEADERS <= reserving.size;
  }

  private boolean fitsUnapplied(long bytes) {
    return unappliedBytes == 0 || unappliedBytes + bytes <= options.unappliedBytesMax();
  }

  /** Number and place in one step: {@link #fits} has been asked, and the lock held since. */
  private long queue(Commit commit, byte[] record) {
    reserved += record.length + HEADERS;
    long number = last + 1;
    queue.add(new Queued(number, record, reserving, commit));
    last = number;
    unappliedBytes += record.length;
    return number;
  }

  /** Lets appends that wait ask again whether commits are refused. */
  public void lookAgain() {
    lock.lock();
    try {
      room.signalAll();
      maker.changed().signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** For the first of the line: waits until the segment in use has so much room. */
  private void reserve(long bytes, long deadline, Supplier<@Nullable StorageException> refusal) {
    maker.forgetFailure();
    while (reserved + bytes > reserving.size) {
      if (listener != null && unsorted >= JournalOptions.UNSORTED_MAX) {
        await(room, deadline, unsorted + " full segments of the journal to be sorted", refusal);
        continue;
      }
      Segment next = maker.take(bytes);
      if (next != null) {
        reserving = next;
        unsorted++;
        unwritten.add(next);
        reserved = SegmentHeader.BYTES;
      } else {
        Exception cause = maker.failure();
        if (cause != null) {
          throw refused(
              "no segment for the journal could be made: "
                  + cause.getMessage()
                  + ". Free some space and try again",
              cause);
        }
        await(maker.changed(), deadline, "a segment of the journal", refusal);
      }
    }
  }

  private void await(
      Condition condition,
      long deadline,
      String what,
      Supplier<@Nullable StorageException> refusal) {
    boolean interrupted = false;
    try {
      while (true) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw refused(
              "a commit waited " + options.appendWaitMax() + " for " + what + "; try again later",
              null);
        }
        try {
          var _ = condition.await(left, TimeUnit.NANOSECONDS);
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    refuseUnlessOpen(refusal);
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

  private void wakeThread() {
    // The thread sets this before it looks at the queue a last time: either it sees the commit, or
    // is
    // seen parked here.
    if (parked) {
      LockSupport.unpark(thread);
    }
  }

  /** The number up to which everything is synced. */
  public long durable() {
    return durable;
  }

  /** The highest number given. */
  public long last() {
    return last;
  }

  /** Why nothing more is written, or null. */
  public @Nullable Throwable failure() {
    return failure;
  }

  /** Waits until everything up to the number is synced. */
  public void awaitDurable(long number) {
    if (durable >= number) {
      return;
    }
    waiters.await(number, this::durable, Math.min(2 * syncNanos, CALLER_SPIN_NANOS_MAX));
    if (durable < number) {
      Throwable cause = failure;
      boolean never = number > handed;
      throw new StorageException(
          "the journal failed before commit "
              + number
              + " was synced; "
              + (never ? "it was never written" : "whether it survives is not known")
              + ". Close the engine and open it again: "
              + (cause == null ? "" : cause.getMessage()),
          cause,
          false,
          never ? Applied.NO : Applied.UNKNOWN);
    }
  }

  /** Gives back bytes of commits that are in the store. */
  public void applied(long bytes) {
    lock.lock();
    try {
      unappliedBytes -= bytes;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Says that a sealed segment's commits are in a run, or that it had none. */
  public void sorted() {
    lock.lock();
    try {
      unsorted--;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes the blocks of a segment that is in a run; false if they are not wanted. */
  public boolean recycle(JournalSegment segment) {
    lock.lock();
    try {
      return maker.recycle(segment.sequence(), segment.bytes());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends the journal: what it wrote cannot be read again. Its own thread does it, between two
   * batches: else a commit could be called never written that is just being written.
   */
  public void end(Throwable cause) {
    poison = cause;
    LockSupport.unpark(thread);
  }

  // ---- the journal's thread

  private void run() {
    try {
      List<Queued> batch = new ArrayList<>();
      while (true) {
        batch.clear();
        Throwable reason = poison;
        if (reason != null) {
          throw reason;
        }
        take(batch);
        if (!batch.isEmpty()) {
          write(batch);
        } else if (unvouched) {
          vouch();
        } else if (!awaitWork()) {
          return;
        }
      }
    } catch (Throwable thrown) {
      fail(thrown);
    }
  }

  /** Takes what is queued for one segment, spinning for a while if there is nothing. */
  private void take(List<Queued> batch) {
    long start = System.nanoTime();
    do {
      lock.lock();
      try {
        long bytes = 0;
        for (Queued next = queue.peek(); next != null; next = queue.peek()) {
          int length = next.record().length;
          if (!batch.isEmpty()
              && (next.segment() != batch.getFirst().segment()
                  || bytes + length > BATCH_BYTES_MAX)) {
            break;
          }
          bytes += length;
          batch.add(queue.remove());
        }
        if (closing || !batch.isEmpty()) {
          return;
        }
      } finally {
        lock.unlock();
      }
      while (last == handed && System.nanoTime() - start < SPIN_NANOS) {
        Thread.onSpinWait();
      }
    } while (System.nanoTime() - start < SPIN_NANOS);
  }

  /** Parks until there is work; false if the journal closes and there is none. */
  private boolean awaitWork() {
    while (true) {
      parked = true;
      lock.lock();
      try {
        if (!queue.isEmpty() || closing || poison != null) {
          parked = false;
          return !queue.isEmpty() || poison != null;
        }
      } finally {
        lock.unlock();
      }
      LockSupport.park(this);
      parked = false;
      var _ = Thread.interrupted();
    }
  }

  private void write(List<Queued> batch) throws IOException {
    Segment segment = batch.getFirst().segment();
    if (segment != writing) {
      writing.file.close();
      writing = segment;
      offset = SegmentHeader.BYTES;
      lock.lock();
      try {
        unwritten.remove(segment);
      } finally {
        lock.unlock();
      }
      if (listener != null) {
        listener.begun(segment.header.sequence(), segment.size, batch.getFirst().number());
      }
    }
    int bytes = 0;
    for (Queued queued : batch) {
      bytes += queued.record().length;
    }
    ByteBuffer whole = room(Batch.HEADER_BYTES + bytes);
    whole.position(Batch.HEADER_BYTES);
    lastTime = Math.max(lastTime, System.currentTimeMillis());
    for (Queued queued : batch) {
      int at = whole.position();
      whole.put(queued.record());
      whole.putLong(at + CommitCodec.NUMBER_AT, queued.number());
      whole.putLong(at + CommitCodec.TIME_AT, lastTime);
    }
    whole.flip();
    long newest = batch.getLast().number();
    new Batch(segment.header.salt(), bytes, batch.getFirst().number(), batch.size(), durable)
        .seal(whole);
    handed = newest;
    segment.file.write(whole, offset);
    long start = System.nanoTime();
    segment.file.force();
    syncNanos = System.nanoTime() - start;
    offset += Batch.HEADER_BYTES + bytes;
    unvouched = true;
    durable = newest;
    waiters.release(newest);
    List<NumberedCommit> commits = new ArrayList<>(batch.size());
    for (Queued queued : batch) {
      commits.add(
          new NumberedCommit(queued.number(), lastTime, queued.commit(), queued.record().length));
    }
    Objects.requireNonNull(sink).durable(commits);
    if (buffer.capacity() > BATCH_BYTES_MAX + Batch.HEADER_BYTES) {
      buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    }
  }

  private ByteBuffer room(int bytes) {
    if (buffer.capacity() < bytes) {
      buffer = ByteBuffer.allocateDirect(Math.max(bytes, 2 * buffer.capacity()));
    }
    return buffer.clear();
  }

  /** Writes a header without records, so that a later tear is told from damage. Needs no sync. */
  private void vouch() throws IOException {
    ByteBuffer header = room(Batch.HEADER_BYTES).limit(Batch.HEADER_BYTES);
    new Batch(writing.header.salt(), 0, durable + 1, 0, durable).seal(header);
    writing.file.write(header, offset);
    offset += Batch.HEADER_BYTES;
    unvouched = false;
  }

  /** Nothing more is written or acknowledged. */
  private void fail(Throwable thrown) {
    lock.lock();
    try {
      failure = thrown;
      queue.clear();
      room.signalAll();
      maker.changed().signalAll();
    } finally {
      lock.unlock();
    }
    waiters.fail();
    onFailure.accept(thrown);
  }

  /**
   * Writes and syncs what is queued and ends the threads.
   *
   * @return where the journal ends, or null if it had failed
   */
  public @Nullable JournalEnd close() throws IOException {
    lock.lock();
    try {
      closing = true;
      room.signalAll();
      maker.changed().signalAll();
    } finally {
      lock.unlock();
    }
    Thread running = thread;
    if (running != null) {
      LockSupport.unpark(running);
      SegmentMaker.joinUninterruptibly(running);
    }
    try {
      maker.end();
      if (failure != null) {
        return null;
      }
      writing.file.force();
      return new JournalEnd(writing.header.sequence(), offset, durable, lastTime);
    } finally {
      writing.file.close();
      for (Segment segment : unwritten) {
        segment.file.close();
      }
    }
  }
}
