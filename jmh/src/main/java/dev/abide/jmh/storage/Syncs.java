package dev.abide.jmh.storage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;

/**
 * The syncs of the journal, told apart by whether a sort, merge or fold was under way. Both kinds
 * come from the same run, so the load beside them is the same. Filled by one thread.
 */
final class Syncs {
  private record Span(Instant from, Instant to) {}

  private final List<Span> syncs = new ArrayList<>();

  /**
   * By their beginnings. One thread compacts, so that they only overlap where one interrupts
   * another.
   */
  private final TreeMap<Instant, Instant> compactions = new TreeMap<>();

  /** A {@code dev.abide.Commit}, which is written when its batch has been synced. */
  void synced(RecordedEvent event) {
    Instant end = event.getEndTime();
    syncs.add(new Span(end.minusNanos(event.getLong("syncNanos")), end));
  }

  /** A {@code dev.abide.Compaction}. */
  void compacted(RecordedEvent event) {
    var _ =
        compactions.merge(event.getStartTime(), event.getEndTime(), (a, b) -> a.isAfter(b) ? a : b);
  }

  Times all() {
    Times times = new Times();
    syncs.forEach(sync -> times.add(nanos(sync)));
    return times;
  }

  /**
   * @param compacting those that a compaction ran beside, or those that none did
   */
  Times those(boolean compacting) {
    List<Span> joined = joined();
    Times times = new Times();
    int at = 0;
    for (Span sync : syncs.stream().sorted(Comparator.comparing(Span::from)).toList()) {
      while (at < joined.size() && joined.get(at).to.isBefore(sync.from)) {
        at++;
      }
      boolean beside = at < joined.size() && joined.get(at).from.isBefore(sync.to);
      if (beside == compacting) {
        times.add(nanos(sync));
      }
    }
    return times;
  }

  /** A sort that interrupts a merge lies within it. */
  private List<Span> joined() {
    List<Span> joined = new ArrayList<>();
    compactions.forEach((from, to) -> {
      Span last = joined.isEmpty() ? null : joined.getLast();
      if (last == null || last.to.isBefore(from)) {
        joined.add(new Span(from, to));
      } else if (last.to.isBefore(to)) {
        joined.set(joined.size() - 1, new Span(last.from, to));
      }
    });
    return joined;
  }

  private static long nanos(Span span) {
    return Duration.between(span.from, span.to).toNanos();
  }
}
