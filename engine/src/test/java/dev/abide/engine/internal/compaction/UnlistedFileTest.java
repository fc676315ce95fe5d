package dev.abide.engine.internal.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.StorageException;
import dev.abide.engine.internal.disk.FaultyDisk;
import dev.abide.engine.internal.disk.MemoryDisk;
import dev.abide.engine.internal.journal.JournalSegment;
import dev.abide.engine.internal.store.ApplyListener;
import dev.abide.engine.internal.store.Change;
import dev.abide.engine.internal.store.Commit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A file that is on the disk, and that the engine's lists of files have not, or not yet. */
@Timeout(120)
final class UnlistedFileTest {
  private final MemoryDisk memory = new MemoryDisk();
  private final FaultyDisk disk = new FaultyDisk(memory);

  /** A commit of so many bytes, and a segment that begins behind it. */
  private static void commit(History history, int bytes) {
    Commit commit =
        new Commit(
            History.OBJECTS.getFirst(),
            false,
            List.of(),
            List.of(new Change(new byte[] {'a'}, new byte[bytes])),
            ApplyListener.NONE);
    history.commits.add(commit);
    history.journal.awaitDurable(history.journal.append(commit));
    history.journal.seal();
  }

  /** Runs with one commit each; what comes last is in the segment that is written. */
  private static void runs(History history, int... bytes) throws IOException {
    for (int each : bytes) {
      commit(history, each);
      while (history.compactor.sort(Pace.FREE)) {
        // The one before.
      }
    }
  }

  private List<String> sorted() {
    return memory.list().stream().filter(FileHead::isName).toList();
  }

  /** As if the memory had ended between two lists. */
  @Test
  void aRunThatIsMissedInTheList_isMergedFoldedAndBackedUpAroundByNobody_andTheNextOpenHasIt()
      throws IOException {
    History history = new History(disk, 1);
    runs(history, 6_000, 100, 100);
    commit(history, 100);
    disk.failSyncBehindRename("run-", 1);
    assertThatThrownBy(() -> history.compactor.sort(Pace.FREE)).isInstanceOf(IOException.class);
    JournalSegment segment = history.files.nextSealed();
    assertThat(sorted()).hasSize(3);
    history.files.sorted(segment, null);
    history.journal.sorted();
    // The three beside the hole are small and alike.
    runs(history, 100, 6_000, 3_000, 100);
    history.nowMs = Long.MAX_VALUE / 2;
    List<String> before = sorted();
    long last = history.journal.last();

    assertThat(history.files.runs()).hasSize(6);
    assertThatThrownBy(() -> history.compactor.merge(Pace.FREE)).satisfies(this::namesAHole);
    assertThatThrownBy(() -> history.compactor.fold(Pace.FREE)).satisfies(this::namesAHole);
    int shard = History.OBJECTS.getFirst().shard();
    assertThatThrownBy(() -> history.read(shard, last)).satisfies(this::namesAHole);
    assertThat(history.read(shard, segment.first() - 1)).hasSize(1);
    MemoryDisk target = new MemoryDisk();
    try (FileSet.Pinned pinned = history.files.pin()) {
      assertThatThrownBy(() -> Backup.write(pinned, target, Pace.FREE, Backup.Progress.NONE))
          .satisfies(this::namesAHole);
    }
    assertThat(target.list()).isEmpty();

    assertThat(sorted()).isEqualTo(before);
    history.close();
    History again = new History(disk, new Random(1), history.commits);
    again.check();
    again.close();
  }

  private void namesAHole(Throwable thrown) {
    assertThat(thrown)
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("run-")
        .hasMessageContaining("open it again");
  }

  @Test
  void aChangeOfTheListsThatFails_hasChangedNothing() throws IOException {
    History history = new History(disk, 1);
    runs(history, 100, 100, 100);
    List<SortedFile> runs = history.files.runs();
    History other = new History(new MemoryDisk(), 1);
    runs(other, 100, 100, 100, 100, 100);
    SortedFile foreign = other.files.runs().getLast();

    assertThatThrownBy(
            () -> history.files.merged(List.of(foreign, runs.getFirst()), runs.getLast()))
        .isInstanceOf(IndexOutOfBoundsException.class);

    assertThat(history.files.runs()).isEqualTo(runs);
    history.close();
    other.close();
  }

  /** The window that is merged is another one by the time that it is tried again. */
  @Test
  void aMergedRunWhoseSyncFailed_isGoneBeforeTheNextMerge_andMayStayIfThereIsNone()
      throws IOException {
    History history = new History(disk, 1);
    runs(history, 9_000, 3_000, 2_000, 2_500, 2_500, 1_000);
    assertThat(history.files.runs()).hasSize(5);
    List<String> before = sorted();

    disk.failSyncBehindRename("run-", 1);
    assertThatThrownBy(() -> history.compactor.merge(Pace.FREE)).isInstanceOf(IOException.class);

    List<String> unlisted = new ArrayList<>(sorted());
    unlisted.removeAll(before);
    assertThat(unlisted).hasSize(1);
    opens(history, memory.copy());
    for (int seed = 0; seed < 10; seed++) {
      opens(history, memory.afterPowerLoss(new Random(seed)));
    }
    runs(history, 200);
    disk.failDeletes(unlisted.getFirst());
    assertThatThrownBy(() -> history.compactor.merge(Pace.FREE)).isInstanceOf(IOException.class);
    opens(history, memory.copy());
    disk.failDeletes(null);
    assertThat(history.compactor.merge(Pace.FREE)).isTrue();

    assertThat(sorted()).doesNotContainAnyElementsOf(unlisted);
    opens(history, memory.copy());
    for (int seed = 0; seed < 10; seed++) {
      opens(history, memory.afterPowerLoss(new Random(seed)));
    }
    history.check();
    history.close();
  }

  @Test
  void aMergedRunWhoseSyncFailedInAnOpen_isGoneBeforeTheFirstMergeBehindIt() throws IOException {
    History history = new History(disk, 1);
    runs(history, 9_000, 3_000, 2_000, 2_500);
    commit(history, 2_500);
    history.close();
    assertThat(history.files.runs()).hasSize(3);
    List<String> before = sorted();

    // Of two sorts and a merge.
    disk.failSyncBehindRename("run-", 3);
    history.open();
    List<String> listed = history.files.runs().stream().map(SortedFile::name).toList();
    List<String> unlisted = new ArrayList<>(sorted());
    unlisted.removeAll(listed);
    assertThat(unlisted).hasSize(1);
    assertThat(listed).containsAll(before);
    runs(history, 1_000, 200);
    assertThat(history.compactor.merge(Pace.FREE)).isTrue();

    assertThat(sorted()).doesNotContainAnyElementsOf(unlisted);
    opens(history, memory.copy());
    history.check();
    history.close();
  }

  /** Everything is there. */
  private static void opens(History history, MemoryDisk left) throws IOException {
    History opened = new History(left, new Random(1), history.commits);
    opened.check();
    opened.close();
  }
}
