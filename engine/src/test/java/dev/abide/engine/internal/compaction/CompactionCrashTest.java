package dev.abide.engine.internal.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.internal.disk.CrashingDisk;
import dev.abide.engine.internal.disk.MemoryDisk;
import dev.abide.engine.internal.journal.Journal;
import dev.abide.engine.internal.journal.JournalSegment;
import java.io.IOException;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The power goes at every single change that an open, its sorts, a merge and a fold make on the
 * disk, where sorted segments are deleted; of what was not synced any part is lost. Every state
 * that was kept is there afterwards, and it is the model's. Every other time the process only ends
 * there, and the power goes after the next open.
 */
@Timeout(1_200)
final class CompactionCrashTest {
  @Test
  void everyCrashPointLeavesEveryKeptState() throws IOException {
    long seed = Long.getLong("abide.seed", System.nanoTime());
    System.out.println("CompactionCrashTest -Dabide.seed=" + seed);
    MemoryDisk before = new MemoryDisk();
    History history = new History(before, seed);
    while (history.files.waiting() < 6) {
      history.commit();
    }
    history.journal.awaitDurable(history.journal.last());
    history.close();
    int points = 0;
    for (boolean more = true; more; points++) {
      more = crash(history, before, points + 1, seed);
    }
    System.out.println(points + " crash points");
    assertThat(points).isGreaterThan(100);
  }

  /** Whether the work met the crash point; if not, there are no more. */
  private static boolean crash(History history, MemoryDisk before, int point, long seed)
      throws IOException {
    Random random = new Random(seed + point);
    MemoryDisk disk = before.copy();
    CrashingDisk crashing = new CrashingDisk(disk, point, random.nextBoolean());
    boolean crashed = false;
    try {
      work(crashing);
    } catch (IOException e) {
      assertThat(crashing.crashed()).as("%s", e).isTrue();
      crashed = true;
    }
    if (random.nextBoolean()) {
      // Killed first, and opened again: what was renamed and not synced is there, for now.
      removeUseless(FileSet.open(disk, History.IDENTITY));
    }
    disk.powerLoss(random);
    History after = new History(disk, random, history.commits);
    assertThat(after.journal.last())
        .as("point %s, seed %s", point, seed)
        .isEqualTo(history.commits.size());
    after.check();
    // It goes on: what was half done is done, and said again.
    after.nowMs = Long.MAX_VALUE / 2;
    after.compactor.fold(Pace.FREE);
    after.check();
    after.close();
    return crashed;
  }

  private static void removeUseless(FileSet files) throws IOException {
    files.removeUnfinished((what, cause) -> {});
    files.removeCovered((what, cause) -> {});
  }

  /** An open as after a crash, and all of compaction, on one thread. */
  private static void work(CrashingDisk disk) throws IOException {
    FileSet files = FileSet.open(disk, History.IDENTITY);
    Journal journal =
        Journal.recover(
            disk, History.IDENTITY, History.JOURNAL, files.start(), 0, _ -> {}, _ -> {});
    removeUseless(files);
    files.segments(journal.sealed(), journal.current());
    Compactor compactor =
        new Compactor(
            files,
            History.COMPACTION,
            new Applied(),
            () -> Instant.ofEpochMilli(Long.MAX_VALUE / 2));
    compactor.sort(Pace.FREE);
    compactor.sort(Pace.FREE);
    compactor.fold(Pace.FREE);
    while (compactor.sort(Pace.FREE)) {
      // All of them.
    }
    compactor.merge(Pace.FREE);
    compactor.fold(Pace.FREE);
  }

  private static final class Applied implements Surroundings {
    @Override
    public void sorted() {}

    @Override
    public boolean recycle(JournalSegment segment) {
      return false;
    }

    @Override
    public boolean applied(long number) {
      return true;
    }

    @Override
    public long liveBytes() {
      return Long.MAX_VALUE / 4;
    }

    @Override
    public void correctLiveBytes(long difference) {}

    @Override
    public void unreadable(Throwable cause) {}
  }
}
