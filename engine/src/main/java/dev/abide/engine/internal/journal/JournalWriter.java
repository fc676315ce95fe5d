package dev.abide.engine.internal.journal;

import dev.abide.engine.internal.journal.Admission.Queued;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The journal's thread: takes all that is queued, writes it once, syncs once, publishes the durable
 * number, releases who waits, and hands the batch on. While it syncs, the next batch gathers.
 *
 * <p>Nothing is published as durable that was not synced; after one failed write or sync nothing is
 * published any more, and the sync is not tried again (G13).
 */
final class JournalWriter {
  private static final long SPIN_NANOS = 50_000;
  private static final int BATCH_BYTES_MAX = 8 << 20;
  private static final int BUFFER_BYTES = 256 * 1024;

  private final Admission admission;
  private final DurableWaiters waiters;
  private final Journal.Sink sink;
  private final @Nullable SegmentListener listener;
  private final Consumer<Throwable> onFailure;
  private final Thread thread;

  private volatile @Nullable Throwable poison;

  /* Written by the thread, read anywhere. */
  private volatile long durable;
  private volatile long handed;
  private volatile boolean parked;
  private volatile long syncNanos = 100_000;

  /* The thread alone. */
  private Segment writing;
  private long offset;
  private long lastTime;
  private boolean unvouched;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

  /** Where the thread begins. */
  record Place(Segment segment, long offset, long number, long time, boolean unvouched) {}

  JournalWriter(
      Place place,
      Admission admission,
      DurableWaiters waiters,
      Journal.Sink sink,
      @Nullable SegmentListener listener,
      Consumer<Throwable> onFailure) {
    this.admission = admission;
    this.waiters = waiters;
    this.sink = sink;
    this.listener = listener;
    this.onFailure = onFailure;
    writing = place.segment();
    offset = place.offset();
    lastTime = place.time();
    unvouched = place.unvouched();
    durable = place.number();
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
    SegmentMaker.joinUninterruptibly(thread);
  }

  /** Where the journal ends; after {@link #join}. */
  Place end() {
    return new Place(writing, offset, durable, lastTime, unvouched);
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
      // Closing first: once it is seen, nothing is queued any more, so the queue tells all.
      boolean closing = admission.isClosing();
      boolean waiting = admission.isWaiting() || poison != null;
      if (waiting || closing) {
        parked = false;
        return waiting;
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
    sink.durable(commits);
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
    admission.fail(thrown);
    waiters.fail();
    onFailure.accept(thrown);
  }
}
