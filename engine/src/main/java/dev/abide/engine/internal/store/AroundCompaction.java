package dev.abide.engine.internal.store;

import dev.abide.engine.internal.compaction.Surroundings;
import dev.abide.engine.internal.journal.Journal;
import dev.abide.engine.internal.journal.JournalSegment;
import dev.abide.engine.internal.observe.CommitMeter;
import dev.abide.engine.internal.store.chronicle.AppliedMark;
import dev.abide.engine.internal.store.chronicle.ChronicleStore;
import java.util.function.BiConsumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What compaction asks of journal and maps, and tells them. The thread of compaction, if not said.
 */
final class AroundCompaction implements Surroundings {
  private final Journal journal;
  private final ChronicleStore maps;
  private final CommitMeter meter;
  private final LongPredicate room;
  private final BiConsumer<String, @Nullable Throwable> notice;

  /** Live bytes of what the maps had already when they were opened. */
  private final long liveBefore;

  /** All commits up to here are in the maps, as who waited for them knows; only grows. */
  private volatile long appliedTo;

  private @Nullable AppliedMark mark;
  private long reached;
  private long corrected;

  AroundCompaction(
      Journal journal,
      ChronicleStore maps,
      long liveBefore,
      CommitMeter meter,
      LongPredicate room,
      BiConsumer<String, @Nullable Throwable> notice) {
    this.journal = journal;
    this.maps = maps;
    this.liveBefore = liveBefore;
    this.meter = meter;
    this.room = room;
    this.notice = notice;
  }

  /** Somebody has waited until all up to there was in the maps; any thread. */
  void appliedTo(long number) {
    appliedTo = number;
  }

  @Override
  public void sorted() {
    journal.sorted();
  }

  @Override
  public boolean recycle(JournalSegment segment) {
    return journal.recycle(segment);
  }

  @Override
  public boolean applied(long number) {
    if (number <= appliedTo) {
      return true;
    }
    if (reached < number && maps.ready()) {
      AppliedMark set = mark == null ? maps.mark() : mark;
      mark = set.isReached() ? null : set;
      reached = mark == null ? Math.max(reached, set.number()) : reached;
    }
    return reached >= number;
  }

  @Override
  public long liveBytes() {
    return liveBefore + maps.liveBytes() + corrected;
  }

  @Override
  public void correctLiveBytes(long difference) {
    corrected += difference;
  }

  @Override
  public boolean hasRoom(long bytes) {
    return room.test(bytes);
  }

  @Override
  public void droppingForSpace() {
    meter.droppingForSpace();
  }

  @Override
  public void notice(String what, @Nullable Throwable cause) {
    notice.accept(what, cause);
  }

  @Override
  public void unreadable(Throwable cause) {
    journal.end(cause);
  }
}
