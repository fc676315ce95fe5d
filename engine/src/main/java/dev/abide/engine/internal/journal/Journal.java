package dev.abide.engine.internal.journal;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.disk.DiskFile;
import dev.abide.engine.internal.store.Commit;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The log of commits.
 *
 * <p>Group commit by natural batching: a commit gets its number and its room in a segment ({@link
 * Admission}); one platform thread writes and syncs all that is queued ({@link JournalWriter}).
 *
 * <p>Threading: {@link #append} and {@link #awaitDurable} from any thread, virtual ones above all;
 * they keep an interrupt for later.
 */
public final class Journal {
  private static final long CALLER_SPIN_NANOS_MAX = 300_000;

  /** A write takes some microseconds; its thread, if it is parked, takes some tens to begin. */
  private static final long WRITE_SPIN_NANOS = 100_000;

  /** So much is written and not synced, or a part of what may be unapplied. */
  private static final long UNSYNCED_BYTES_MAX = 4 << 20;

  /** Receives what has become durable. */
  @FunctionalInterface
  public interface Sink {
    /** On the journal's thread, in order; must be quick. */
    void durable(List<NumberedCommit> batch);
  }

  private final Consumer<Throwable> onFailure;
  private final SegmentMaker maker;
  private final Admission admission;
  private final DurableWaiters waiters = new DurableWaiters();
  private final DurableWaiters writeWaiters = new DurableWaiters();

  /** Where the thread that writes begins. */
  private final JournalWriter.Place place;

  private final long unsyncedBytesMax;
  private final InstantSource clock;

  /** The segments that are full and in no run, before the start. */
  private final List<JournalSegment> sealed;

  private final long firstInSegment;
  private @Nullable JournalWriter writer;

  private Journal(
      Disk disk,
      Identity identity,
      JournalOptions options,
      Consumer<Throwable> onFailure,
      JournalWriter.Place place,
      List<JournalSegment> sealed,
      long firstInSegment) {
    this.onFailure = onFailure;
    this.unsyncedBytesMax = Math.min(UNSYNCED_BYTES_MAX, options.unappliedBytesMax() / 4);
    this.clock = options.clock();
    this.place = place;
    this.sealed = sealed;
    this.firstInSegment = firstInSegment;
    Segment segment = place.segment();
    ReentrantLock lock = new ReentrantLock();
    maker =
        new SegmentMaker(
            disk,
            identity,
            lock,
            options.segmentBytesMax(),
            segment.header.sequence() + 1,
            segment.size * 2);
    // The first thing to be written may be a header that vouches for what was read.
    long reserved = place.offset() + (place.unvouched() ? Batch.HEADER_BYTES : 0);
    admission = new Admission(options, lock, maker, segment, reserved, place.number());
  }

  /**
   * Opens a journal whose end is not known: reads all of it that is in no run.
   *
   * @param start what is in runs and bases already
   * @param least the number that the last clean close gave, or 0: it must be reached
   * @param replay given every commit behind the start, in order; nothing is served before this
   *     returns
   * @param progress told how much has been read
   * @throws StorageException if it is damaged; nothing was changed then
   */
  public static Journal recover(
      Disk disk,
      Identity identity,
      JournalOptions options,
      JournalStart start,
      long least,
      Consumer<NumberedCommit> replay,
      Progress progress,
      Consumer<Throwable> onFailure)
      throws IOException {
    Recovery recovery = new Recovery(disk, identity, start, least, replay, progress);
    Segment segment = recovery.run(options.segmentBytesFirst());
    if (segment == null) {
      SegmentHeader first = new SegmentHeader(identity.lineage(), 1, Salts.next(), null);
      segment = Segment.make(disk, first, options.segmentBytesFirst(), null);
      JournalWriter.Place empty =
          new JournalWriter.Place(segment, SegmentHeader.BYTES, 0, 0, false);
      return new Journal(disk, identity, options, onFailure, empty, List.of(), 1);
    }
    // The first thing to be written says that what was read and copied is durable.
    JournalWriter.Place place =
        new JournalWriter.Place(segment, recovery.offset(), recovery.last(), recovery.time(), true);
    return new Journal(
        disk, identity, options, onFailure, place, recovery.sealed(), recovery.vouched() + 1);
  }

  /** The same, and tells nobody how far it has come. */
  public static Journal recover(
      Disk disk,
      Identity identity,
      JournalOptions options,
      JournalStart start,
      long least,
      Consumer<NumberedCommit> replay,
      Consumer<Throwable> onFailure)
      throws IOException {
    return recover(disk, identity, options, start, least, replay, Progress.NONE, onFailure);
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

  /** How long a commit's record is. */
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
    JournalWriter.Place place =
        new JournalWriter.Place(segment, end.offset(), end.number(), end.time(), false);
    Journal journal =
        new Journal(disk, identity, options, onFailure, place, found.sealed(), found.first());
    journal.maker.skipTo(found.highest() + 1);
    return journal;
  }

  /** The segments that are full and in no run; before the start. */
  public List<JournalSegment> sealed() {
    return sealed;
  }

  /** The segment that is written; before the start. */
  public JournalSegment current() {
    Segment writing = place.segment();
    return new JournalSegment(
        writing.header.sequence(), writing.size, firstInSegment, place.number());
  }

  /** Begins to write; segments are kept for ever, sorted by nobody. */
  public void start(Sink receiver) {
    begin(receiver, null);
  }

  /**
   * Begins to write.
   *
   * @param segments told of each segment after {@link #current}
   * @param waiting how many sealed segments wait to be sorted
   */
  public void start(Sink receiver, SegmentListener segments, int waiting) {
    admission.sorting(waiting);
    begin(receiver, segments);
  }

  private void begin(Sink receiver, @Nullable SegmentListener segments) {
    maker.start();
    writer =
        new JournalWriter(
            place,
            admission,
            new JournalWriter.Waiters(writeWaiters, waiters),
            receiver,
            segments,
            onFailure,
            unsyncedBytesMax,
            clock);
    writer.start();
  }

  private JournalWriter writer() {
    return Objects.requireNonNull(writer, "the journal has not been started");
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
   * @param refusal why commits are refused now, or null; asked under the journal's lock, by
   *     whichever thread, before the commit is queued and whenever {@link #lookAgain} is called
   * @throws StorageException if it was refused: nothing of it was handed over
   */
  public long append(Commit commit, Supplier<@Nullable StorageException> refusal) {
    try {
      return admission.append(commit, refusal);
    } finally {
      writer().wake();
    }
  }

  /** Lets the next commit begin a new segment, so that all before it can be sorted. */
  public void seal() {
    admission.seal();
  }

  /** Lets appends that wait ask again whether commits are refused. */
  public void lookAgain() {
    admission.lookAgain();
  }

  /** The number up to which everything is synced. */
  public long durable() {
    JournalWriter running = writer;
    return running == null ? place.number() : running.durable();
  }

  /** How long the last sync took. */
  public long syncNanos() {
    return writer().syncNanos();
  }

  /** The highest number given. */
  public long last() {
    return admission.last();
  }

  /** Why nothing more is written, or null. */
  public @Nullable Throwable failure() {
    return admission.failure();
  }

  /** The number up to which everything is written, synced or not. */
  public long written() {
    JournalWriter running = writer;
    return running == null ? place.number() : running.written();
  }

  /** The highest number that may have been answered for by now. */
  public long answerable() {
    JournalWriter running = writer;
    return running == null ? place.number() : running.answerable();
  }

  /** Waits until everything up to the number is synced. */
  public void awaitDurable(long number) {
    if (durable() >= number) {
      return;
    }
    JournalWriter running = writer();
    waiters.await(
        number, running::durable, Math.min(2 * running.syncNanos(), CALLER_SPIN_NANOS_MAX));
    if (running.durable() < number) {
      throw failedBefore(number, "synced");
    }
  }

  /** The same, and does not let the sync be put off. */
  public void sync(long number) {
    if (durable() < number) {
      writer().wantSync(number);
      awaitDurable(number);
    }
  }

  /** Waits until everything up to the number is written. */
  public void awaitWritten(long number) {
    if (written() >= number) {
      return;
    }
    JournalWriter running = writer();
    writeWaiters.await(number, running::written, WRITE_SPIN_NANOS);
    if (running.written() < number) {
      throw failedBefore(number, "written");
    }
  }

  private StorageException failedBefore(long number, String what) {
    Throwable cause = failure();
    boolean never = number > writer().handed();
    return new StorageException(
        "the journal failed before commit "
            + number
            + " was "
            + what
            + "; "
            + (never ? "it was never written" : "whether it survives is not known")
            + ". Close the engine and open it again: "
            + (cause == null ? "" : cause.getMessage()),
        cause,
        false,
        never ? Applied.NO : Applied.UNKNOWN);
  }

  /** The length of the next segment. */
  public long nextSegmentBytes() {
    return admission.nextSegmentBytes();
  }

  /** Gives back bytes of commits that are in the store. */
  public void applied(long bytes) {
    admission.applied(bytes);
    JournalWriter running = writer;
    if (running != null) {
      // Some that waited may be queued by that.
      running.wake();
    }
  }

  /** Says that a sealed segment's commits are in a run, or that it had none. */
  public void sorted() {
    admission.sorted();
  }

  /** Takes the blocks of a segment that is in a run; false if they are not wanted. */
  public boolean recycle(JournalSegment segment) {
    return admission.recycle(segment);
  }

  /**
   * Ends the journal: what it wrote cannot be read again. Its own thread does it, between two
   * batches: else a commit could be called never written that is just being written.
   */
  public void end(Throwable cause) {
    writer().poison(cause);
  }

  /**
   * Writes and syncs what is queued and ends the threads.
   *
   * @return where the journal ends, or null if it had failed
   */
  public @Nullable JournalEnd close() throws IOException {
    admission.close();
    JournalWriter running = writer;
    if (running != null) {
      running.join();
    }
    JournalWriter.Place end = running == null ? place : running.end();
    try {
      maker.end();
      if (failure() != null) {
        return null;
      }
      end.segment().file.force();
      return new JournalEnd(
          end.segment().header.sequence(), end.offset(), end.number(), end.time());
    } finally {
      end.segment().file.close();
      for (Segment segment : admission.unwritten()) {
        segment.file.close();
      }
    }
  }
}
