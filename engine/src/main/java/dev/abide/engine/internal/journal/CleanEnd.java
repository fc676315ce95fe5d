package dev.abide.engine.internal.journal;

import dev.abide.engine.internal.disk.Disk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the headers say of a journal that was closed cleanly.
 *
 * @param highest the highest sequence number in use
 * @param first the number of the first commit in the segment in which the journal ends
 * @param sealed the segments before it whose commits are in no run
 */
record CleanEnd(long highest, long first, List<JournalSegment> sealed) {
  /**
   * Looks whether the journal ends where its clean close says, and deletes segments that were made
   * ahead or are in runs.
   *
   * @return null if it does not end there, or if that takes more than headers to tell
   */
  static @Nullable CleanEnd find(Disk disk, Identity identity, JournalStart start, JournalEnd end)
      throws IOException {
    TreeSet<Long> sequences = new TreeSet<>();
    for (String name : disk.list()) {
      if (SegmentHeader.sequenceOf(name) >= 0) {
        sequences.add(SegmentHeader.sequenceOf(name));
      }
    }
    if (!sequences.contains(end.sequence()) || !endsAt(disk, identity, end)) {
      return null;
    }
    List<Long> unneeded = new ArrayList<>();
    for (long later : sequences.tailSet(end.sequence(), false)) {
      if (first(disk, identity, later) != null) {
        return null;
      }
      unneeded.add(later);
    }
    Batch own = first(disk, identity, end.sequence());
    long ownFirst = own == null ? end.number() + 1 : own.first();
    List<JournalSegment> sealed = new ArrayList<>();
    long before = ownFirst;
    for (long earlier : sequences.headSet(end.sequence(), false).descendingSet()) {
      if (before == start.number() + 1) {
        // All that is in no run has been met: what this one has is in runs, or it has nothing,
        // having had no room for the first commit.
        unneeded.add(earlier);
        continue;
      }
      Batch batch = first(disk, identity, earlier);
      if (batch == null || batch.first() > before) {
        return null;
      }
      if (batch.first() <= start.number()) {
        unneeded.add(earlier);
      } else {
        sealed.addFirst(
            new JournalSegment(earlier, size(disk, earlier), batch.first(), before - 1));
        before = batch.first();
      }
    }
    if (before != start.number() + 1) {
      return null;
    }
    for (long sequence : unneeded) {
      disk.delete(SegmentHeader.fileName(sequence));
    }
    return new CleanEnd(sequences.last(), ownFirst, List.copyOf(sealed));
  }

  private static boolean endsAt(Disk disk, Identity identity, JournalEnd end) throws IOException {
    try (SegmentReader reader = reader(disk, identity, end.sequence())) {
      if (end.offset() == SegmentHeader.BYTES) {
        return end.number() == 0 && reader.read(end.offset()) == null;
      }
      Batch voucher = reader.read(end.offset() - Batch.HEADER_BYTES);
      return voucher != null
          && voucher.count() == 0
          && voucher.durable() == end.number()
          && reader.read(end.offset()) == null;
    }
  }

  private static @Nullable Batch first(Disk disk, Identity identity, long sequence)
      throws IOException {
    try (SegmentReader reader = reader(disk, identity, sequence)) {
      return reader.read(SegmentHeader.BYTES);
    }
  }

  private static SegmentReader reader(Disk disk, Identity identity, long sequence)
      throws IOException {
    SegmentHeader header = Recovery.header(disk, identity, sequence);
    return new SegmentReader(header, disk.open(SegmentHeader.fileName(sequence), false));
  }

  private static long size(Disk disk, long sequence) throws IOException {
    try (SegmentReader reader =
        new SegmentReader(
            new SegmentHeader(0, sequence, 1, null),
            disk.open(SegmentHeader.fileName(sequence), false))) {
      return reader.size;
    }
  }
}
