package dev.abide.engine.internal.compaction;

import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.journal.CommitFields;
import dev.abide.engine.internal.journal.Identity;
import dev.abide.engine.internal.journal.JournalSegment;
import dev.abide.engine.internal.journal.SegmentScan;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The commits of a segment, sorted in memory outside the heap: the records as they were read, and a
 * long for each thing that they do. A segment of 64 MiB takes that much and up to 40 bytes for each
 * change and range in it.
 */
final class SegmentSorter implements AutoCloseable {
  /** Which objects are wanted. */
  @FunctionalInterface
  interface Filter {
    Filter ALL = (_, _) -> true;

    boolean wants(long hashHigh, long hashLow);
  }

  // What a commit does, in the low bits of its record's position, which is a multiple of 8.
  static final int CHANGE = 0;
  static final int RANGE = 1;
  static final int DELETION = 2;
  private static final int KIND_BITS = 7;
  private static final int SMALL = 8;

  /** The bits of a hash by which steps are distributed before they are sorted. */
  private static final int BUCKET_BITS = 11;

  /** To begin with; both grow. */
  private static final int FILTERED_BYTES = 4_096;

  private final SortMemory memory;
  private final OffHeap records;
  private final OffHeap steps;
  private final TimeLine times = new TimeLine();
  private ByteBuffer in = ByteBuffer.allocate(0);

  /** The first record's hash, and in which bits others differ from it. */
  private long hash;

  private long differing;

  private SegmentSorter(SortMemory memory) {
    this.memory = memory;
    records = memory.records();
    steps = memory.steps();
  }

  /**
   * Reads commits of a segment and sorts them, in memory of its own.
   *
   * @param above only later commits are taken
   * @param upTo the last commit to be read, which must be durable
   */
  static SegmentSorter read(
      Disk disk, Identity identity, JournalSegment segment, long above, long upTo, Filter filter)
      throws IOException {
    return read(disk, identity, segment, above, upTo, filter, new SortMemory(FILTERED_BYTES));
  }

  /**
   * Reads all commits of a segment and sorts them.
   *
   * @param memory is closed by closing what this returns, unless it is shared
   */
  static SegmentSorter read(Disk disk, Identity identity, JournalSegment segment, SortMemory memory)
      throws IOException {
    return read(disk, identity, segment, 0, segment.last(), Filter.ALL, memory);
  }

  private static SegmentSorter read(
      Disk disk,
      Identity identity,
      JournalSegment segment,
      long above,
      long upTo,
      Filter filter,
      SortMemory memory)
      throws IOException {
    SegmentSorter sorter = new SegmentSorter(memory);
    try {
      SegmentScan.read(
          disk,
          identity,
          segment.sequence(),
          segment.first(),
          upTo,
          record -> sorter.take(record, above, filter));
      sorter.sort();
      return sorter;
    } catch (IOException | RuntimeException | Error e) {
      sorter.close();
      throw e;
    }
  }

  /** How many changes and ranges there are. */
  long count() {
    return steps.used() / Long.BYTES;
  }

  TimeLine times() {
    return times;
  }

  /** Reads what was sorted; closing the cursor closes this. */
  Cursor cursor() {
    return new SegmentCursor(this);
  }

  private void take(ByteBuffer record, long above, Filter filter) {
    long number = CommitFields.number(record, 0);
    times.add(CommitFields.time(record, 0), number);
    if (number <= above
        || !filter.wants(CommitFields.hashHigh(record, 0), CommitFields.hashLow(record, 0))) {
      return;
    }
    if (count() == 0) {
      hash = CommitFields.hashHigh(record, 0);
    }
    differing |= CommitFields.hashHigh(record, 0) ^ hash;
    int at = Math.toIntExact(records.take(record.remaining()));
    MemorySegment.copy(MemorySegment.ofBuffer(record), 0, records.memory(), at, record.remaining());
    CommitFields.visit(
        record,
        0,
        new CommitFields.Visitor() {
          @Override
          public void deleted() {
            step(at, DELETION, 0);
          }

          @Override
          public void cleared(int keyAt) {
            step(at, RANGE, at + keyAt);
          }

          @Override
          public void changed(int keyAt) {
            step(at, CHANGE, at + keyAt);
          }
        });
  }

  private void step(int record, int kind, int key) {
    long at = steps.take(Long.BYTES);
    steps.memory().set(ValueLayout.JAVA_LONG, at, ((long) (record | kind) << 32) | key);
  }

  // ---- a step's parts

  long step(long n) {
    return steps.memory().getAtIndex(ValueLayout.JAVA_LONG, n);
  }

  static int kind(long step) {
    return (int) (step >>> 32) & KIND_BITS;
  }

  static int record(long step) {
    return (int) (step >>> 32) & ~KIND_BITS;
  }

  long number(long step) {
    return CommitFields.number(in, record(step));
  }

  ObjectKey object(long step) {
    int at = record(step);
    return new ObjectKey(
        CommitFields.hashHigh(in, at),
        CommitFields.hashLow(in, at),
        CommitFields.type(in, at),
        CommitFields.id(in, at));
  }

  byte[] key(long step) {
    byte[] key = new byte[keyBytes(step)];
    in.get((int) step + Integer.BYTES, key);
    return key;
  }

  /** The length of what stands behind the key; negative if nothing does. */
  int contentBytes(long step) {
    return kind(step) == DELETION ? -1 : in.getInt(contentAt(step));
  }

  byte[] content(long step, int bytes) {
    byte[] content = new byte[bytes];
    in.get(contentAt(step) + Integer.BYTES, content);
    return content;
  }

  private int contentAt(long step) {
    return (int) step + Integer.BYTES + keyBytes(step);
  }

  private int keyBytes(long step) {
    return kind(step) == DELETION ? 0 : in.getInt((int) step);
  }

  // ---- the order

  private void sort() {
    in = records.memory().asSlice(0, records.used()).asByteBuffer();
    MemorySegment all = steps.memory();
    MemorySegment scratch = memory.scratch(steps.used());
    int[] ends = distribute(all, scratch);
    int from = 0;
    for (int to : ends) {
      sort(all, scratch, from, to);
      from = to;
    }
  }

  /**
   * Puts the steps into buckets by the first bits in which hashes differ, each in the order in
   * which it was read: of what many objects did most comparisons are saved, and those that are left
   * are of neighbours in memory.
   *
   * @return where the buckets end
   */
  private int[] distribute(MemorySegment all, MemorySegment scratch) {
    int count = Math.toIntExact(count());
    int alike = Long.numberOfLeadingZeros(differing);
    if (alike > Long.SIZE - BUCKET_BITS) {
      return new int[] {count};
    }
    int[] ends = new int[1 << BUCKET_BITS];
    for (int n = 0; n < count; n++) {
      ends[bucket(step(n), alike)]++;
    }
    int sum = 0;
    for (int bucket = 0; bucket < ends.length; bucket++) {
      int steps = ends[bucket];
      ends[bucket] = sum;
      sum += steps;
    }
    for (int n = 0; n < count; n++) {
      long step = step(n);
      scratch.setAtIndex(ValueLayout.JAVA_LONG, ends[bucket(step, alike)]++, step);
    }
    MemorySegment.copy(scratch, 0, all, 0, (long) count * Long.BYTES);
    return ends;
  }

  private int bucket(long step, int alike) {
    return (int) (CommitFields.hashHigh(in, record(step)) << alike >>> (Long.SIZE - BUCKET_BITS));
  }

  /**
   * Merges halves. What one key went through comes oldest first and is wanted newest first: such
   * pieces are turned over and change places, without a comparison of each with each.
   */
  private void sort(MemorySegment all, MemorySegment scratch, long from, long to) {
    if (to - from <= SMALL) {
      insert(all, from, to);
      return;
    }
    long middle = (from + to) >>> 1;
    sort(all, scratch, from, middle);
    sort(all, scratch, middle, to);
    if (compare(step(middle - 1), step(middle)) <= 0) {
      return;
    }
    long left = middle - from;
    MemorySegment.copy(all, from * Long.BYTES, scratch, 0, left * Long.BYTES);
    if (compare(step(to - 1), step(from)) < 0) {
      long right = to - middle;
      MemorySegment.copy(all, middle * Long.BYTES, all, from * Long.BYTES, right * Long.BYTES);
      MemorySegment.copy(scratch, 0, all, (from + right) * Long.BYTES, left * Long.BYTES);
      return;
    }
    long i = 0;
    long k = middle;
    for (long at = from; i < left; at++) {
      long first = scratch.getAtIndex(ValueLayout.JAVA_LONG, i);
      if (k < to && compare(step(k), first) < 0) {
        all.setAtIndex(ValueLayout.JAVA_LONG, at, step(k++));
      } else {
        all.setAtIndex(ValueLayout.JAVA_LONG, at, first);
        i++;
      }
    }
  }

  private void insert(MemorySegment all, long from, long to) {
    long sorted = from + 1;
    while (sorted < to && compare(step(sorted - 1), step(sorted)) > 0) {
      sorted++;
    }
    for (long low = from, high = sorted - 1; low < high; low++, high--) {
      long swapped = step(low);
      all.setAtIndex(ValueLayout.JAVA_LONG, low, step(high));
      all.setAtIndex(ValueLayout.JAVA_LONG, high, swapped);
    }
    for (long i = sorted; i < to; i++) {
      long moving = step(i);
      long at = i;
      for (; at > from && compare(step(at - 1), moving) > 0; at--) {
        all.setAtIndex(ValueLayout.JAVA_LONG, at, step(at - 1));
      }
      all.setAtIndex(ValueLayout.JAVA_LONG, at, moving);
    }
  }

  private int compare(long a, long b) {
    int one = record(a);
    int other = record(b);
    int order =
        Long.compareUnsigned(CommitFields.hashHigh(in, one), CommitFields.hashHigh(in, other));
    if (order == 0) {
      order = Long.compareUnsigned(CommitFields.hashLow(in, one), CommitFields.hashLow(in, other));
    }
    if (order == 0 && !sameObject(one, other)) {
      order = compareNames(one, other);
    }
    if (order == 0) {
      order =
          compareBytes((int) a + Integer.BYTES, keyBytes(a), (int) b + Integer.BYTES, keyBytes(b));
    }
    if (order == 0) {
      order = Long.compare(number(b), number(a));
    }
    if (order == 0) {
      order = Integer.compare(kind(a), kind(b));
    }
    return order != 0 || kind(a) != RANGE ? order : compareEnds(a, b);
  }

  /** Of equal hashes nearly all are of one object, and its names stand in one piece. */
  boolean sameObject(int one, int other) {
    if (one == other) {
      return true;
    }
    int from = CommitFields.namesAt(one);
    long bytes = CommitFields.namesEnd(in, one) - (long) from;
    int otherFrom = CommitFields.namesAt(other);
    MemorySegment all = records.memory();
    return bytes == CommitFields.namesEnd(in, other) - (long) otherFrom
        && MemorySegment.mismatch(all, from, from + bytes, all, otherFrom, otherFrom + bytes) < 0;
  }

  private int compareNames(int one, int other) {
    int order = Arrays.compareUnsigned(CommitFields.type(in, one), CommitFields.type(in, other));
    return order != 0
        ? order
        : Arrays.compareUnsigned(CommitFields.id(in, one), CommitFields.id(in, other));
  }

  /** Of two ranges of a commit that begin with the same key the wider one comes first. */
  private int compareEnds(long a, long b) {
    int one = contentBytes(a);
    int other = contentBytes(b);
    if (one < 0 || other < 0) {
      return Integer.compare(one < 0 ? 0 : 1, other < 0 ? 0 : 1);
    }
    return compareBytes(contentAt(b) + Integer.BYTES, other, contentAt(a) + Integer.BYTES, one);
  }

  private int compareBytes(int a, int aBytes, int b, int bBytes) {
    MemorySegment memory = records.memory();
    long at = MemorySegment.mismatch(memory, a, (long) a + aBytes, memory, b, (long) b + bBytes);
    if (at < 0 || at >= Math.min(aBytes, bBytes)) {
      return Integer.compare(aBytes, bBytes);
    }
    return Byte.compareUnsigned(
        memory.get(ValueLayout.JAVA_BYTE, a + at), memory.get(ValueLayout.JAVA_BYTE, b + at));
  }

  @Override
  public void close() {
    memory.release();
  }
}
