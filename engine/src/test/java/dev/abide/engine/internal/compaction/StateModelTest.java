package dev.abide.engine.internal.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.internal.disk.MemoryDisk;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code state(shard, n)} against a plain model, for every n, around each sort, merge and fold. */
@Timeout(300)
final class StateModelTest {
  @Test
  void everyStateIsThatOfTheModel_aroundEachSortMergeAndFold() throws IOException {
    for (int run = 0; run < Integer.getInteger("abide.soak", 2); run++) {
      long seed = Long.getLong("abide.seed", System.nanoTime());
      System.out.println("StateModelTest -Dabide.seed=" + seed);
      History history = new History(new MemoryDisk(), seed);
      int sorts = 0;
      int merges = 0;
      int folds = 0;
      for (int step = 0; step < 100; step++) {
        switch (history.random.nextInt(10)) {
          case 0, 1, 2 -> sorts += count(history.compactor.sort(Pace.FREE));
          case 3 -> merges += count(history.compactor.merge(Pace.FREE));
          case 4 -> {
            history.ageSome();
            if (history.random.nextInt(4) == 0) {
              folds += count(history.compactor.fold(Pace.FREE));
            }
          }
          case 5 -> {
            if (history.random.nextInt(3) == 0) {
              history.close();
              history.open();
            }
          }
          default -> {
            for (int n = history.random.nextInt(8); n >= 0; n--) {
              history.commit();
            }
            continue;
          }
        }
        history.check();
      }
      history.close();
      System.out.printf("%d sorts, %d merges, %d folds%n", sorts, merges, folds);
    }
  }

  private static int count(boolean done) {
    return done ? 1 : 0;
  }

  /** Deterministic in what it covers: each kind of step happens, whatever the seed. */
  @Test
  void aLongHistory_sortedMergedThinnedAndFolded_keepsWhatIsAboveTheHorizon() throws IOException {
    long seed = Long.getLong("abide.seed", System.nanoTime());
    System.out.println("StateModelTest -Dabide.seed=" + seed);
    History history = new History(new MemoryDisk(), seed);
    while (history.files.waiting() < 7) {
      history.commit();
    }
    history.check();
    while (history.compactor.sort(Pace.FREE)) {
      history.check();
    }
    // A segment that was too small for the commit it was made for is empty, and makes no run.
    while (history.files.runs().size() < 7) {
      history.commit();
      history.compactor.sort(Pace.FREE);
    }

    assertThat(history.compactor.merge(Pace.FREE)).isTrue();
    history.check();
    assertThat(history.oldest(0)).as("above the horizon every version stays").isZero();
    assertThat(history.compactor.fold(Pace.FREE)).as("nothing is old").isFalse();

    while (history.files.runs().size() <= History.COMPACTION.runsMax() + 1) {
      history.commit();
      history.compactor.sort(Pace.FREE);
    }
    SortedFile old = history.files.runs().get(3);
    history.nowMs = old.tail().time();
    SortedFile newestOld = history.newestOld();
    history.compactor.merge(Pace.FREE);
    history.check();
    assertThat(history.oldest(0)).isLessThanOrEqualTo(newestOld.last());

    assertThat(history.compactor.fold(Pace.FREE)).isTrue();
    history.check();
    assertThat(history.oldest(0)).isEqualTo(newestOld.last());
    assertThat(history.files.runs()).allMatch(run -> run.last() > newestOld.last());

    history.close();
    history.open();
    history.check();
    history.close();
  }
}
