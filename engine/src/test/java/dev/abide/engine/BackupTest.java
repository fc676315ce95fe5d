package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.internal.compaction.Backup;
import dev.abide.engine.internal.compaction.BackupList;
import dev.abide.engine.internal.compaction.FileSet;
import dev.abide.engine.internal.compaction.Restore;
import dev.abide.engine.internal.disk.FileDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backups of an engine that is in use, and a look at the past. */
@Timeout(120)
final class BackupTest {
  private static final int OBJECTS = 20;

  @TempDir Path temp;

  private Abide open(String name) {
    return Engines.open(
        temp.resolve(name), options -> options.host(Counter.class, CounterObject::new));
  }

  private void restore(String from, String to) throws IOException {
    FileDisk disk = new FileDisk(temp.resolve(from));
    BackupList list = BackupList.read(disk);
    try (FileSet.Pinned pinned = Backup.open(disk, list).pin()) {
      Restore.write(
          pinned, list.last(), list.timeMs(), FileDisk.made(temp.resolve(to)), done -> {});
    }
  }

  @Test
  void aBackupWhileCallsRun_hasAllThatWasAnsweredBefore_andAPrefixOfTheRest() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    AtomicLongArray answered = new AtomicLongArray(OBJECTS);
    List<Thread> callers = new ArrayList<>();
    try (Abide abide = open("data")) {
      for (int caller = 0; caller < 4; caller++) {
        int own = caller;
        callers.add(
            Thread.startVirtualThread(() -> {
              for (int i = own; !ended.get(); i = (i + 4) % OBJECTS) {
                answered.set(i, abide.get(Counter.class, "c" + i).increment(1));
              }
            }));
      }
      for (int round = 0; round < 3; round++) {
        while (answered.get(3) < 20 * (round + 1)) {
          Thread.onSpinWait();
        }
        long[] least = new long[OBJECTS];
        for (int i = 0; i < OBJECTS; i++) {
          least[i] = answered.get(i);
        }
        abide.backup(temp.resolve("backup"));
        long[] most = new long[OBJECTS];
        for (int i = 0; i < OBJECTS; i++) {
          most[i] = answered.get(i) + 1;
        }
        restore("backup", "restored-" + round);
        try (Abide restored = open("restored-" + round)) {
          for (int i = 0; i < OBJECTS; i++) {
            assertThat(restored.get(Counter.class, "c" + i).value()).isBetween(least[i], most[i]);
          }
          assertThat(restored.get(Counter.class, "c0").increment(1)).isPositive();
        }
      }
      ended.set(true);
      for (Thread caller : callers) {
        caller.join();
      }
    }
    try (Abide again = open("data")) {
      for (int i = 0; i < OBJECTS; i++) {
        assertThat(again.get(Counter.class, "c" + i).value()).isEqualTo(answered.get(i));
      }
    }
  }

  @Test
  void anEmptyDirectory_canBeBackedUp_andACloseAfterItIsClean() throws Exception {
    try (Abide abide = open("data")) {
      abide.backup(temp.resolve("backup"));
      abide.backup(temp.resolve("backup"));
    }
    assertThat(temp.resolve("data/shards")).exists();
    restore("backup", "restored");
    try (Abide restored = open("restored")) {
      assertThat(restored.ids(Counter.class)).isEmpty();
    }
  }

  @Test
  void aBackup_isNotOpened_andItsOwnDirectoryIsRefused() throws Exception {
    try (Abide abide = open("data")) {
      abide.backup(temp.resolve("backup"));
      assertThatThrownBy(() -> open("backup"))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("this directory is a backup, which is never opened");
      assertThatThrownBy(() -> abide.backup(temp.resolve("data")))
          .isInstanceOf(DirectoryInUseException.class);
      Files.createDirectories(temp.resolve("foreign"));
      Files.writeString(temp.resolve("foreign/notes.txt"), "mine");
      assertThatThrownBy(() -> abide.backup(temp.resolve("foreign")))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("notes.txt");
      assertThat(abide.get(Counter.class, "a").increment(1)).isEqualTo(1);
    }
    try (Abide other = open("other")) {
      assertThatThrownBy(() -> other.backup(temp.resolve("backup")))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("backup of another directory");
    }
    restore("backup", "restored");
    try (Abide restored = open("restored")) {
      assertThatThrownBy(() -> restored.backup(temp.resolve("backup")))
          .hasMessageContaining("backup of another directory, or of this one before a restore");
    }
  }

  @Test
  void aBackupInsideItsOwnDirectory_isNoneOfItsFiles() throws Exception {
    try (Abide abide = open("data")) {
      abide.get(Counter.class, "a").increment(7);
      abide.backup(temp.resolve("data/backup"));
    }
    try (Abide again = open("data")) {
      assertThat(again.get(Counter.class, "a").value()).isEqualTo(7);
    }
    restore("data/backup", "restored");
    try (Abide restored = open("restored")) {
      assertThat(restored.get(Counter.class, "a").value()).isEqualTo(7);
    }
  }

  @Test
  void aDirectoryWithoutItsIdentity_isRefused_andGetsNoNewOne() throws Exception {
    try (Abide abide = open("data")) {
      abide.get(Counter.class, "a").increment(7);
    }
    Path identity = temp.resolve("data/identity");
    Path aside = Files.move(identity, temp.resolve("aside"));
    assertThatThrownBy(() -> open("data"))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("the file identity is missing, and segment-")
        .hasMessageContaining("restore it from a copy of this directory");
    assertThat(identity).doesNotExist();
    Files.move(aside, identity);
    try (Abide again = open("data")) {
      assertThat(again.get(Counter.class, "a").value()).isEqualTo(7);
    }
  }

  @Test
  void inMemory_thereIsNothingToBackUp_andNoPast() {
    try (Abide abide =
        Engines.inMemory(options -> options.host(Counter.class, CounterObject::new))) {
      assertThatThrownBy(() -> abide.backup(temp.resolve("backup")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("keeps its objects in memory");
      assertThatThrownBy(() -> abide.at(Counter.class, "a", Instant.now(), storage -> 1))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void thePast_isWhatWasStoredThen_andCanOnlyBeRead() throws Exception {
    try (Abide abide = open("data")) {
      Counter counter = abide.get(Counter.class, "a");
      List<Instant> times = new ArrayList<>();
      for (int i = 1; i <= 5; i++) {
        counter.increment(1);
        Instant after = Instant.now();
        times.add(after);
        while (!Instant.now().isAfter(after.plusMillis(2))) {
          Thread.onSpinWait();
        }
      }
      for (int i = 1; i <= 5; i++) {
        assertThat(count(abide, times.get(i - 1))).isEqualTo(i);
      }
      assertThat(count(abide, Instant.EPOCH)).isZero();
      abide.delete(Counter.class, "a");
      assertThat(count(abide, Instant.now().plusSeconds(5))).isZero();
      abide.backup(temp.resolve("backup"));
      assertThat(count(abide, times.get(2))).as("from a run").isEqualTo(3);

      assertThatThrownBy(() ->
              abide.at(
                  Counter.class,
                  "a",
                  times.get(0),
                  storage -> {
                    storage.clear();
                    return 0;
                  }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("cannot be changed");
      List<Storage> kept = new ArrayList<>();
      abide.at(Counter.class, "a", times.get(0), kept::add);
      assertThatThrownBy(() -> kept.getFirst().cell("count", Long.class, 0L).get())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("seen only in the function given to at");
    }
  }

  private static long count(Abide abide, Instant when) {
    return abide.at(
        Counter.class, "a", when, storage -> storage.cell("count", Long.class, 0L).get());
  }
}
