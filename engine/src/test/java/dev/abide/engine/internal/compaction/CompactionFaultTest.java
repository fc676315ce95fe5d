package dev.abide.engine.internal.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.internal.disk.FailOnceDisk;
import dev.abide.engine.internal.disk.MemoryDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One change of a disk fails, once: a write, a sync of a file or of the directory, a rename, a
 * deletion, in a sort, a merge or a fold. It is tried again, with more to be sorted by then, as the
 * thread that does it would. What is kept stays there: at the next open, whether the power has gone
 * or only the process, right behind the failure, some steps later, and after all was done.
 *
 * <p>Of each kind of change one that is drawn; with {@code -Dabide.points=50} as many, and the
 * first and the last.
 */
@Timeout(3_600)
final class CompactionFaultTest {
  private static final int DRAWN = Integer.getInteger("abide.points", 1);
  private static final int ROUNDS = 3;
  private static final int STEPS_BEHIND = 4;

  /** The run has its name then, and what is merged next need not be the same: each has its turn. */
  private static final String NAMED_AND_NOT_SYNCED = "merge: sync directory after rename run.tmp";

  private final long seed = Long.getLong("abide.seed", System.nanoTime());

  /** What one run has done. */
  private final class Run {
    final Random random;
    final MemoryDisk disk;
    final FailOnceDisk failing;
    final History history;
    String work = "";
    int failures;
    private int behind;

    Run(MemoryDisk before, List<dev.abide.engine.internal.store.Commit> commits, long ownSeed)
        throws IOException {
      random = new Random(ownSeed);
      disk = before.copy();
      failing = new FailOnceDisk(disk);
      history = new History(failing, random, new ArrayList<>(commits));
    }

    /** Sorts, merges and folds, with commits in between. */
    void run(Predicate<String> counts, long n) throws IOException {
      failing.fail(change -> !work.isEmpty() && counts.test(work + ": " + change), n);
      for (int round = 0; round < ROUNDS; round++) {
        // Merges are above the horizon at first.
        history.nowMs = round == 0 ? history.nowMs : Long.MAX_VALUE / 2;
        for (int runs = 0; runs <= History.COMPACTION.runsMax(); runs++) {
          oneMore();
        }
        while (step()) {
          checkBehind();
        }
      }
      work = "";
      history.journal.awaitDurable(history.journal.last());
    }

    /** One full segment, sorted unless that fails. */
    private void oneMore() throws IOException {
      work = "";
      while (history.files.waiting() == 0) {
        history.commit();
      }
      history.journal.awaitDurable(history.journal.last());
      var _ = sort();
    }

    /** A run more, smaller than all others: what is merged next may be chosen by that. */
    private void oneSmall() throws IOException {
      String before = work;
      work = "";
      history.journal.seal();
      history.commit();
      history.journal.seal();
      history.commit();
      history.journal.awaitDurable(history.journal.last());
      while (sort()) {
        // Both.
      }
      work = before;
    }

    private boolean sort() throws IOException {
      work = "sort";
      try {
        return history.compactor.sort(Pace.FREE);
      } catch (IOException e) {
        failed(e);
        return true;
      }
    }

    /** As the thread of compaction does it: what fails is tried again after what waits. */
    private boolean step() throws IOException {
      if (sort()) {
        return true;
      }
      try {
        work = "merge";
        boolean merged = history.compactor.merge(Pace.FREE);
        work = "fold";
        return merged || history.compactor.fold(Pace.FREE);
      } catch (IOException e) {
        failed(e);
        oneSmall();
        return true;
      }
    }

    private void failed(IOException e) throws IOException {
      assertThat(e).hasMessageContaining("(injected)");
      failures++;
      behind = STEPS_BEHIND;
      checkBehind();
    }

    /** What a crash would leave right behind the failure, and behind some steps that follow it. */
    private void checkBehind() throws IOException {
      if (behind > 0) {
        behind--;
        isThere(disk.afterPowerLoss(random), history.journal.durable());
        isThere(disk.twin(), history.journal.durable());
      }
    }

    /** Opens what is left, in which all states that it keeps are the model's. */
    void isThere(MemoryDisk left, long least) throws IOException {
      History after = new History(left, random, history.commits);
      assertThat(after.journal.last()).isBetween(least, (long) history.commits.size());
      check(after);
      after.close();
    }

    /** The oldest state that is kept, the newest, and some between. */
    void check(History of) throws IOException {
      long end = of.journal.last();
      of.journal.awaitDurable(end);
      for (int shard : History.SHARDS) {
        long oldest = of.oldest(shard);
        TreeSet<Long> numbers = new TreeSet<>(List.of(oldest, end));
        for (int i = 0; i < 3; i++) {
          numbers.add(random.nextLong(oldest, end + 1));
        }
        for (long number : numbers) {
          assertThat(of.read(shard, number))
              .as("shard %s after commit %s of %s", shard, number, end)
              .isEqualTo(of.model(shard, number));
        }
      }
    }
  }

  private Map<String, Integer> kinds(MemoryDisk before, History history) throws IOException {
    Map<String, Integer> kinds = new TreeMap<>();
    Run whole = new Run(before, history.commits, seed);
    whole.run(
        change -> {
          kinds.merge(change, 1, Integer::sum);
          return false;
        },
        1);
    whole.check(whole.history);
    whole.history.close();
    return kinds;
  }

  @Test
  void eachKindOfChangeThatFailsOnce_losesNothing() throws IOException {
    System.out.println("CompactionFaultTest -Dabide.seed=" + seed);
    MemoryDisk before = new MemoryDisk();
    History history = new History(before, seed);
    while (history.files.waiting() < 2) {
      history.commit();
    }
    history.journal.awaitDurable(history.journal.last());
    history.close();
    Random random = new Random(seed);
    Map<String, Integer> kinds = kinds(before, history);
    int tried = 0;
    int told = 0;
    for (Map.Entry<String, Integer> kind : kinds.entrySet()) {
      TreeSet<Integer> which = new TreeSet<>(DRAWN > 1 ? List.of(1, kind.getValue()) : List.of());
      if (kind.getKey().equals(NAMED_AND_NOT_SYNCED)) {
        which.addAll(IntStream.rangeClosed(1, kind.getValue()).boxed().toList());
      }
      for (int i = 0; i < DRAWN; i++) {
        which.add(1 + random.nextInt(kind.getValue()));
      }
      for (int n : which) {
        String what = "seed %d, %s, the %d.".formatted(seed, kind.getKey(), n);
        Run run = new Run(before, history.commits, seed);
        try {
          run.run(kind.getKey()::equals, n);
          tried += run.failing.failed() ? 1 : 0;
          told += run.failures;
          long durable = run.history.journal.durable();
          run.check(run.history);
          run.history.close();
          run.isThere(run.disk.afterPowerLoss(random), durable);
          run.isThere(run.disk, durable);
        } catch (AssertionError | Exception e) {
          throw new AssertionError(what, e);
        }
      }
    }
    System.out.printf(
        "CompactionFaultTest: %d failing changes of %d kinds, %d of them told%n",
        tried, kinds.size(), told);
    assertThat(kinds.keySet()).containsAll(wanted());
    // A deletion that fails is only noticed; nothing waits for it.
    assertThat(told).isGreaterThan(tried / 2);
  }

  private static List<String> wanted() {
    List<String> wanted = new ArrayList<>();
    for (String work : List.of("sort: ", "merge: ", "fold: ")) {
      String file = work.startsWith("fold") ? "base.tmp" : "run.tmp";
      for (String change :
          List.of("create ", "write ", "sync ", "rename ", "sync directory after rename ")) {
        wanted.add(work + change + file);
      }
    }
    return wanted;
  }
}
