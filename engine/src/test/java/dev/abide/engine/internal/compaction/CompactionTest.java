package dev.abide.engine.internal.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.StorageException;
import dev.abide.engine.internal.disk.DiskFile;
import dev.abide.engine.internal.disk.FaultyDisk;
import dev.abide.engine.internal.disk.MemoryDisk;
import dev.abide.engine.internal.journal.Journal;
import dev.abide.engine.internal.journal.JournalOptions;
import dev.abide.engine.internal.journal.JournalSegment;
import dev.abide.engine.internal.store.ApplyListener;
import dev.abide.engine.internal.store.Change;
import dev.abide.engine.internal.store.Commit;
import dev.abide.engine.internal.store.KeyRange;
import dev.abide.engine.internal.store.ObjectName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class CompactionTest {
  private static Commit put(int object, int key, int bytes) {
    return new Commit(
        History.OBJECTS.get(object),
        false,
        List.of(),
        List.of(new Change(new byte[] {1, (byte) key}, new byte[bytes])),
        ApplyListener.NONE);
  }

  /** A hot counter for ever: what is on the disk depends on what lives, not on what was written. */
  @Test
  void overwritingTheSameKeysLeavesTheDiskBounded() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    History history = new History(disk, 1);
    long live = 10 * 100;
    long most = 0;
    long written = 0;
    for (int n = 0; n < 6_000; n++) {
      history.journal.append(put(0, n % 10, 100));
      written += 100;
      if (n % 20 == 19) {
        history.journal.awaitDurable(history.journal.last());
        history.nowMs = Long.MAX_VALUE / 2;
        while (history.compactor.sort(Pace.FREE)
            || history.compactor.merge(Pace.FREE)
            || history.compactor.fold(Pace.FREE)) {
          // Until there is nothing to do.
        }
        most = Math.max(most, disk.size());
      }
    }
    history.close();
    // Segments in use and ready, 64 nearly empty bases of 800 bytes, and the data once or twice.
    assertThat(most).isLessThan(10 * 4_096 + 64 * 800 + 3 * live);
    assertThat(written).isGreaterThan(4 * most);
  }

  @Test
  void sortsMergesAndFolds_areRecorded_withTheFilesThatTheyMade(@TempDir Path directory)
      throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Map<String, Long> made = new HashMap<>();
    Path file = directory.resolve("compaction.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("dev.abide.Compaction").withoutThreshold();
      recording.start();
      History history = new History(disk, 1);
      for (int n = 0; n < 1_000; n++) {
        history.journal.append(put(0, n % 10, 100));
        if (n % 20 == 19) {
          history.journal.awaitDurable(history.journal.last());
          // Young runs are merged, old ones folded.
          history.nowMs = n < 900 ? 0 : Long.MAX_VALUE / 2;
          while (history.compactor.sort(Pace.FREE)
              || history.compactor.merge(Pace.FREE)
              || history.compactor.fold(Pace.FREE)) {
            // Not the segments: the journal renames and recycles those meanwhile.
            for (String name : sorted(disk)) {
              made.put(name, length(disk, name));
            }
          }
        }
      }
      history.close();
      recording.stop();
      recording.dump(file);
    }

    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    assertThat(events)
        .extracting(event -> event.getString("kind"))
        .contains("sort", "merge", "fold")
        .containsOnly("sort", "merge", "fold");
    assertThat(events)
        .allSatisfy(event ->
            assertThat(event.getLong("bytes")).isEqualTo(made.get(event.getString("file"))));
  }

  @Test
  void eightSealedSegmentsWaitForTheSort_thenCommitsDo_thenTheyAreRefused() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    FileSet files = FileSet.open(disk, History.IDENTITY);
    JournalOptions options = new JournalOptions(1L << 30, Duration.ofMillis(300), 1_024, 1_536);
    Journal journal =
        Journal.recover(disk, History.IDENTITY, options, files.start(), 0, _ -> {}, _ -> {});
    files.segments(journal.sealed(), journal.current());
    journal.start(_ -> {}, files::begun, 0);

    assertThatThrownBy(
            () -> {
              for (int n = 0; n < 1_000; n++) {
                journal.append(put(0, n % 10, 200));
              }
            })
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("8 full segments of the journal to be sorted")
        .satisfies(e -> assertThat(((StorageException) e).retryable()).isTrue());
    long last = journal.last();
    journal.awaitDurable(last);
    assertThat(files.waiting()).isEqualTo(8);

    Compactor compactor =
        new Compactor(
            files,
            History.COMPACTION,
            new Telling(journal, new CountDownLatch(1)),
            InstantSource.system());
    assertThat(compactor.sort(Pace.FREE)).isTrue();
    assertThat(journal.append(put(0, 1, 200))).isEqualTo(last + 1);
    journal.awaitDurable(last + 1);
    assertThat(journal.close()).isNotNull();
  }

  @Test
  void aSegmentThatTheSortCannotReadEndsTheJournal() throws Exception {
    MemoryDisk disk = new MemoryDisk();
    FileSet files = FileSet.open(disk, History.IDENTITY);
    CountDownLatch failed = new CountDownLatch(1);
    Journal journal =
        Journal.recover(
            disk,
            History.IDENTITY,
            History.JOURNAL,
            files.start(),
            0,
            _ -> {},
            _ -> failed.countDown());
    files.segments(journal.sealed(), journal.current());
    journal.start(_ -> {}, files::begun, 0);
    while (files.waiting() < 2) {
      journal.awaitDurable(journal.append(put(0, 1, 200)));
    }
    String name = files.nextSealed().fileName();
    byte[] bytes = disk.bytes(name);
    bytes[500] ^= 1;
    disk.put(name, bytes);

    try (Compaction compaction =
        new Compaction(files, History.COMPACTION, new Telling(journal, failed))) {
      compaction.start();
      failed.await();
    }
    assertThatThrownBy(() -> journal.append(put(0, 1, 200)))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("at offset ");
    assertThat(journal.close()).isNull();
    assertThat(disk.list()).contains(name);
  }

  @Test
  void aSegmentThatCannotBeOpenedForNow_isSortedLater() throws Exception {
    FaultyDisk disk = new FaultyDisk(new MemoryDisk());
    FileSet files = FileSet.open(disk, History.IDENTITY);
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    Journal journal =
        Journal.recover(
            disk, History.IDENTITY, History.JOURNAL, files.start(), 0, _ -> {}, failures::add);
    files.segments(journal.sealed(), journal.current());
    journal.start(_ -> {}, files::begun, 0);
    while (files.waiting() < 2) {
      journal.awaitDurable(journal.append(put(0, 1, 200)));
    }
    CountDownLatch told = new CountDownLatch(1);
    disk.failOpens(files.nextSealed().fileName());
    try (Compaction compaction =
        new Compaction(
            files, History.COMPACTION, new Telling(journal, new CountDownLatch(1), told))) {
      compaction.start();
      told.await();
      disk.failOpens("");
      compaction.awaitIdle();
    }
    assertThat(files.waiting()).isZero();
    assertThat(failures).isEmpty();
    assertThat(journal.close()).isNotNull();
  }

  @Test
  void aSegmentThatCannotBeDeleted_givesItsPlaceAll_andIsDeletedLater() throws IOException {
    FaultyDisk disk = new FaultyDisk(new MemoryDisk());
    History history = new History(disk, 5);
    while (history.files.waiting() < 7) {
      history.commit();
    }
    history.journal.awaitDurable(history.journal.last());
    List<String> sealed = new ArrayList<>();
    Crowded around = new Crowded(history.journal);
    around.recycles = false;
    Compactor compactor =
        new Compactor(history.files, History.COMPACTION, around, () -> Instant.EPOCH);
    disk.failDeletes("segment-");
    for (int n = 0; n < 12; n++) {
      sealed.add(history.files.nextSealed().fileName());
      assertThat(compactor.sort(Pace.FREE)).isTrue();
      while (history.files.waiting() < 3) {
        // Refused after 30 s if the journal still counts eight that wait.
        history.commit();
      }
    }
    assertThat(disk.list()).containsAll(sealed);
    disk.failDeletes(null);
    while (compactor.sort(Pace.FREE)) {
      // All.
    }
    assertThat(compactor.sort(Pace.FREE)).isFalse();

    assertThat(disk.list()).doesNotContainAnyElementsOf(sealed);
    assertThat(around.notices).hasSameSizeAs(sealed);
    history.check();
    history.close();
  }

  @Test
  void aReaderKeepsWhatItReads_thoughItIsMergedFoldedAndRecycledMeanwhile() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    History history = new History(disk, 5);
    while (history.files.waiting() < 6) {
      history.commit();
    }
    history.journal.awaitDurable(history.journal.last());
    long number = history.journal.last();
    int shard = History.OBJECTS.getFirst().shard();
    List<String> expected = history.read(shard, number);
    List<String> found = new ArrayList<>();
    List<String> held;
    try (State state = State.open(history.files, shard, number)) {
      held = disk.list().stream().filter(name -> name.startsWith("segment")).limit(6).toList();
      history.nowMs = Long.MAX_VALUE / 2;
      while (history.compactor.sort(Pace.FREE) || history.compactor.merge(Pace.FREE)) {
        // All.
      }
      assertThat(history.compactor.fold(Pace.FREE)).isTrue();
      assertThat(disk.list()).containsAll(held);
      while (state.next()) {
        found.add(state.object() + "@" + state.number());
      }
    }
    assertThat(found).hasSameSizeAs(expected);
    assertThat(history.read(shard, number)).isEqualTo(expected);
    assertThat(disk.list()).doesNotContainAnyElementsOf(held);
    history.close();
  }

  @Test
  void aStoreThatLagsBehind_holdsUpTheNewestRunsOnly() throws IOException {
    History history = new History(new MemoryDisk(), 9);
    while (history.files.waiting() < 5) {
      history.commit();
    }
    history.journal.awaitDurable(history.journal.last());
    Crowded around = new Crowded(history.journal);
    around.looks = Integer.MAX_VALUE;
    Compactor compactor =
        new Compactor(
            history.files,
            History.COMPACTION,
            around,
            () -> Instant.ofEpochMilli(Long.MAX_VALUE / 2));
    while (compactor.sort(Pace.FREE)) {
      // All.
    }
    List<SortedFile> runs = history.files.runs();
    around.appliedTo = runs.get(runs.size() - 2).last() - 1;
    long folded = runs.get(runs.size() - 3).last();

    assertThat(compactor.fold(Pace.FREE)).isTrue();
    for (int shard = 0; shard < FileTail.SHARDS; shard++) {
      assertThat(history.files.folded(shard)).isEqualTo(folded);
    }
    assertThat(compactor.fold(Pace.FREE)).as("a fold of what lags behind").isFalse();
    history.check();
    history.close();
  }

  @Test
  void aFoldThatWasCutOff_goesOnWithItsTarget_thoughMoreCouldBeFoldedByThen() throws IOException {
    FaultyDisk disk = new FaultyDisk(new MemoryDisk());
    History history = new History(disk, 9);
    while (history.files.waiting() < 5) {
      history.commit();
    }
    history.journal.awaitDurable(history.journal.last());
    history.nowMs = Long.MAX_VALUE / 2;
    while (history.compactor.sort(Pace.FREE)) {
      // All.
    }
    long target = history.files.runs().getLast().last();
    // Each base takes at least one write, and there are 64.
    disk.failWrite("base-", 30);
    assertThatThrownBy(() -> history.compactor.fold(Pace.FREE)).isInstanceOf(IOException.class);
    assertThat(IntStream.range(0, 64).map(shard -> (int) history.files.folded(shard)))
        .contains((int) target)
        .contains(0);
    while (history.files.waiting() < 3) {
      history.commit();
    }
    history.journal.awaitDurable(history.journal.last());
    while (history.compactor.sort(Pace.FREE)) {
      // All: newer runs are as foldable.
    }
    assertThat(history.files.runs().getLast().last()).isGreaterThan(target);

    assertThat(history.compactor.fold(Pace.FREE)).isTrue();

    for (int shard = 0; shard < 64; shard++) {
      assertThat(history.files.folded(shard)).as("base of shard %d", shard).isEqualTo(target);
    }
    history.close();
  }

  @Test
  void aSegmentThatWaitsInterruptsAMerge() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    History history = new History(disk, 7);
    while (history.files.runs().size() <= History.COMPACTION.runsMax()) {
      history.journal.awaitDurable(history.journal.append(put(0, 1, 2 << 20)));
      history.compactor.sort(Pace.FREE);
    }
    AtomicBoolean interrupted = new AtomicBoolean();
    boolean merged =
        history.compactor.merge(bytes -> {
          assertThat(bytes).isBetween(4L << 20, (4L << 20) + Blocks.BLOCK_BYTES);
          if (!interrupted.getAndSet(true)) {
            while (history.files.waiting() == 0) {
              history.journal.awaitDurable(history.journal.append(put(0, 2, 300)));
            }
            assertThat(history.compactor.sort(Pace.FREE)).isTrue();
          }
        });
    assertThat(merged).isTrue();
    assertThat(interrupted).isTrue();
    int shard = History.OBJECTS.getFirst().shard();
    assertThat(history.read(shard, history.journal.last())).hasSize(2);
    history.close();
    FileSet.open(disk, History.IDENTITY);
  }

  /** Most of a directory may be one file. */
  @Test
  void theCheckOfAllBytes_tellsHowFarItIsInsideOneFile() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    History history = new History(disk, 7);
    for (int key = 0; key < 6; key++) {
      history.journal.append(put(0, key, 700_000));
    }
    history.journal.seal();
    history.journal.awaitDurable(history.journal.append(put(0, 9, 1)));
    while (history.compactor.sort(Pace.FREE)) {
      // All.
    }
    history.nowMs = Long.MAX_VALUE / 2;
    assertThat(history.compactor.fold(Pace.FREE)).isTrue();
    SortedFile base = history.files.base(History.OBJECTS.getFirst().shard());
    assertThat(base).isNotNull();
    List<Long> told = new ArrayList<>();

    SortedCheck.read(disk, History.IDENTITY, base.name(), Pace.FREE, told::add);

    assertThat(told).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(2);
    assertThat(told.getLast()).isEqualTo(disk.bytes(base.name()).length);
    history.close();
  }

  @Test
  void aClearedRangeWithoutKeys_hidesNothing() throws IOException {
    History history = new History(new MemoryDisk(), 3);
    ObjectName name = History.OBJECTS.getFirst();
    byte[] key = {'k'};
    byte[] value = {1, 2, 3};
    history.journal.append(
        new Commit(name, false, List.of(), List.of(new Change(key, value)), ApplyListener.NONE));
    long last =
        history.journal.append(
            new Commit(
                name, false, List.of(new KeyRange(key, key)), List.of(), ApplyListener.NONE));
    history.journal.awaitDurable(last);

    assertThat(history.read(name.shard(), last)).hasSize(1);
    history.journal.seal();
    history.journal.awaitDurable(
        history.journal.append(
            new Commit(History.OBJECTS.getLast(), true, List.of(), List.of(), ApplyListener.NONE)));
    while (history.compactor.sort(Pace.FREE)) {
      // All.
    }
    history.nowMs = Long.MAX_VALUE / 2;
    history.compactor.fold(Pace.FREE);
    assertThat(history.read(name.shard(), history.journal.last())).hasSize(1);
    history.close();
  }

  @Test
  void filesThatOthersCover_stay_untilTheyAreRemoved() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    History history = new History(disk, 5);
    makeRuns(history);
    Map<String, byte[]> runs = new HashMap<>();
    for (String name : disk.list()) {
      if (FileSet.isName(name)) {
        runs.put(name, disk.bytes(name));
      }
    }
    assertThat(history.compactor.merge(Pace.FREE)).isTrue();
    history.close();
    List<String> merged = disk.list();
    runs.forEach((name, bytes) -> {
      if (!merged.contains(name)) {
        disk.put(name, bytes);
      }
    });

    List<String> covered = runs.keySet().stream().filter(name -> !merged.contains(name)).toList();
    assertThat(covered).isNotEmpty();

    FileSet files = FileSet.open(disk, History.IDENTITY);
    assertThat(disk.list()).containsAll(covered);
    files.removeUnfinished((what, cause) -> {});
    assertThat(disk.list()).containsAll(covered);
    files.removeCovered((what, cause) -> {});
    assertThat(disk.list()).doesNotContainAnyElementsOf(covered);
    assertThat(FileSet.open(disk, History.IDENTITY).runs()).hasSameSizeAs(files.runs());
  }

  private static long length(MemoryDisk disk, String name) throws IOException {
    try (DiskFile file = disk.open(name, false)) {
      return file.size();
    }
  }

  /** One run more than may be before some are merged. */
  private static void makeRuns(History history) throws IOException {
    while (history.files.runs().size() <= History.COMPACTION.runsMax()) {
      history.commit();
      history.journal.awaitDurable(history.journal.last());
      while (history.compactor.sort(Pace.FREE)) {
        // All.
      }
    }
  }

  /** Runs and bases; the journal's own thread makes segments of older ones meanwhile. */
  private static List<String> sorted(MemoryDisk disk) {
    return disk.list().stream().filter(FileHead::isName).toList();
  }

  @Test
  void withoutRoomBesideWhatCommitsNeed_noMergeAndNoFoldBegins_andThatIsToldOnce()
      throws IOException {
    MemoryDisk disk = new MemoryDisk();
    History history = new History(disk, 11);
    makeRuns(history);
    Crowded around = new Crowded(history.journal);
    Compactor compactor =
        new Compactor(
            history.files,
            History.COMPACTION,
            around,
            () -> Instant.ofEpochMilli(Long.MAX_VALUE / 2));
    List<String> before = sorted(disk);

    for (int n = 0; n < 3; n++) {
      assertThat(compactor.merge(Pace.FREE)).isFalse();
      assertThat(compactor.fold(Pace.FREE)).isFalse();
    }

    assertThat(sorted(disk)).containsExactlyInAnyOrderElementsOf(before);
    assertThat(around.notices).hasSize(2);
    assertThat(around.notices.getFirst()).contains("to merge runs");
    assertThat(around.notices.getLast()).contains("to fold runs");
    around.looks = Integer.MAX_VALUE;
    assertThat(compactor.merge(Pace.FREE)).isTrue();
    assertThat(compactor.fold(Pace.FREE)).isTrue();
    history.check();
    history.close();
  }

  @Test
  void theLargestShardIsFoldedFirst_soThatNoneTakesRoom_whereThereIsNoneForIt() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    History history = new History(disk, 13);
    makeRuns(history);
    Crowded around = new Crowded(history.journal);
    around.looks = Integer.MAX_VALUE;
    Compactor compactor =
        new Compactor(
            history.files,
            History.COMPACTION,
            around,
            () -> Instant.ofEpochMilli(Long.MAX_VALUE / 2));
    int largest = -1;
    long bytesOfIt = 0;
    for (int shard : History.SHARDS) {
      long bytes = 0;
      for (SortedFile run : history.files.runs()) {
        bytes += run.shardBytes(shard);
      }
      if (bytes > bytesOfIt) {
        bytesOfIt = bytes;
        largest = shard;
      }
    }

    around.bytesMax = (32L << 20) + bytesOfIt - 1;
    assertThat(compactor.fold(Pace.FREE)).isFalse();
    assertThat(History.SHARDS).allMatch(shard -> history.files.folded(shard) == 0);
    assertThat(around.notices).singleElement().asString().contains("to fold runs");
    assertThat(compactor.isShort()).isTrue();

    around.bytesMax = Long.MAX_VALUE;
    around.looks = 1;
    assertThat(compactor.fold(Pace.FREE)).isFalse();
    assertThat(history.files.folded(largest)).isPositive();
    history.check();

    around.looks = Integer.MAX_VALUE;
    assertThat(compactor.fold(Pace.FREE)).isTrue();
    assertThat(History.SHARDS).allMatch(shard -> history.files.folded(shard) > 0);
    assertThat(compactor.isShort()).isFalse();
    history.check();
    history.close();
  }

  @Test
  void aMergeGivesWay_whenItsRoomIsWantedForCommits() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    History history = new History(disk, 7);
    while (history.files.runs().size() <= History.COMPACTION.runsMax()) {
      history.journal.awaitDurable(history.journal.append(put(0, 1, 3 << 20)));
      history.compactor.sort(Pace.FREE);
    }
    List<String> before = sorted(disk);
    Crowded around = new Crowded(history.journal);
    // Enough to begin, and for the first four mebibytes.
    around.looks = 2;
    Compactor compactor =
        new Compactor(history.files, History.COMPACTION, around, () -> Instant.EPOCH);

    assertThatThrownBy(() -> compactor.merge(Pace.FREE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("it has given way");

    assertThat(sorted(disk)).containsExactlyInAnyOrderElementsOf(before);
    history.close();
  }

  @Test
  void whatCouldNotBeDeletedBehindItsLastReader_isTriedAgain() throws IOException {
    MemoryDisk memory = new MemoryDisk();
    FaultyDisk disk = new FaultyDisk(memory);
    History history = new History(disk, 19);
    makeRuns(history);
    FileSet.Pinned pinned = history.files.pin();
    assertThat(history.compactor.merge(Pace.FREE)).isTrue();
    List<String> covered = new ArrayList<>(pinned.sortedNames());
    history.files.runs().forEach(run -> covered.remove(run.name()));
    assertThat(covered).isNotEmpty();

    disk.failDeletes(covered.getFirst());
    pinned.close();

    assertThat(memory.list())
        .contains(covered.getFirst())
        .doesNotContainAnyElementsOf(covered.subList(1, covered.size()));
    disk.failDeletes(null);
    history.compactor.sort(Pace.FREE);
    assertThat(memory.list()).doesNotContainAnyElementsOf(covered);
    history.check();
    history.close();
  }

  /** There is room as often as it says. */
  private static final class Crowded implements Surroundings {
    private final Journal journal;
    private final List<String> notices = new ArrayList<>();
    private int looks;
    private long bytesMax = Long.MAX_VALUE;
    private boolean recycles = true;
    private long appliedTo = Long.MAX_VALUE;

    Crowded(Journal journal) {
      this.journal = journal;
    }

    @Override
    public boolean hasRoom(long bytes) {
      assertThat(bytes).isPositive();
      return --looks >= 0 && bytes <= bytesMax;
    }

    @Override
    public void notice(String what, @Nullable Throwable cause) {
      notices.add(what);
    }

    @Override
    public void sorted() {
      journal.sorted();
    }

    @Override
    public boolean recycle(JournalSegment segment) {
      return recycles && journal.recycle(segment);
    }

    @Override
    public boolean applied(long number) {
      return number <= appliedTo;
    }

    @Override
    public long liveBytes() {
      return Long.MAX_VALUE / 4;
    }

    @Override
    public void correctLiveBytes(long difference) {}

    @Override
    public void unreadable(Throwable cause) {
      throw new AssertionError(cause);
    }
  }

  /** Wires a compactor to a journal. */
  private record Telling(Journal journal, CountDownLatch failed, CountDownLatch told)
      implements Surroundings {
    Telling(Journal journal, CountDownLatch failed) {
      this(journal, failed, new CountDownLatch(1));
    }

    @Override
    public void notice(String what, @Nullable Throwable cause) {
      told.countDown();
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
      return true;
    }

    @Override
    public long liveBytes() {
      return Long.MAX_VALUE / 4;
    }

    @Override
    public void correctLiveBytes(long difference) {}

    @Override
    public void unreadable(Throwable cause) {
      journal.end(cause);
    }
  }
}
