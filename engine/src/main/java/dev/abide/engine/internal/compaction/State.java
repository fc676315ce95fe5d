package dev.abide.engine.internal.compaction;

import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.journal.Identity;
import dev.abide.engine.internal.journal.JournalSegment;
import dev.abide.engine.internal.store.ObjectName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the objects of a shard held after a commit: by hash, object and key, lazily. A pure function
 * of files; the base, the runs behind it and the segments behind them, newest wins. The heap holds
 * a block of each file and one value; what of the shard is in segments lies outside the heap.
 *
 * <p>One thread, from the open to the close.
 */
public final class State implements AutoCloseable {
  private final Survivors records;
  private final FileSet.@Nullable Pinned pinned;
  private @Nullable ObjectKey object;
  private @Nullable ObjectName name;

  private State(Survivors records, FileSet.@Nullable Pinned pinned) {
    this.records = records;
    this.pinned = pinned;
  }

  /**
   * Opens the state of a shard.
   *
   * @param files the directory's files; those that are needed stay until the close
   * @param number the last commit that is seen; it must be durable
   * @throws IllegalArgumentException if what is needed of the past was dropped
   */
  public static State open(FileSet files, int shard, long number) throws IOException {
    return open(files, shard, number, (high, _) -> ObjectKey.shard(high) == shard);
  }

  static State open(FileSet files, int shard, long number, SegmentSorter.Filter filter)
      throws IOException {
    FileSet.Pinned pinned = files.pin();
    try {
      return new State(
          new Survivors(new MergeCursor(cursors(pinned, shard, number, filter))), pinned);
    } catch (IOException | RuntimeException | Error e) {
      pinned.close();
      throw e;
    }
  }

  /**
   * What commits have changed behind one number and up to another, as far as later ones among them
   * have not changed it again: to be read by {@link #nextChange}.
   */
  public static State changes(FileSet files, int shard, long above, long number)
      throws IOException {
    FileSet.Pinned pinned = files.pin();
    List<Cursor> all = new ArrayList<>();
    try {
      Row.check(above, pinned.runs(), pinned.segments(), number);
      for (SortedFile run : pinned.runs()) {
        if (run.first() <= number && run.last() > above) {
          all.add(new BoundedCursor(run.shard(files.disk(), shard), above, number));
        }
      }
      for (JournalSegment segment : pinned.segments()) {
        long upTo = Math.min(segment.last(), number);
        if (segment.first() <= upTo && upTo > above) {
          SegmentSorter.Filter own = (high, _) -> ObjectKey.shard(high) == shard;
          all.add(
              SegmentSorter.read(files.disk(), files.identity(), segment, above, upTo, own)
                  .cursor());
        }
      }
      return new State(new Survivors(new MergeCursor(all)), pinned);
    } catch (IOException | RuntimeException | Error e) {
      MergeCursor.closeAll(all);
      pinned.close();
      throw e;
    }
  }

  /** The state of a shard from files that the caller holds until the close. */
  static State of(FileSet.Pinned pinned, int shard, long number) throws IOException {
    List<Cursor> all = cursors(pinned, shard, number, (high, _) -> ObjectKey.shard(high) == shard);
    return new State(new Survivors(new MergeCursor(all)), null);
  }

  private static List<Cursor> cursors(
      FileSet.Pinned pinned, int shard, long number, SegmentSorter.Filter filter)
      throws IOException {
    refuseDropped(pinned, shard, number);
    SortedFile base = pinned.base(shard);
    Row.check(base == null ? 0 : base.last(), pinned.runs(), pinned.segments(), number);
    FileSet files = pinned.set();
    List<Cursor> all = sorted(files.disk(), base, pinned.runs(), shard, number);
    try {
      addTail(files.disk(), files.identity(), pinned, shard, number, filter, all);
      return all;
    } catch (IOException | RuntimeException | Error e) {
      MergeCursor.closeAll(all);
      throw e;
    }
  }

  /** The state of one object, from files that the caller holds until the close. */
  static State of(FileSet.Pinned pinned, ObjectKey object, long number) throws IOException {
    refuseDropped(pinned, object.shard(), number);
    SortedFile base = pinned.base(object.shard());
    Cursor records = records(pinned, object, base == null ? 0 : base.last(), number);
    return new State(new Survivors(records), null);
  }

  /**
   * All records that the files have of one object, and of those with its hash.
   *
   * @param above of runs and segments only later commits; the base is read as a whole
   */
  static Cursor records(FileSet.Pinned pinned, ObjectKey object, long above, long number)
      throws IOException {
    Row.check(above, pinned.runs(), pinned.segments(), number);
    Disk disk = pinned.set().disk();
    List<Cursor> all = new ArrayList<>();
    try {
      SortedFile base = pinned.base(object.shard());
      if (base != null) {
        all.add(base.object(disk, object));
      }
      for (SortedFile run : pinned.runs()) {
        if (run.first() <= number && run.last() > above) {
          all.add(new BoundedCursor(run.object(disk, object), above, number));
        }
      }
      addTail(
          disk,
          pinned.set().identity(),
          pinned,
          object.shard(),
          number,
          (high, low) -> high == object.hashHigh && low == object.hashLow,
          all);
      return new MergeCursor(all);
    } catch (IOException | RuntimeException | Error e) {
      MergeCursor.closeAll(all);
      throw e;
    }
  }

  private static void refuseDropped(FileSet.Pinned pinned, int shard, long number) {
    if (number < pinned.oldest(shard)) {
      throw new IllegalArgumentException(
          "the state after commit "
              + number
              + " was dropped; the oldest one that is kept is that after commit "
              + pinned.oldest(shard));
    }
  }

  /** The state of a shard from a base and runs that nobody removes meanwhile. */
  static State of(
      Disk disk, @Nullable SortedFile base, List<SortedFile> runs, int shard, long number)
      throws IOException {
    List<Cursor> all = sorted(disk, base, runs, shard, number);
    return new State(new Survivors(new MergeCursor(all)), null);
  }

  private static List<Cursor> sorted(
      Disk disk, @Nullable SortedFile base, List<SortedFile> runs, int shard, long number)
      throws IOException {
    List<Cursor> all = new ArrayList<>();
    try {
      if (base != null) {
        all.add(base.shard(disk, shard));
      }
      long above = base == null ? 0 : base.last();
      for (SortedFile run : runs) {
        if (run.first() <= number && run.last() > above) {
          all.add(new BoundedCursor(run.shard(disk, shard), above, number));
        }
      }
      return all;
    } catch (IOException | RuntimeException | Error e) {
      MergeCursor.closeAll(all);
      throw e;
    }
  }

  private static void addTail(
      Disk disk,
      Identity identity,
      FileSet.Pinned pinned,
      int shard,
      long number,
      SegmentSorter.Filter filter,
      List<Cursor> all)
      throws IOException {
    SortedFile base = pinned.base(shard);
    long above = base == null ? 0 : base.last();
    for (JournalSegment segment : pinned.segments()) {
      long upTo = Math.min(segment.last(), number);
      if (segment.first() <= upTo) {
        all.add(SegmentSorter.read(disk, identity, segment, above, upTo, filter).cursor());
      }
    }
  }

  /** Goes to the next entry, the first one to begin with; false if there is none. */
  public boolean next() throws IOException {
    while (records.next()) {
      if (!records.isRange() && records.content() != null) {
        return true;
      }
    }
    return false;
  }

  /** Goes to the next change, deletions and cleared ranges among them; false if there is none. */
  public boolean nextChange() throws IOException {
    return records.next();
  }

  /** Whether a range is cleared, from the key to {@link #content}. */
  public boolean isRange() {
    return records.isRange();
  }

  /** The value, null of a deletion; of a range its end, null if it has none. */
  public byte @Nullable [] content() {
    return records.content();
  }

  /** The object that the entry belongs to. */
  public ObjectName object() {
    if (name == null || !objectKey().equals(object)) {
      object = objectKey();
      name = object.name();
    }
    return name;
  }

  ObjectKey objectKey() {
    return records.object();
  }

  /** The entry's key. */
  public byte[] key() {
    return records.key();
  }

  /** The entry's value. */
  public byte[] value() {
    return Objects.requireNonNull(records.content());
  }

  /** The commit that wrote the entry. */
  public long number() {
    return records.number();
  }

  @Override
  public void close() throws IOException {
    try {
      records.close();
    } finally {
      if (pinned != null) {
        pinned.close();
      }
    }
  }
}
