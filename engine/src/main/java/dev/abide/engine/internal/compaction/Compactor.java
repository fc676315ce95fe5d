package dev.abide.engine.internal.compaction;

import dev.abide.engine.StorageException;
import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.journal.JournalSegment;
import dev.abide.engine.internal.journal.Progress;
import dev.abide.engine.internal.journal.SegmentScan;
import dev.abide.engine.internal.observe.CompactionEvent;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does one piece of compaction at a time: sorts a segment, merges runs, folds runs into bases. Each
 * file is written beside, synced, renamed and the directory synced before what it covers is freed;
 * so a crash leaves the old files, or both, and never neither.
 *
 * <p>One thread.
 */
public final class Compactor {
  private static final Logger LOG = LoggerFactory.getLogger("dev.abide");

  /** Looked for again each four mebibytes; so much may be taken meanwhile by others. */
  private static final long GIVING_WAY_BYTES = 32L << 20;

  private final FileSet files;
  private final Disk disk;
  private final CompactionOptions options;
  private final Surroundings around;
  private final InstantSource clock;
  private boolean movedForSpace;

  /** For what it was told that there is no room; read by other threads. */
  private final Set<String> shortFor = ConcurrentHashMap.newKeySet();

  /** The last commit that was in a run when the horizon was asked for, and since when. */
  private long seen = -1;

  private long seenSince;

  /** Files that others cover and that are still there, and whether that was reported. */
  private final Map<String, Boolean> left = new LinkedHashMap<>();

  /** Kept from one sort to the next, see {@link #rest}. */
  private @Nullable SortMemory memory;

  /** What folds have corrected, by the last commit that was in a run then. */
  private final NavigableMap<Long, Long> corrections = new TreeMap<>();

  /**
   * @param clock the calendar by which commits are old; the one that the journal goes by
   */
  public Compactor(
      FileSet files, CompactionOptions options, Surroundings around, InstantSource clock) {
    this.files = files;
    this.disk = files.disk();
    this.options = options;
    this.around = around;
    this.clock = clock;
  }

  /** While a directory is opened: sorts what is sealed, so that all can be read in order. */
  public static void prepare(FileSet files, CompactionOptions options, Progress progress)
      throws IOException {
    Compactor compactor = new Compactor(files, options, Surroundings.NONE, InstantSource.system());
    int all = files.waiting();
    Supplier<String> sorted =
        () -> "sorting the journal: %,d of %,d segments".formatted(all - files.waiting(), all);
    Supplier<String> merged =
        () -> sorted.get() + "; merging %,d runs".formatted(files.runs().size());
    try {
      while (compactor.sort(bytes -> progress.at(sorted))) {
        progress.at(sorted);
        compactor.mergeIfItCan(bytes -> progress.at(merged));
      }
    } finally {
      compactor.rest();
    }
  }

  /** There may be more than one too many. An open can do without: nobody asks for room here. */
  private void mergeIfItCan(Pace pace) {
    try {
      while (merge(pace, true)) {
        pace.wrote(0);
      }
    } catch (IOException e) {
      LOG.info("runs are not merged while the directory is opened: {}", e.toString());
    }
  }

  /** The same, and tells nobody how far it has come. */
  public static void prepare(FileSet files, CompactionOptions options) throws IOException {
    prepare(files, options, Progress.NONE);
  }

  /** Gives memory back that would only be used if there were more to sort soon. */
  void rest() {
    SortMemory kept = memory;
    if (kept != null) {
      memory = null;
      kept.close();
    }
  }

  // ---- sort

  /**
   * Makes a run of the oldest sealed segment.
   *
   * @return whether there was one
   * @throws StorageException if the segment cannot be read: that is the journal's end
   */
  boolean sort(Pace pace) throws IOException {
    deleteLeft();
    JournalSegment segment = files.nextSealed();
    if (segment == null) {
      return false;
    }
    SortedFile run =
        segment.last() < segment.first() ? null : recorded("sort", () -> sort(segment, pace));
    List<String> covered = files.sorted(segment, run);
    // Before anything else that may fail: the segment waits no longer in any case.
    around.sorted();
    for (String name : covered) {
      if (!around.recycle(segment)) {
        left.put(name, false);
      }
    }
    deleteLeft();
    return true;
  }

  private SortedFile sort(JournalSegment segment, Pace pace) throws IOException {
    try (SegmentSorter sorter = read(segment)) {
      FileHead head =
          FileHead.run(files.identity(), segment.first(), segment.last(), segment.first());
      try (SortedWriter writer = new SortedWriter(disk, head, pace)) {
        Cursor records = sorter.cursor();
        while (records.next()) {
          writer.add(
              records.object(),
              records.key(),
              records.number(),
              records.isRange(),
              records.content());
        }
        return writer.finish(sorter.times(), around.liveBytes());
      }
    }
  }

  private SegmentSorter read(JournalSegment segment) throws SegmentScan.NotOpened {
    try {
      SortMemory own = memory;
      if (own == null) {
        own = SortMemory.shared(segment.bytes());
        memory = own;
      }
      return SegmentSorter.read(disk, files.identity(), segment, own);
    } catch (SegmentScan.NotOpened e) {
      // Nothing was found out about it, and nothing is lost by trying again.
      throw e;
    } catch (IOException e) {
      throw new StorageException(
          "the segment "
              + segment.fileName()
              + " of the journal cannot be read again: "
              + e.getMessage(),
          e,
          false,
          dev.abide.engine.AbideException.Applied.NO);
    }
  }

  // ---- merge

  /**
   * Makes one of several neighbouring runs, if there are too many.
   *
   * @return whether it did
   */
  boolean merge(Pace pace) throws IOException {
    return merge(pace, false);
  }

  private boolean merge(Pace pace, boolean opening) throws IOException {
    removeUnlisted();
    List<SortedFile> runs = files.runs();
    if (runs.size() <= options.runsMax()) {
      shortFor.remove("merge");
      return false;
    }
    long horizon = horizon(runs);
    int old = (int) runs.stream().filter(run -> run.last() <= horizon).count();
    long[] bytes = runs.stream().mapToLong(SortedFile::bytes).toArray();
    MergeChoice choice = MergeChoice.of(bytes, old, options.mergeRuns());
    if (opening || !hasRoom(choice.bytes())) {
      choice = MergeChoice.smallest(bytes, old, options.mergeRuns());
    }
    if (!hasRoom(choice.bytes())) {
      tellShort("merge", choice.bytes());
      return false;
    }
    List<SortedFile> chosen = runs.subList(choice.from(), choice.to());
    shortFor.remove("merge");
    Row.check(chosen);
    boolean thins = chosen.getLast().last() <= horizon;
    FileHead head = head(chosen, thins);
    files.merging(head.fileName());
    Pace giving = givingWay(pace);
    SortedFile made =
        recorded(
            "merge", () -> thins ? thinned(head, chosen, giving) : joined(head, chosen, giving));
    free(files.merged(chosen, made));
    return true;
  }

  /**
   * A merge that failed between the rename of its run and the end of the sync behind it has left a
   * file that is in no list. What it covers is there still, and if the process ends now, the next
   * open takes it in place of that. But another choice may come out otherwise by now, and of two
   * runs that overlap an open would know neither to be the wider one: so it goes first, durably.
   */
  private void removeUnlisted() throws IOException {
    String left = files.merging();
    if (left != null) {
      disk.delete(left);
      disk.force();
      files.merging(null);
    }
  }

  private FileHead head(List<SortedFile> chosen, boolean thins) {
    long first = chosen.getFirst().first();
    long last = chosen.getLast().last();
    long oldest = first;
    for (SortedFile run : chosen) {
      oldest = run.isThinned() ? run.head().oldest() : oldest;
    }
    return FileHead.run(files.identity(), first, last, thins ? last : oldest);
  }

  /** Above the horizon every version stays. */
  private SortedFile joined(FileHead head, List<SortedFile> chosen, Pace pace) throws IOException {
    try (Cursor records = all(chosen);
        SortedWriter writer = new SortedWriter(disk, head, pace)) {
      while (records.next()) {
        writer.add(
            records.object(),
            records.key(),
            records.number(),
            records.isRange(),
            records.content());
      }
      TimeLine times = new TimeLine();
      for (SortedFile run : chosen) {
        times.addAll(run.times(disk));
      }
      return writer.finish(times, chosen.getLast().tail().live());
    }
  }

  /** At and below the horizon the newest version stays, deletions and ranges included. */
  private SortedFile thinned(FileHead head, List<SortedFile> chosen, Pace pace) throws IOException {
    try (Survivors records = new Survivors(all(chosen));
        SortedWriter writer = new SortedWriter(disk, head, pace)) {
      while (records.next()) {
        writer.add(
            records.object(),
            records.key(),
            records.number(),
            records.isRange(),
            records.content());
      }
      return writer.finish(endOf(chosen.getLast()), chosen.getLast().tail().live());
    }
  }

  private Cursor all(List<SortedFile> chosen) throws IOException {
    List<Cursor> cursors = new ArrayList<>();
    try {
      for (SortedFile run : chosen) {
        cursors.add(run.all(disk));
      }
    } catch (IOException | RuntimeException | Error e) {
      MergeCursor.closeAll(cursors);
      throw e;
    }
    return new MergeCursor(cursors);
  }

  // ---- fold

  /**
   * Makes new bases of what is older than the horizon, if there is enough of it.
   *
   * @return whether it did
   */
  boolean fold(Pace pace) throws IOException {
    List<SortedFile> runs = files.runs();
    SortedFile begun = begun(runs);
    SortedFile newest = begun == null ? toFold(runs) : begun;
    if (newest == null) {
      shortFor.remove("fold");
      return false;
    }
    if (!around.applied(newest.last())) {
      return false;
    }
    // Largest first: if there is no room for it, none is taken by others first, which would leave
    // less, for what is covered goes only when all shards have been folded.
    for (Part part : lacking(runs, newest)) {
      if (!hasRoom(part.bytes)) {
        tellShort("fold", part.bytes);
        return false;
      }
      SortedFile base = files.base(part.shard);
      SortedFile made =
          recorded("fold", () -> folded(part.shard, base, runs, newest, givingWay(pace)));
      free(files.folded(part.shard, made));
    }
    shortFor.remove("fold");
    if (newest.tail().live() != Surroundings.UNKNOWN) {
      correct(files.baseBytes() - newest.tail().live(), newest.last());
    }
    return true;
  }

  private record Part(int shard, long bytes) {}

  /** The shards whose base does not go so far, and what each new one takes at most. */
  private List<Part> lacking(List<SortedFile> runs, SortedFile newest) {
    List<Part> parts = new ArrayList<>();
    for (int shard = 0; shard < FileTail.SHARDS; shard++) {
      SortedFile base = files.base(shard);
      if (base == null || base.last() < newest.last()) {
        parts.add(new Part(shard, bytes(shard, base, runs, newest)));
      }
    }
    parts.sort(Comparator.comparingLong(Part::bytes).reversed());
    return parts;
  }

  /**
   * The runs that are there already do not know of a correction: the next fold of one of them finds
   * the same difference once more.
   */
  private void correct(long found, long foldedTo) {
    long known = 0;
    for (long difference : corrections.tailMap(foldedTo, true).values()) {
      known += difference;
    }
    corrections.headMap(foldedTo, false).clear();
    corrections.merge(files.start().number(), found - known, Long::sum);
    around.correctLiveBytes(found - known);
  }

  /**
   * The newest run of a fold that was cut off: some shards have a base that goes so far, and others
   * have not. It goes on, for a newer target would write the bases again that are done.
   */
  private @Nullable SortedFile begun(List<SortedFile> runs) {
    long reached = 0;
    long behind = Long.MAX_VALUE;
    for (int shard = 0; shard < FileTail.SHARDS; shard++) {
      long folded = files.folded(shard);
      reached = Math.max(reached, folded);
      behind = Math.min(behind, folded);
    }
    for (SortedFile run : runs) {
      if (behind < reached && run.last() == reached) {
        return run;
      }
    }
    return null;
  }

  /**
   * The newest run that a fold would take now, or null if there is too little to fold. Runs that
   * the store lags behind are left for the next one: where commits go on coming, it has never
   * applied the newest of all.
   */
  private @Nullable SortedFile toFold(List<SortedFile> runs) {
    long horizon = horizon(runs);
    List<SortedFile> old = new ArrayList<>(runs);
    old.removeIf(run -> run.last() > horizon);
    while (isEnough(old)) {
      if (around.applied(old.getLast().last())) {
        return old.getLast();
      }
      old.removeLast();
    }
    return null;
  }

  private boolean isEnough(List<SortedFile> old) {
    long bytes = old.stream().mapToLong(SortedFile::bytes).sum();
    long bases = files.baseBytes();
    return !old.isEmpty()
        && (bytes > bases + options.foldBytes()
            || bases > 2 * Math.max(0, around.liveBytes()) + options.foldBytes());
  }

  private SortedFile folded(
      int shard, @Nullable SortedFile base, List<SortedFile> runs, SortedFile newest, Pace pace)
      throws IOException {
    Row.check(base == null ? 0 : base.last(), runs, List.of(), newest.last());
    FileHead head = FileHead.base(files.identity(), shard, newest.last());
    try (State state = State.of(disk, base, runs, shard, newest.last());
        SortedWriter writer = new SortedWriter(disk, head, pace)) {
      while (state.next()) {
        writer.add(state.objectKey(), state.key(), state.number(), false, state.value());
      }
      return writer.finish(endOf(newest), newest.tail().live());
    }
  }

  /** No more than this will have the new base of a shard. */
  private static long bytes(
      int shard, @Nullable SortedFile base, List<SortedFile> runs, SortedFile newest) {
    long bytes = base == null ? 0 : base.bytes();
    for (SortedFile run : runs) {
      bytes += run.last() <= newest.last() ? run.shardBytes(shard) : 0;
    }
    return bytes;
  }

  // ---- parts of all three

  /** What makes a file. */
  private interface Making {
    SortedFile make() throws IOException;
  }

  /** For Flight Recorder; what was cut off has made no file. */
  private static SortedFile recorded(String kind, Making making) throws IOException {
    CompactionEvent event = new CompactionEvent();
    event.begin();
    SortedFile made = making.make();
    event.end();
    if (event.shouldCommit()) {
      event.kind = kind;
      event.file = made.name();
      event.bytes = made.bytes();
      event.commit();
    }
    return made;
  }

  /**
   * Whether a merge or fold may begin that writes so much. Were it to take the room that commits
   * need, they would be refused, it would meet the end of the disk and give all back, and so on.
   */
  private boolean hasRoom(long bytes) {
    return around.hasRoom(bytes + GIVING_WAY_BYTES);
  }

  /** Whether a merge or fold waits for room. From any thread. */
  boolean isShort() {
    return !shortFor.isEmpty();
  }

  private void tellShort(String what, long bytes) {
    if (shortFor.add(what)) {
      around.notice(
          "%,d bytes are wanted to %s runs, and are not free beside what commits need; that waits until they are"
              .formatted(bytes + GIVING_WAY_BYTES, what),
          null);
    }
  }

  /** A merge or fold ends where others have taken the room meanwhile, and gives its own back. */
  private Pace givingWay(Pace pace) {
    return bytes -> {
      if (!around.hasRoom(GIVING_WAY_BYTES / 2)) {
        throw new IOException(
            "what was free for a merge or fold is wanted for commits now; it has given way");
      }
      pace.wrote(bytes);
    };
  }

  private long horizon(List<SortedFile> runs) {
    Horizon horizon = Horizon.of(runs, files.segmentBytes(), options, clock.millis(), seenMs(runs));
    if (horizon.forSpace() && !movedForSpace) {
      around.droppingForSpace();
      around.notice(
          "what is kept of the last %s takes more than %,d bytes; older states than that after commit %,d are dropped"
              .formatted(options.retention(), options.retentionBytes(), horizon.number()),
          null);
    }
    movedForSpace = horizon.forSpace();
    return horizon.number();
  }

  /** How long the last run has been the last one, by the machine's own clock. */
  private long seenMs(List<SortedFile> runs) {
    long last = runs.isEmpty() ? 0 : runs.getLast().last();
    if (last != seen) {
      seen = last;
      seenSince = System.nanoTime();
    }
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - seenSince);
  }

  /** Of times before a file's end nothing can be restored from it. */
  private static TimeLine endOf(SortedFile newest) {
    TimeLine times = new TimeLine();
    times.add(newest.tail().time(), newest.last());
    return times;
  }

  private void free(List<String> names) throws IOException {
    names.forEach(name -> left.put(name, false));
    deleteLeft();
    disk.force();
  }

  /**
   * Deletes what is covered. A file that cannot be deleted takes room and does no harm: it is
   * reported once and tried again, and nothing that is to be done waits for it.
   */
  private void deleteLeft() {
    for (String name; (name = files.nextUndeleted()) != null; ) {
      left.put(name, false);
    }
    for (Map.Entry<String, Boolean> file : List.copyOf(left.entrySet())) {
      try {
        disk.delete(file.getKey());
        left.remove(file.getKey());
      } catch (IOException e) {
        boolean told = file.getValue();
        left.put(file.getKey(), true);
        if (!told) {
          around.notice(
              file.getKey()
                  + " is not needed any more and could not be deleted; that is tried again",
              e);
        }
      }
    }
  }
}
