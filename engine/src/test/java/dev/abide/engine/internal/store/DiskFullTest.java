package dev.abide.engine.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.compaction.CompactionOptions;
import dev.abide.engine.internal.disk.FaultyDisk;
import dev.abide.engine.internal.journal.JournalOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** G13 does not meet a full disk: commits are refused before, and accepted again after. */
@Timeout(300)
class DiskFullTest {
  private static final StoreOptions SMALL =
      new StoreOptions(
          new JournalOptions(16 << 20, Duration.ofSeconds(60), 256 << 10, 1 << 20),
          CompactionOptions.standard());

  @TempDir Path directory;

  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final List<String> notices = new CopyOnWriteArrayList<>();

  private static Commit put(DiskStore store, String id, int bytes) {
    return new Commit(
        store.name("T", id),
        false,
        List.of(),
        List.of(new Change(new byte[] {1}, new byte[bytes])),
        ApplyListener.NONE);
  }

  private static void assertRefused(Throwable thrown) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            StorageException.class,
            refusal -> {
              assertThat(refusal.retryable()).isTrue();
              assertThat(refusal.applied()).isEqualTo(Applied.NO);
            });
  }

  @Test
  void withLessFreeThanIsNeeded_commitsAreRefused_readsGoOn_andItResumesByItself() {
    AtomicReference<FaultyDisk> disk = new AtomicReference<>();
    DiskStore store =
        DiskStore.open(
            directory,
            StoreOptions.standard(),
            files -> {
              disk.set(new FaultyDisk(files));
              return disk.get();
            },
            dev.abide.engine.internal.store.chronicle.ChronicleStore.Options.standard(),
            failures::add,
            (what, _) -> notices.add(what));
    store.awaitDurable(store.append(put(store, "a", 100)));
    disk.get().full(true);
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !store.ready());

    Throwable refused = catchThrowable(() -> store.append(put(store, "b", 100)));
    assertRefused(refused);
    assertThat(refused).hasMessageContaining("0 bytes free");
    long last = store.last();
    Path target = directory.resolveSibling(directory.getFileName() + "-backup");
    assertRefused(Objects.requireNonNull(catchThrowable(() -> store.backup(target))));
    assertThat(store.last()).as("a backup takes nothing of what is left").isEqualTo(last);
    assertThat(store.load(store.name("T", "a")).entries()).hasSize(1);
    disk.get().full(false);
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(store::ready);
    store.awaitDurable(store.append(put(store, "b", 100)));
    store.awaitApplied();
    assertThat(store.ids("T", "", null, 10)).containsExactly("a", "b");
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> notices.size() == 2);
    assertThat(failures).isEmpty();
    store.close();
  }

  /** A file system of 192 MiB; to be had by root on Linux only. */
  private static boolean mount(Path where) throws IOException, InterruptedException {
    return Files.isExecutable(Path.of("/bin/mount"))
        && new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=192m", "none", where.toString())
                .start()
                .waitFor()
            == 0;
  }

  /** To the last byte. */
  private static void fill(Path file) throws IOException {
    try (var out = Files.newOutputStream(file)) {
      Throwable full = null;
      while (full == null) {
        full = catchThrowable(() -> out.write(new byte[4_096]));
      }
      assertThat(full).isInstanceOf(IOException.class);
    }
  }

  @Test
  void onAFileSystemThatFillsUp_nothingAcknowledgedIsLost_andItResumesByItself() throws Exception {
    Path small = Files.createDirectory(directory.resolve("small"));
    assumeTrue(mount(small), "no small file system can be mounted here: that takes root on Linux");
    try {
      Path ballast = small.resolve("ballast");
      Files.write(ballast, new byte[64 << 20]);
      Path data = small.resolve("data");
      List<String> acknowledged = new ArrayList<>();
      DiskStore store = DiskStore.open(data, SMALL, failures::add, (what, _) -> notices.add(what));
      Throwable refused = null;
      for (int n = 0; refused == null; n++) {
        String id = "id-%05d".formatted(n);
        refused =
            catchThrowable(() -> {
              store.awaitDurable(store.append(put(store, id, 20_000)));
              acknowledged.add(id);
            });
      }

      assertRefused(Objects.requireNonNull(refused));
      assertThat(failures).as("the journal has not met the end of the disk").isEmpty();
      assertThat(Files.getFileStore(small).getUsableSpace()).isPositive();
      assertThat(store.load(store.name("T", acknowledged.getFirst()))).isNotNull();
      Files.delete(ballast);
      Awaitility.await().atMost(Duration.ofSeconds(60)).until(store::ready);
      store.awaitDurable(store.append(put(store, "later", 20_000)));
      acknowledged.add("later");
      store.close();
      fill(ballast);
      try (DiskStore again = DiskStore.open(data, SMALL, failures::add, (_, _) -> {})) {
        assertThat(again.ids("T", "", null, 100_000)).containsExactlyElementsOf(acknowledged);
        assertThat(again.load(again.name("T", "later"))).isNotNull();
        Files.delete(ballast);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(again::ready);
        again.awaitDurable(again.append(put(again, "at last", 20_000)));
      }
      assertThat(failures).isEmpty();
    } finally {
      assertThat(new ProcessBuilder("umount", small.toString()).start().waitFor()).isZero();
    }
  }
}
