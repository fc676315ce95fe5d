package dev.abide.engine.internal.journal;

import dev.abide.engine.internal.Threads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The journal's thread: takes all that is queued, writes it once, syncs once, publishes the durable
 * number, releases who waits, and hands the batch on. While it syncs, the next batch gathers.
 *
 * <p>Where nobody in the batch asks for a sync, it is put off: for {@value #UNSYNCED_MILLIS} ms, or
 * until enough is written, or until the segment is left, so that what is not synced lies in one
 * segment and is one batch for whoever recovers. All its headers give the same durable number.
 *
 * <p>Nothing is published as durable that was not synced; after one failed write or sync nothing is
 * published any more, and the sync is not tried again (G13).
 */
final class JournalWriter {
  private static final long SPIN_NANOS = 50_000;
  private static final long TELL_AGAIN_NANOS = 10_000_000;
  private static final long UNSYNCED_MILLIS = 100;
  private static final long UNSYNCED_NANOS = UNSYNCED_MILLIS * 1_000_000;
  private static final int BATCH_BYTES_MAX = 8 << 20;
  private static final int BUFFER_BYTES = 256 * 1024;

  private final Admission admission;
  private final Waiters waiters;
  private final long unsyncedBytesMax;
  private final Journal.Sink sink;
  private final @Nullable SegmentListener listener;
  private final Consumer<Throwable> onFailure;
  private final Thread thread;

  private volatile @Nullable Throwable poison;

  /**
   * Up to here somebody waits for a sync. Written without a lock: of two at once the larger may be
   * lost, and that sync then comes when its time has passed.
   */
  private volatile long wanted;

  /* Written by the thread, read anywhere. */
  private volatile long durable;
  private volatile long written;
  private volatile long handed;

  /** The newest commit that was written and need not be synced to be answered for. */
  private volatile long unsyncedAnswered;

  private volatile boolean parked;
  private volatile long syncNanos = 100_000;

  /* The thread alone. */
  private Segment writing;
  private long offset;
  private final CommitTimes times;
  private boolean unvouched;

  /** Written and not synced. */
  private List<NumberedCommit> unsynced = new ArrayList<>();

  private long unsyncedBytes;
  private long unsyncedSince;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

  /** Where the thread begins. */
  record Place(Segment segment, long offset, long number, long time, boolean unvouched) {}

  /** Who waits for a write, and who for a sync. */
  record Waiters(DurableWaiters write, DurableWaiters sync) {}

  /**
   * @param unsyncedBytesMax when so much is not synced, it is
   * @param clock the calendar
   */
  JournalWriter(
      Place place,
      Admission admission,
      Waiters waiters,
      Journal.Sink sink,
      @Nullable SegmentListener listener,
      Consumer<Throwable> onFailure,
      long unsyncedBytesMax,
      InstantSource clock) {
    this.unsyncedBytesMax = unsyncedBytesMax;
    this.admission = admission;
    this.waiters = waiters;
    this.sink = sink;
    this.listener = listener;
    this.onFailure = onFailure;
    writing = place.segment();
    offset = place.offset();
    times = new CommitTimes(clock, place.time(), System.nanoTime());
    unvouched = place.unvouched();
    durable = place.number();
    written = place.number();
    handed = place.number();
    thread = Thread.ofPlatform().daemon().name("abide-journal").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Lets the thread look at what is queued. */
  void wake() {
    // The thread sets this before it looks at the queue a last time: either it sees the commit, or
    // is seen parked here.
    if (parked) {
      LockSupport.unpark(thread);
    }
  }

  /** The number up to which everything is synced. */
  long durable() {
    return durable;
  }

  /** The number up to which everything is written. */
  long written() {
    return written;
  }

  /** The highest number that may have been answered for. */
  long answerable() {
    return Math.max(durable, unsyncedAnswered);
  }

  /** Does not let a sync of what is written, or will be, be put off. */
  void wantSync(long number) {
    if (wanted < number) {
      wanted = number;
    }
    wake();
  }

  /** The number up to which everything was given to a write; what it came to is not known. */
  long handed() {
    return handed;
  }

  /** How long the last sync took. */
  long syncNanos() {
    return syncNanos;
  }

  /** Ends the thread between two batches, as a failed write would. */
  void poison(Throwable cause) {
    poison = cause;
    LockSupport.unpark(thread);
  }

  /** Waits until the thread has written and synced what was queued when the admission closed. */
  void join() {
    LockSupport.unpark(thread);
    Threads.joinUninterruptibly(thread);
  }

  /** Where the journal ends; after {@link #join}. */
  Place end() {
    return new Place(writing, offset, durable, times.last(), unvouched);
  }

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
        } else if (isSyncDue()) {
          sync();
        } else if (unvouched && unsynced.isEmpty()) {
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
      if (admission.take(batch, BATCH_BYTES_MAX)) {
        return;
      }
      while (admission.last() == handed && System.nanoTime() - start < SPIN_NANOS) {
        Thread.onSpinWait();
      }
    } while (System.nanoTime() - start < SPIN_NANOS);
  }

  /** Parks until there is work; false if the journal closes and there is none. */
  private boolean awaitWork() {
    while (true) {
      parked = true;
      if (isSyncDue()) {
        parked = false;
        return true;
      }
      // Closing first: once it is seen, nothing is queued any more, so the queue tells all.
      boolean closing = admission.isClosing();
      boolean waiting = admission.isWaiting() || poison != null;
      if (waiting || closing) {
        parked = false;
        return waiting || !unsynced.isEmpty();
      }
      if (unsynced.isEmpty()) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, UNSYNCED_NANOS - (System.nanoTime() - unsyncedSince));
      }
      parked = false;
      var _ = Thread.interrupted();
    }
  }

  private void write(List<Queued> batch) throws IOException {
    Segment segment = batch.getFirst().segment();
    if (segment != writing) {
      if (!unsynced.isEmpty()) {
        sync();
      }
      writing.file.close();
      writing = segment;
      offset = SegmentHeader.BYTES;
      admission.begun(segment);
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
    long time = times.next(System.nanoTime());
    for (Queued queued : batch) {
      int at = whole.position();
      whole.put(queued.record());
      whole.putLong(at + CommitCodec.NUMBER_AT, queued.number());
      whole.putLong(at + CommitCodec.TIME_AT, time);
    }
    whole.flip();
    long newest = batch.getLast().number();
    new Batch(segment.header.salt(), bytes, batch.getFirst().number(), batch.size(), durable)
        .seal(whole);
    handed = newest;
    segment.file.write(whole, offset);
    offset += Batch.HEADER_BYTES + bytes;
    unvouched = true;
    boolean asked = keep(batch, bytes, time);
    written = newest;
    waiters.write().release(newest);
    if (asked || isSyncDue()) {
      sync();
    }
    if (buffer.capacity() > BATCH_BYTES_MAX + Batch.HEADER_BYTES) {
      buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    }
  }

  /** Takes note of what was written; whether one of them asks for a sync. */
  private boolean keep(List<Queued> batch, int bytes, long time) {
    if (unsynced.isEmpty()) {
      unsyncedSince = System.nanoTime();
    }
    unsyncedBytes += bytes;
    boolean asked = false;
    long answered = 0;
    for (Queued queued : batch) {
      boolean synced = queued.commit().owner().synced();
      asked |= synced;
      answered = synced ? answered : queued.number();
      unsynced.add(
          new NumberedCommit(queued.number(), time, queued.commit(), queued.record().length));
    }
    if (answered != 0) {
      // Before what it says is published as written: who is answered then is counted here.
      unsyncedAnswered = answered;
    }
    return asked;
  }

  /** Whether what is written has to be synced though no commit of it asks. */
  private boolean isSyncDue() {
    return !unsynced.isEmpty()
        && (unsyncedBytes >= unsyncedBytesMax
            || wanted > durable
            || System.nanoTime() - unsyncedSince >= UNSYNCED_NANOS
            || admission.isClosing());
  }

  private void sync() throws IOException {
    long start = System.nanoTime();
    writing.file.force();
    syncNanos = System.nanoTime() - start;
    List<NumberedCommit> commits = unsynced;
    unsynced = new ArrayList<>();
    unsyncedBytes = 0;
    durable = written;
    waiters.sync().release(durable);
    sink.durable(commits);
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
    admission.fail(thrown);
    waiters.write().fail();
    waiters.sync().fail();
    tell(thrown);
  }

  /** Somebody has to stop the engine: where memory has ended, as soon as there is some. */
  private void tell(Throwable thrown) {
    do {
      try {
        onFailure.accept(thrown);
        return;
      } catch (OutOfMemoryError again) {
        LockSupport.parkNanos(TELL_AGAIN_NANOS);
      }
    } while (!admission.isClosing());
  }
}
