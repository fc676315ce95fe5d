package dev.abide.engine.internal.compaction;

import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.journal.CommitFields;
import dev.abide.engine.internal.journal.JournalSegment;
import dev.abide.engine.internal.journal.SegmentScan;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From instants to commits and back, in files that the caller holds. Times are milliseconds of the
 * calendar of the machine that wrote them; they never go back from one commit to the next.
 *
 * @param files held by the caller
 * @param last the last commit that counts
 * @param clock the machine's calendar: of times ahead of it nothing is known
 */
public record Moments(FileSet.Pinned files, long last, InstantSource clock) {
  /** So far the calendar may be behind times that were right. */
  private static final long AHEAD_MS = 60_000;

  /** By the machine's calendar. */
  public Moments(FileSet.Pinned files, long last) {
    this(files, last, InstantSource.system());
  }

  /** A commit and its time. */
  public record Moment(long number, long timeMs) {}

  /**
   * The last commit at or before the instant; 0 if there was none yet.
   *
   * @throws IllegalArgumentException if what was then is no longer kept, or is not known because
   *     the next commits have times that the calendar has not reached
   */
  public long numberAt(Instant when) throws IOException {
    long whenMs = millis(when);
    Disk disk = files.set().disk();
    TimeLine.Found found = TimeLine.Found.NOTHING;
    List<JournalSegment> segments = files.segments();
    for (int i = segments.size() - 1; i >= 0 && found.number() == 0; i--) {
      found = inSegment(segments.get(i), whenMs).or(found);
    }
    List<SortedFile> runs = files.runs();
    for (int i = runs.size() - 1; i >= 0 && found.number() == 0; i--) {
      found = TimeLine.find(runs.get(i).times(disk), whenMs).or(found);
    }
    if (found.number() == 0) {
      SortedFile base = newestBase();
      if (base != null && base.tail().time() <= whenMs) {
        found = new TimeLine.Found(base.last(), base.tail().time(), found.nextTime());
      }
    }
    long number = within(found.number(), when);
    refuseUnknown(found, whenMs);
    return number;
  }

  /** Beyond the years that milliseconds can count there is nothing. */
  private static long millis(Instant when) {
    try {
      return when.toEpochMilli();
    } catch (ArithmeticException e) {
      return when.isAfter(Instant.EPOCH) ? Long.MAX_VALUE : Long.MIN_VALUE;
    }
  }

  /** A calendar that was ahead gave times from which no commit can be told to be later. */
  private void refuseUnknown(TimeLine.Found found, long whenMs) {
    long now = clock.millis();
    if (whenMs > found.time() && found.nextTime() - AHEAD_MS > now) {
      throw new IllegalArgumentException(
          "the commits behind %d have times from %s on, and this machine's clock says %s: one of them is wrong, so what was stored between %s and now is not known by its time. Ask for a commit by its number, or for an instant that is not later than that"
              .formatted(
                  found.number(),
                  Instant.ofEpochMilli(found.nextTime()),
                  Instant.ofEpochMilli(now),
                  Instant.ofEpochMilli(found.time())));
    }
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

  private TimeLine.Found inSegment(JournalSegment segment, long whenMs) throws IOException {
    long[] found = {0, 0, 0};
    scan(
        segment,
        Math.min(segment.last(), last),
        record -> {
          long time = CommitFields.time(record, 0);
          if (time <= whenMs) {
            found[0] = CommitFields.number(record, 0);
            found[1] = time;
          } else if (found[2] == 0) {
            found[2] = time;
          }
        });
    return new TimeLine.Found(found[0], found[1], found[2]);
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
