package dev.abide.engine.internal.compaction;

import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.journal.CommitFields;
import dev.abide.engine.internal.journal.JournalSegment;
import dev.abide.engine.internal.journal.SegmentScan;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From instants to commits and back, in files that the caller holds. Times are milliseconds of the
 * calendar of the machine that wrote them; they never go back from one commit to the next.
 *
 * @param files held by the caller
 * @param last the last commit that counts
 */
public record Moments(FileSet.Pinned files, long last) {
  /** A commit and its time. */
  public record Moment(long number, long timeMs) {}

  /**
   * The last commit at or before the instant; 0 if there was none yet.
   *
   * @throws IllegalArgumentException if what was then is no longer kept
   */
  public long numberAt(Instant when) throws IOException {
    long whenMs = when.toEpochMilli();
    Disk disk = files.set().disk();
    List<JournalSegment> segments = files.segments();
    for (int i = segments.size() - 1; i >= 0; i--) {
      long found = inSegment(segments.get(i), whenMs);
      if (found > 0) {
        return found;
      }
    }
    List<SortedFile> runs = files.runs();
    for (int i = runs.size() - 1; i >= 0; i--) {
      long found = TimeLine.numberAt(runs.get(i).times(disk), whenMs);
      if (found > 0) {
        return within(found, when);
      }
    }
    SortedFile base = newestBase();
    long number = base == null || base.tail().time() > whenMs ? 0 : base.last();
    return within(number, when);
  }

  private long within(long number, Instant when) throws IOException {
    long oldest = files.oldest();
    if (number < oldest) {
      throw new IllegalArgumentException(
          "what was stored at "
              + when
              + " was dropped; the oldest state that is kept is that of "
              + Instant.ofEpochMilli(timeOf(oldest))
              + ", after commit "
              + oldest);
    }
    return number;
  }

  /** The time of a commit that is kept, in milliseconds; 0 for number 0. */
  public long timeOf(long number) throws IOException {
    for (SortedFile run : files.runs()) {
      if (run.first() <= number && number <= run.last()) {
        return TimeLine.timeOf(run.times(files.set().disk()), number);
      }
    }
    for (JournalSegment segment : files.segments()) {
      if (segment.first() <= number && number <= Math.min(segment.last(), last)) {
        return timeIn(segment, number);
      }
    }
    SortedFile base = newestBase();
    return base == null || number == 0 ? 0 : base.tail().time();
  }

  /** The last commit there is. */
  public Moment newest() throws IOException {
    return new Moment(last, timeOf(last));
  }

  /** The first commit after which the state can be had; number 0 where nothing was dropped. */
  public Moment oldest() throws IOException {
    long number = files.oldest();
    return new Moment(number, timeOf(number));
  }

  private @Nullable SortedFile newestBase() {
    SortedFile newest = null;
    for (SortedFile base : files.bases()) {
      if (base != null && (newest == null || base.last() > newest.last())) {
        newest = base;
      }
    }
    return newest;
  }

  private long inSegment(JournalSegment segment, long whenMs) throws IOException {
    long[] found = {0};
    scan(
        segment,
        Math.min(segment.last(), last),
        record -> {
          if (CommitFields.time(record, 0) <= whenMs) {
            found[0] = CommitFields.number(record, 0);
          }
        });
    return found[0];
  }

  private long timeIn(JournalSegment segment, long number) throws IOException {
    long[] found = {0};
    scan(segment, number, record -> found[0] = CommitFields.time(record, 0));
    return found[0];
  }

  private void scan(JournalSegment segment, long upTo, SegmentScan.Sink sink) throws IOException {
    if (segment.first() <= upTo) {
      FileSet set = files.set();
      SegmentScan.read(set.disk(), set.identity(), segment.sequence(), segment.first(), upTo, sink);
    }
  }
}
