package dev.abide.engine.internal.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.StorageException;
import dev.abide.engine.internal.disk.CrashingDisk;
import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.disk.FailOnceDisk;
import dev.abide.engine.internal.disk.MemoryDisk;
import dev.abide.engine.internal.journal.Identity;
import dev.abide.engine.internal.journal.Journal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A backup is what its list names, whatever happens; a restore is the model's state. */
@Timeout(300)
final class BackupTest {
  private final long seed = Long.getLong("abide.seed", System.nanoTime());
  private final MemoryDisk source = new MemoryDisk();
  private History history;

  @BeforeEach
  void aHistoryWithRuns() throws IOException {
    System.out.println("BackupTest -Dabide.seed=" + seed);
    history = new History(source, seed);
    grow();
  }

  private void grow() throws IOException {
    int more = history.commits.size() + 40;
    while (history.commits.size() < more || history.files.waiting() < 3) {
      history.commit();
    }
    history.journal.awaitDurable(history.journal.last());
    while (history.compactor.sort(Pace.FREE)) {
      // All of them.
    }
  }

  private BackupList backUp(Disk target) throws IOException {
    try (FileSet.Pinned pinned = history.files.pin()) {
      return Backup.write(pinned, target, Pace.FREE, Backup.Progress.NONE);
    }
  }

  private void checkBackup(MemoryDisk target, BackupList list) throws IOException {
    for (BackupList.BackupFile file : list.files()) {
      CRC32C crc = new CRC32C();
      crc.update(target.bytes(file.name()));
      assertThat((int) crc.getValue()).as(file.name()).isEqualTo(file.crc());
      SortedCheck.read(target, list.identity(), file.name(), Pace.FREE);
    }
    FileSet files = Backup.open(target, list);
    for (int shard : History.SHARDS) {
      assertThat(History.read(files, shard, list.last()))
          .isEqualTo(history.model(shard, list.last()));
    }
  }

  @Test
  void theSecondBackup_copiesNewNamesOnly_andRemovesOldOnes() throws IOException {
    MemoryDisk target = new MemoryDisk();
    BackupList first = backUp(target);
    checkBackup(target, first);
    grow();
    history.ageSome();
    history.compactor.merge(Pace.FREE);
    history.compactor.fold(Pace.FREE);
    Counting counting = new Counting(target);

    BackupList second = backUp(counting);

    checkBackup(target, second);
    assertThat(second.last()).isGreaterThan(first.last());
    assertThat(counting.created)
        .doesNotContainAnyElementsOf(first.names().stream().map(name -> name + ".tmp").toList());
    assertThat(target.list()).containsOnlyOnceElementsOf(second.names()).contains("backup");
    assertThat(target.list()).hasSize(second.files().size() + 1);
    Counting again = new Counting(target);
    assertThat(backUp(again).files()).isEqualTo(second.files());
    assertThat(again.created).containsExactly("backup.tmp");
  }

  @Test
  void aBackupThatEndsAtAnyWrite_isThePreviousOne_orTheNewOne() throws IOException {
    MemoryDisk before = new MemoryDisk();
    BackupList first = backUp(before);
    grow();
    history.ageSome();
    history.compactor.fold(Pace.FREE);
    BackupList second = backUp(before.copy());
    int points = 0;
    int previous = 0;
    for (boolean more = true; more; ) {
      points++;
      Random random = new Random(seed + points);
      MemoryDisk target = before.copy();
      CrashingDisk crashing = new CrashingDisk(target, points, random.nextBoolean());
      more = crashes(crashing);
      target.powerLoss(random);
      BackupList list = BackupList.read(target);
      assertThat(list.names()).as("point %s", points).isIn(first.names(), second.names());
      previous += list.names().equals(first.names()) ? 1 : 0;
      checkBackup(target, list);
      assertThat(backUp(target).names()).isEqualTo(second.names());
      checkBackup(target, BackupList.read(target));
      assertThat(target.list()).hasSize(second.files().size() + 1);
    }
    System.out.println(points + " crash points, " + previous + " of them left the previous one");
    assertThat(previous).isBetween(10, points - 1);
  }

  @Test
  void aBackupOfWhichAnyChangeFailsOnce_isThePreviousOne_orTheNewOne_andCanBeTriedAgain()
      throws IOException {
    MemoryDisk before = new MemoryDisk();
    BackupList first = backUp(before);
    grow();
    history.ageSome();
    history.compactor.fold(Pace.FREE);
    grow(); // a fold of all that there was leaves no run
    BackupList second = backUp(before.copy());
    TreeSet<String> failed = new TreeSet<>();
    for (int point = 1; ; point++) {
      Random random = new Random(seed + point);
      MemoryDisk target = before.copy();
      FailOnceDisk failing = new FailOnceDisk(target);
      String[] last = new String[1];
      failing.fail(
          change -> {
            last[0] = change;
            return true;
          },
          point);
      try {
        backUp(failing);
        assertThat(failing.failed()).as("a failed change that was not told: %s", last[0]).isFalse();
        break;
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("(injected)");
      }
      failed.add(last[0]);
      for (MemoryDisk left : List.of(target.afterPowerLoss(random), target)) {
        BackupList list = BackupList.read(left);
        assertThat(list.names())
            .as("seed %s, point %s, %s", seed, point, last[0])
            .isIn(first.names(), second.names());
        checkBackup(left, list);
        assertThat(backUp(left).names()).isEqualTo(second.names());
        left.powerLoss(random);
        checkBackup(left, BackupList.read(left));
        assertThat(BackupList.read(left).names()).isEqualTo(second.names());
        assertThat(left.list()).hasSize(second.files().size() + 1);
      }
    }
    assertThat(failed)
        .contains(
            "write run.tmp",
            "sync run.tmp",
            "rename run.tmp",
            "sync base.tmp",
            "sync directory after rename base.tmp",
            "write backup.tmp",
            "sync backup.tmp",
            "rename backup.tmp",
            "sync directory after rename backup.tmp");
  }

  @Test
  void aFirstBackupThatEndsAtAnyWrite_isRefused_orComplete_andCanBeTriedAgain() throws IOException {
    int unfinished = 0;
    for (int point = 1; ; point++) {
      Random random = new Random(seed + point);
      MemoryDisk target = new MemoryDisk();
      boolean crashed = crashes(new CrashingDisk(target, point, random.nextBoolean()));
      target.powerLoss(random);
      BackupList list = BackupList.read(target);
      if (list != null) {
        checkBackup(target, list);
      } else if (target.list().stream().anyMatch(name -> !name.startsWith("backing-up"))) {
        unfinished++;
        assertThatThrownBy(() -> Identity.of(target))
            .as("point %s: %s", point, target.list())
            .isInstanceOf(StorageException.class)
            .hasMessageContaining("the first backup into this directory did not finish");
      }
      BackupList again = backUp(target);
      checkBackup(target, again);
      assertThat(target.list()).hasSize(again.files().size() + 1);
      if (!crashed) {
        break;
      }
    }
    assertThat(unfinished).isGreaterThan(10);
  }

  @Test
  void copiesOfOneDirectory_thatWentOnApart_areNotMixed() throws IOException {
    MemoryDisk target = new MemoryDisk();
    BackupList first = backUp(target);
    FileSet apart = apart();
    SortedFile newest = history.files.runs().getLast();

    try (FileSet.Pinned pinned = apart.pin()) {
      assertThatThrownBy(() -> Backup.write(pinned, target, Pace.FREE, Backup.Progress.NONE))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("the target's file " + newest.name() + " is whole")
          .hasMessageContaining("a backup of another copy of this directory");
    }
    checkBackup(target, first);
    assertThat(BackupList.read(target).names()).isEqualTo(first.names());

    // Damaged there, it is not worth keeping, whoever it was of.
    byte[] bytes = target.bytes(newest.name());
    bytes[bytes.length - 1_000] ^= 1;
    target.put(newest.name(), bytes);
    try (FileSet.Pinned pinned = apart.pin()) {
      BackupList second = Backup.write(pinned, target, Pace.FREE, Backup.Progress.NONE);
      assertThat(second.files()).hasSameSizeAs(first.files()).isNotEqualTo(first.files());
    }
    grow();
    MemoryDisk later = new MemoryDisk();
    backUp(later);
    try (FileSet.Pinned pinned = apart.pin()) {
      assertThatThrownBy(() -> Backup.write(pinned, later, Pace.FREE, Backup.Progress.NONE))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("it is an older copy of the one that was backed up there");
    }
  }

  /** A copy of the source whose newest run has another object in it. */
  private FileSet apart() throws IOException {
    MemoryDisk copy = source.copy();
    SortedFile newest = history.files.runs().getLast();
    byte[] other = copy.bytes(newest.name());
    // Another object, by the last bit of its hash: the block's content and its checksum, no more.
    other[FileHead.BYTES + Blocks.HEADER_BYTES + 16] ^= 1;
    ByteBuffer block =
        ByteBuffer.wrap(
            other,
            FileHead.BYTES + Blocks.HEADER_BYTES,
            ByteBuffer.wrap(other).getInt(FileHead.BYTES + 4));
    ByteBuffer.wrap(other).putInt(FileHead.BYTES, Blocks.crc(newest.head().seed(), 0, block));
    copy.put(newest.name(), other);
    return FileSet.look(copy, History.IDENTITY, copy.list());
  }

  private boolean crashes(CrashingDisk crashing) throws IOException {
    try {
      backUp(crashing);
      return false;
    } catch (IOException e) {
      assertThat(crashing.crashed()).as("%s", e).isTrue();
      return true;
    }
  }

  /** Also where no reader would: a backup is what was copied, byte for byte. */
  @Test
  void aFlippedByteOfABackedUpFile_isFoundWhereverItIs() throws IOException {
    MemoryDisk target = new MemoryDisk();
    BackupList list = backUp(target);
    String name = list.names().stream().min(Comparator.comparingInt(this::lengthIn)).orElseThrow();
    byte[] bytes = target.bytes(name);
    assertThat(Backup.check(target, list, name)).isPositive();
    int step = Math.max(1, bytes.length / 2_000);
    for (int at = 0; at < bytes.length; at += at < 100 || at > bytes.length - 700 ? 1 : step) {
      byte[] flipped = bytes.clone();
      flipped[at] ^= (byte) (1 << (at % 8));
      target.put(name, flipped);
      assertThatThrownBy(() -> Backup.check(target, list, name))
          .as("%s of %d bytes, flipped at %d", name, bytes.length, at)
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(name)
          .hasMessageContaining("at offset ");
    }
  }

  private int lengthIn(String name) {
    try {
      return source.bytes(name).length;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aDecayedFile_isNotBackedUp() throws IOException {
    MemoryDisk target = new MemoryDisk();
    BackupList first = backUp(target);
    grow();
    String name = history.files.runs().getLast().name();
    byte[] bytes = source.bytes(name);
    bytes[bytes.length / 2] ^= 1;
    source.put(name, bytes);

    assertThatThrownBy(() -> backUp(target))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(name);

    assertThat(BackupList.read(target).names()).isEqualTo(first.names());
    checkBackup(target, BackupList.read(target));
  }

  @Test
  void aTargetOfSomethingElse_isRefused_andNotTouched() throws IOException {
    MemoryDisk foreign = new MemoryDisk();
    foreign.put("photos.zip", new byte[] {1});
    assertThatThrownBy(() -> backUp(foreign))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("the target has a file photos.zip and is no backup");
    assertThat(foreign.list()).containsExactly("photos.zip");

    MemoryDisk other = new MemoryDisk();
    new BackupList(new Identity(7, new byte[16]), 1, 1, List.of()).write(other);
    assertThatThrownBy(() -> backUp(other))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("the target is a backup of another directory");
    assertThat(other.list()).containsExactly("backup");
  }

  @Test
  void aDamagedList_orANewerOne_isRefusedInWords() throws IOException {
    MemoryDisk target = new MemoryDisk();
    backUp(target);
    byte[] whole = target.bytes("backup");
    for (int at = 0; at < whole.length; at++) {
      byte[] bytes = whole.clone();
      bytes[at] ^= 0x10;
      target.put("backup", bytes);
      assertThatThrownBy(() -> BackupList.read(target))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("the file backup ");
    }
    for (int length = 0; length < whole.length; length++) {
      target.put("backup", java.util.Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> BackupList.read(target)).isInstanceOf(StorageException.class);
    }
    byte[] newer = whole.clone();
    newer[11] = 9;
    target.put("backup", newer);
    assertThatThrownBy(() -> BackupList.read(target))
        .hasMessageContaining("the file backup has format 9; this release reads up to 1");
  }

  // ---- restore

  private void restore(FileSet.Pinned pinned, long number, Disk target) throws IOException {
    Moments moments = new Moments(pinned, history.journal.last());
    Restore.write(pinned, number, moments.timeOf(number), target, done -> {});
  }

  private void checkRestored(MemoryDisk target, long number) throws IOException {
    Identity identity = Identity.of(target);
    assertThat(identity.lineage()).isNotEqualTo(History.IDENTITY.lineage());
    FileSet files = FileSet.open(target, identity);
    Journal journal =
        Journal.recover(target, identity, History.JOURNAL, files.start(), 0, _ -> {}, _ -> {});
    files.segments(journal.sealed(), journal.current());
    assertThat(journal.last()).isEqualTo(number);
    for (int shard : History.SHARDS) {
      assertThat(History.read(files, shard, number))
          .as("shard %s after commit %s", shard, number)
          .isEqualTo(history.model(shard, number));
    }
    journal.start(_ -> {});
    assertThat(journal.append(history.commits.getFirst())).isEqualTo(number + 1);
    journal.close();
  }

  @Test
  void everyKeptState_canBeRestored_andIsTheModels() throws IOException {
    history.ageSome();
    history.compactor.fold(Pace.FREE);
    for (int i = 0; i < 10; i++) {
      history.commit();
    }
    history.journal.awaitDurable(history.journal.last());
    try (FileSet.Pinned pinned = history.files.pin()) {
      for (long number = 0; number <= history.journal.last(); number++) {
        MemoryDisk target = new MemoryDisk();
        if (number < pinned.oldest()) {
          long dropped = number;
          assertThatThrownBy(() -> restore(pinned, dropped, target))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("was dropped");
        } else {
          restore(pinned, number, target);
          checkRestored(target, number);
        }
      }
    }
  }

  @Test
  void aRestoreThatEndsAtAnyWrite_isRefusedUntilItIsComplete() throws IOException {
    long number = history.journal.last();
    int refused = 0;
    try (FileSet.Pinned pinned = history.files.pin()) {
      for (int point = 1; ; point += 1 + point / 40) {
        Random random = new Random(seed + point);
        MemoryDisk target = new MemoryDisk();
        boolean crashed = false;
        try {
          restore(pinned, number, new CrashingDisk(target, point, random.nextBoolean()));
        } catch (IOException e) {
          crashed = true;
        }
        target.powerLoss(random);
        if (target.exists("restoring")) {
          refused++;
          assertThatThrownBy(() -> Identity.of(target))
              .isInstanceOf(StorageException.class)
              .hasMessageContaining("a restore into this directory did not finish");
          restore(pinned, number, target);
        } else if (target.list().isEmpty()) {
          restore(pinned, number, target);
        }
        checkRestored(target, number);
        if (!crashed) {
          break;
        }
      }
    }
    assertThat(refused).isGreaterThan(10);
  }

  @Test
  void instants_leadToCommitsAndBack() throws IOException {
    history.ageSome();
    history.compactor.fold(Pace.FREE);
    try (FileSet.Pinned pinned = history.files.pin()) {
      Moments moments = new Moments(pinned, history.journal.last());
      long before = 0;
      for (long number = Math.max(1, pinned.oldest()); number <= moments.last(); number++) {
        long time = moments.timeOf(number);
        assertThat(time).isGreaterThanOrEqualTo(before);
        long found = moments.numberAt(Instant.ofEpochMilli(time));
        assertThat(found).isGreaterThanOrEqualTo(number);
        assertThat(moments.timeOf(found)).isEqualTo(time);
        if (found < moments.last()) {
          assertThat(moments.timeOf(found + 1)).isGreaterThan(time);
        }
        before = time;
      }
      assertThat(moments.numberAt(Instant.now().plusSeconds(9))).isEqualTo(moments.last());
      if (pinned.oldest() == 0) {
        assertThat(moments.numberAt(Instant.EPOCH)).isZero();
      } else {
        assertThatThrownBy(() -> moments.numberAt(Instant.EPOCH))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("was dropped; the oldest state that is kept is that of");
      }
    }
  }

  @Test
  void oneObject_isReadFromTheBlocksThatHaveIt() throws IOException {
    try (FileSet.Pinned pinned = history.files.pin()) {
      for (long number = pinned.oldest(); number <= history.journal.last(); number += 7) {
        for (var name : History.OBJECTS) {
          long at = number;
          assertThat(Past.entries(pinned, name, number, Long.MAX_VALUE))
              .extracting(entry -> java.util.HexFormat.of().formatHex(entry.key()))
              .as("%s after %s", name, at)
              .isEqualTo(
                  history.model(name.shard(), number).stream()
                      .filter(line -> line.startsWith(name + " "))
                      .map(line -> line.substring((name + " ").length(), line.indexOf('=')))
                      .toList());
        }
      }
    }
  }

  /** Notes which files are made. */
  private static final class Counting implements Disk {
    private final Disk under;
    final List<String> created = new java.util.ArrayList<>();

    Counting(Disk under) {
      this.under = under;
    }

    @Override
    public List<String> list() throws IOException {
      return under.list();
    }

    @Override
    public boolean exists(String name) throws IOException {
      return under.exists(name);
    }

    @Override
    public dev.abide.engine.internal.disk.DiskFile open(String name, boolean create)
        throws IOException {
      if (create) {
        created.add(name);
      }
      return under.open(name, create);
    }

    @Override
    public void rename(String from, String to) throws IOException {
      under.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
      under.delete(name);
    }

    @Override
    public void force() throws IOException {
      under.force();
    }

    @Override
    public long usableBytes() throws IOException {
      return under.usableBytes();
    }
  }
}
