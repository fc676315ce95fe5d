package dev.abide.engine.internal.compaction;

import dev.abide.engine.StorageException;
import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.journal.Identity;
import dev.abide.engine.internal.journal.JournalSegment;
import dev.abide.engine.internal.journal.JournalStart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Which files hold the journal now: bases, runs, sealed segments, and the one that is written. Only
 * the compactor replaces files, and the journal adds segments. A file that a reader has pinned
 * stays until the reader is done, also when another covers what it has.
 *
 * <p>A change of the lists is prepared beside them and takes effect by assignments, which need no
 * memory: where that ends, the lists are as they were. A file that was taken out of one and not put
 * into another would be missed by nobody, and merged, folded and deleted around.
 *
 * <p>Threading: any; all state is guarded by the lock, under which no file is touched.
 */
public final class FileSet {
  private static final long SORT_NANOS_MAX = TimeUnit.MINUTES.toNanos(10);
  private static final long ENDED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Disk disk;
  private final Identity identity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition sortedOne = lock.newCondition();

  /* Never changed in place. */
  private List<SortedFile> runs;
  private @Nullable SortedFile[] bases;
  private List<JournalSegment> sealed = List.of();
  private @Nullable JournalSegment current;

  /** The run that a merge began to make, until it is in the list, or durably gone. */
  private @Nullable String merging;

  /** What others cover, and what was never finished, at the open. */
  private final List<String> useless;

  /** How many readers hold a file, by name. */
  private final Map<String, Integer> pins = new HashMap<>();

  /** Files that another one covers, and that a reader holds. */
  private Set<String> covered = new HashSet<>();

  /** What was covered and could not be deleted when its last reader had finished. */
  private final Queue<String> undeleted = new ConcurrentLinkedQueue<>();

  private FileSet(Disk disk, Identity identity, Inventory found) {
    this.disk = disk;
    this.identity = identity;
    runs = List.copyOf(found.runs());
    bases = found.bases();
    useless = found.useless();
  }

  /**
   * Finds the runs and bases of a directory that nobody else has open. Changes nothing.
   *
   * @throws dev.abide.engine.StorageException if a file is damaged, or one is missing
   */
  public static FileSet open(Disk disk, Identity identity) throws IOException {
    return new FileSet(disk, identity, Inventory.take(disk, identity));
  }

  /** Removes what was never finished. */
  public void removeUnfinished(BiConsumer<String, @Nullable Throwable> notice) {
    useless.stream().filter(FileHead::isBeside).forEach(name -> remove(name, notice));
  }

  /**
   * Removes the runs and bases that others cover. When all has been read that an open needs: of a
   * directory that is refused for damage everything is there still.
   */
  public void removeCovered(BiConsumer<String, @Nullable Throwable> notice) throws IOException {
    List<String> names = useless.stream().filter(FileHead::isName).toList();
    if (!names.isEmpty()) {
      // A process that was killed between a rename and its sync leaves a file that covers others
      // and may be gone after a loss of power. Were these deleted now, so might they be: alone.
      disk.force();
    }
    names.forEach(name -> remove(name, notice));
  }

  private void remove(String name, BiConsumer<String, @Nullable Throwable> notice) {
    try {
      disk.delete(name);
    } catch (IOException e) {
      notice.accept(
          name + " is not needed any more and could not be deleted; the next open tries again", e);
    }
  }

  /**
   * The runs and bases among these files; changes nothing.
   *
   * @throws dev.abide.engine.StorageException if a file is damaged, or one is missing
   */
  public static FileSet look(Disk disk, Identity identity, List<String> names) throws IOException {
    return new FileSet(disk, identity, Inventory.look(disk, identity, names));
  }

  /**
   * The same as far as the files can be read.
   *
   * @param damage told of each that cannot
   * @param lost told of each shard whose state is not whole without them
   */
  public static FileSet salvage(
      Disk disk,
      Identity identity,
      List<String> names,
      Consumer<StorageException> damage,
      IntConsumer lost)
      throws IOException {
    Inventory found = Inventory.salvage(disk, identity, names, damage);
    for (int shard = 0; shard < FileTail.SHARDS; shard++) {
      if (!found.isWhole(shard)) {
        lost.accept(shard);
      }
    }
    return new FileSet(disk, identity, found);
  }

  /** Whether the file is a run or a base. */
  public static boolean isName(String fileName) {
    return FileHead.isName(fileName);
  }

  /** What a run or base says of the directory that it belongs to; null if none of them can. */
  public static @Nullable Identity identityOf(Disk disk, List<String> names) throws IOException {
    for (String name : names) {
      if (FileHead.isName(name)) {
        Identity identity = FileHead.identity(disk, name);
        if (identity != null) {
          return identity;
        }
      }
    }
    return null;
  }

  Disk disk() {
    return disk;
  }

  Identity identity() {
    return identity;
  }

  /** Where segments go on from here. */
  public JournalStart start() {
    lock.lock();
    try {
      SortedFile newest = runs.isEmpty() ? newestBase() : runs.getLast();
      return newest == null
          ? JournalStart.NOTHING
          : new JournalStart(newest.last(), newest.tail().time());
    } finally {
      lock.unlock();
    }
  }

  /** Up to which commit the shard's base goes; 0 if there is none. */
  public long folded(int shard) {
    lock.lock();
    try {
      SortedFile base = bases[shard];
      return base == null ? 0 : base.last();
    } finally {
      lock.unlock();
    }
  }

  /** How many live bytes there were when they were counted last. */
  public long liveBytes() {
    lock.lock();
    try {
      SortedFile base = newestBase();
      long live = base == null ? 0 : base.tail().live();
      for (SortedFile run : runs) {
        live = run.tail().live() == Surroundings.UNKNOWN ? live : run.tail().live();
      }
      return Math.max(0, live);
    } finally {
      lock.unlock();
    }
  }

  /**
   * About how many bytes the shard's state has: what its base and the runs behind that have, of
   * which a part was overwritten since, as far as anybody has counted.
   */
  public long expectedBytes(int shard) {
    lock.lock();
    try {
      SortedFile base = bases[shard];
      long folded = base == null ? 0 : base.shardBytes(shard);
      long all = folded;
      for (SortedFile run : runs) {
        all += base != null && run.last() <= base.last() ? 0 : run.shardBytes(shard);
      }
      long live = liveBytes();
      long total = baseBytes();
      for (SortedFile run : runs) {
        // Those that an open has sorted do not know what lived at their end.
        live += run.tail().live() == Surroundings.UNKNOWN ? run.bytes() : 0;
        total += run.bytes();
      }
      return live <= 0 || live >= total
          ? all
          : Math.max(folded, (long) ((double) all * live / total));
    } finally {
      lock.unlock();
    }
  }

  private @Nullable SortedFile newestBase() {
    SortedFile newest = null;
    for (SortedFile base : bases) {
      if (base != null && (newest == null || base.last() > newest.last())) {
        newest = base;
      }
    }
    return newest;
  }

  /** Says which segments there are where none is written. */
  public void segments(List<JournalSegment> all) {
    lock.lock();
    try {
      sealed = joined(sealed, all);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until all commits up to this number are in runs.
   *
   * @param ended whether nobody sorts any more
   * @return false if it ended, or nothing was sorted for ten minutes
   */
  public boolean awaitSorted(long number, BooleanSupplier ended) {
    lock.lock();
    try {
      long reached = start().number();
      long since = System.nanoTime();
      while (reached < number) {
        if (ended.getAsBoolean() || System.nanoTime() - since > SORT_NANOS_MAX) {
          return false;
        }
        // A pause and not a wake-up for the end: that comes from several sides.
        wait(sortedOne);
        long now = start().number();
        since = now == reached ? since : System.nanoTime();
        reached = now;
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // The caller loops.
  private static void wait(Condition sorted) {
    try {
      var _ = sorted.awaitNanos(ENDED_NANOS);
    } catch (InterruptedException e) {
      // Nobody has this thread to interrupt it.
      throw new IllegalStateException(e);
    }
  }

  /** Says which segments there are when the journal has been opened. */
  public void segments(List<JournalSegment> full, JournalSegment written) {
    lock.lock();
    try {
      List<JournalSegment> all = joined(sealed, full);
      current = open(written.sequence(), written.bytes(), written.first());
      sealed = all;
    } finally {
      lock.unlock();
    }
  }

  /** The journal begins to write a segment: the one before is sealed. */
  public void begun(long sequence, long bytes, long first) {
    lock.lock();
    try {
      JournalSegment before = current;
      List<JournalSegment> full =
          before == null
              ? sealed
              : joined(
                  sealed,
                  List.of(
                      new JournalSegment(
                          before.sequence(), before.bytes(), before.first(), first - 1)));
      current = open(sequence, bytes, first);
      sealed = full;
    } finally {
      lock.unlock();
    }
  }

  /** The segment that is written: it ends where a reader says. */
  private static JournalSegment open(long sequence, long bytes, long first) {
    return new JournalSegment(sequence, bytes, first, Long.MAX_VALUE);
  }

  /** The sealed segment to be sorted next, or null. */
  @Nullable JournalSegment nextSealed() {
    lock.lock();
    try {
      return sealed.isEmpty() ? null : sealed.getFirst();
    } finally {
      lock.unlock();
    }
  }

  /** How many sealed segments wait to be sorted. */
  public int waiting() {
    lock.lock();
    try {
      return sealed.size();
    } finally {
      lock.unlock();
    }
  }

  List<SortedFile> runs() {
    lock.lock();
    try {
      return runs;
    } finally {
      lock.unlock();
    }
  }

  @Nullable SortedFile base(int shard) {
    lock.lock();
    try {
      return bases[shard];
    } finally {
      lock.unlock();
    }
  }

  /** The bytes of all bases. */
  long baseBytes() {
    lock.lock();
    try {
      long bytes = 0;
      for (SortedFile base : bases) {
        bytes += base == null ? 0 : base.bytes();
      }
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  /** The bytes of all segments, the one that is written included. */
  public long segmentBytes() {
    lock.lock();
    try {
      long bytes = current == null ? 0 : current.bytes();
      for (JournalSegment segment : sealed) {
        bytes += segment.bytes();
      }
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  // ---- replacing, for the compactor; each gives the names of files that are free now

  /** The oldest sealed segment is in a run now, or null if it had nothing. */
  List<String> sorted(JournalSegment segment, @Nullable SortedFile run) {
    lock.lock();
    try {
      List<JournalSegment> left = without(sealed, List.of(segment));
      List<SortedFile> all = run == null ? runs : joined(runs, List.of(run));
      Freed freed = freed(List.of(segment.fileName()));

      sealed = left;
      runs = all;
      covered = freed.covered;
      sortedOne.signalAll();
      return freed.names;
    } finally {
      lock.unlock();
    }
  }

  /** A merge begins to make the run of this name, or what it left of it is gone for ever. */
  void merging(@Nullable String name) {
    lock.lock();
    try {
      merging = name;
    } finally {
      lock.unlock();
    }
  }

  /** The run that a merge began to make and that never came into the list, or null. */
  @Nullable String merging() {
    lock.lock();
    try {
      return merging;
    } finally {
      lock.unlock();
    }
  }

  /** Neighbouring runs are one now. */
  List<String> merged(List<SortedFile> old, SortedFile run) {
    lock.lock();
    try {
      List<SortedFile> all = new ArrayList<>(without(runs, old));
      all.add(runs.indexOf(old.getFirst()), run);
      List<SortedFile> newer = Collections.unmodifiableList(all);
      Freed freed = freed(names(old));

      runs = newer;
      covered = freed.covered;
      merging = null;
      return freed.names;
    } finally {
      lock.unlock();
    }
  }

  /** The shard has a newer base, and runs that all bases cover are gone. */
  List<String> folded(int shard, SortedFile base) {
    lock.lock();
    try {
      List<SortedFile> old = new ArrayList<>();
      SortedFile before = bases[shard];
      if (before != null) {
        old.add(before);
      }
      @Nullable SortedFile[] newer = bases.clone();
      newer[shard] = base;
      long all = Inventory.lowest(newer);
      for (SortedFile run : runs) {
        if (run.last() <= all) {
          old.add(run);
        }
      }
      List<SortedFile> left = without(runs, old);
      Freed freed = freed(names(old));

      bases = newer;
      runs = left;
      covered = freed.covered;
      return freed.names;
    } finally {
      lock.unlock();
    }
  }

  private static <T> List<T> joined(List<T> some, List<T> more) {
    List<T> all = new ArrayList<>(some);
    all.addAll(more);
    return Collections.unmodifiableList(all);
  }

  private static <T> List<T> without(List<T> all, List<T> some) {
    List<T> left = new ArrayList<>(all);
    left.removeAll(some);
    return Collections.unmodifiableList(left);
  }

  private static List<String> names(List<SortedFile> files) {
    return files.stream().map(SortedFile::name).toList();
  }

  /** Files that others cover: which of some nobody reads, and all that somebody reads. */
  private record Freed(List<String> names, Set<String> covered) {}

  private Freed freed(List<String> names) {
    List<String> free = new ArrayList<>();
    Set<String> held = new HashSet<>(covered);
    for (String name : names) {
      if (pins.containsKey(name)) {
        held.add(name);
      } else {
        free.add(name);
      }
    }
    return new Freed(free, held);
  }

  // ---- readers

  /** Holds all files as they are now. */
  public Pinned pin() {
    lock.lock();
    try {
      List<JournalSegment> segments = new ArrayList<>(sealed);
      if (current != null) {
        segments.add(current);
      }
      Pinned pinned = new Pinned(this, runs, bases.clone(), segments);
      for (String name : pinned.names()) {
        pins.merge(name, 1, Integer::sum);
      }
      return pinned;
    } finally {
      lock.unlock();
    }
  }

  /** A file that nobody needs and that could not be deleted when that was found out; or null. */
  @Nullable String nextUndeleted() {
    return undeleted.poll();
  }

  private List<String> unpin(Pinned pinned) {
    lock.lock();
    try {
      List<String> free = new ArrayList<>();
      for (String name : pinned.names()) {
        if (pins.merge(name, -1, Integer::sum) == 0) {
          pins.remove(name);
          if (covered.remove(name)) {
            free.add(name);
          }
        }
      }
      return free;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Files that are held.
   *
   * @param runs in the order of their numbers
   * @param bases by shard; null where there is none
   * @param segments in order; the last one is being written, and ends where one asks
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Pinned(
      FileSet set,
      List<SortedFile> runs,
      @Nullable SortedFile[] bases,
      List<JournalSegment> segments)
      implements AutoCloseable {
    @Nullable SortedFile base(int shard) {
      return bases[shard];
    }

    /** The runs and bases. */
    List<SortedFile> sortedFiles() {
      List<SortedFile> all = new ArrayList<>(runs);
      for (SortedFile base : bases) {
        if (base != null) {
          all.add(base);
        }
      }
      return all;
    }

    /** The names of the runs and bases. */
    public List<String> sortedNames() {
      return sortedFiles().stream().map(SortedFile::name).toList();
    }

    /** The bytes of the runs and bases. */
    public long sortedBytes() {
      return sortedFiles().stream().mapToLong(SortedFile::bytes).sum();
    }

    /** The first commit from which on all states of all shards are whole. */
    public long oldest() {
      long oldest = 0;
      for (int shard = 0; shard < FileTail.SHARDS; shard++) {
        oldest = Math.max(oldest, oldest(shard));
      }
      return oldest;
    }

    /** The first commit from which on all states of the shard are whole. */
    long oldest(int shard) {
      SortedFile base = bases[shard];
      long oldest = base == null ? 0 : base.last();
      for (SortedFile run : runs) {
        if (run.isThinned()) {
          oldest = Math.max(oldest, run.head().oldest());
        }
      }
      return oldest;
    }

    private List<String> names() {
      List<String> names = new ArrayList<>(FileSet.names(runs));
      Arrays.stream(bases)
          .forEach(base -> {
            if (base != null) {
              names.add(base.name());
            }
          });
      segments.forEach(segment -> names.add(segment.fileName()));
      return names;
    }

    /** What was covered meanwhile goes now, or when compaction tries again. */
    @Override
    public void close() {
      for (String name : set.unpin(this)) {
        try {
          set.disk.delete(name);
        } catch (IOException e) {
          set.undeleted.add(name);
        }
      }
    }
  }
}
