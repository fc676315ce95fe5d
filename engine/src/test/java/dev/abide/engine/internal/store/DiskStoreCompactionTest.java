package dev.abide.engine.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.StorageException;
import dev.abide.engine.internal.compaction.CompactionOptions;
import dev.abide.engine.internal.journal.JournalOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A directory whose segments are sorted, merged and folded beside the work, and its rebuilds. */
@Timeout(300)
class DiskStoreCompactionTest {
  private static final StoreOptions SMALL =
      new StoreOptions(
          new JournalOptions(64 << 20, Duration.ofSeconds(60), 16_384, 65_536),
          new CompactionOptions(Duration.ZERO, 0, 4, 3, 65_536, 1L << 40));

  @TempDir Path directory;

  private final List<Throwable> failures = new CopyOnWriteArrayList<>();

  private DiskStore open() {
    return DiskStore.open(directory, SMALL, failures::add, (_, cause) -> failures.add(cause));
  }

  private List<String> files(String prefix) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(prefix))
          .toList();
    }
  }

  @Test
  void whatRunsAndBasesSayIsWhatTheModelHolds_afterCleanClosesAndRebuilds() throws Exception {
    DiskStore store = open();
    StoreModel model =
        new StoreModel(Long.getLong("abide.seed", System.nanoTime()), 200, store::name);
    for (int round = 0; round < 6; round++) {
      for (int n = 0; n < 120; n++) {
        store.append(model.next(ApplyListener.NONE));
      }
      store.awaitDurable(store.last());
      store.awaitApplied();
      model.check(store);
      if (round == 3) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !files("base-").isEmpty());
      }
      store.close();
      if (round % 2 == 0) {
        // Then it is rebuilt, as after a power loss.
        Files.delete(directory.resolve("shards"));
      }
      store = open();
      model.check(store);
    }
    // One for each shard, or two where a newer one is about to take the older one's place.
    assertThat(
            files("base-").stream()
                .filter(name -> !name.endsWith(".tmp"))
                .map(name -> name.substring(0, "base-00".length()))
                .distinct())
        .hasSize(64);
    assertThat(failures).isEmpty();
    store.close();
  }

  /** Damage may be where only the filling of the maps reads; until then nothing is removed. */
  @Test
  void filesThatOthersCover_areThereStill_whereAnOpenIsRefusedForDamage() throws Exception {
    DiskStore store = open();
    StoreModel model =
        new StoreModel(Long.getLong("abide.seed", System.nanoTime()), 200, store::name);
    Map<Path, byte[]> runs = new HashMap<>();
    while (runs.isEmpty() || files("base-").isEmpty()) {
      store.awaitDurable(store.append(model.next(ApplyListener.NONE)));
      if (files("base-").isEmpty()) {
        for (String run : files("run-")) {
          if (!run.endsWith(".tmp")) {
            copy(directory.resolve(run), runs);
          }
        }
      }
    }
    store.compact();
    store.close();
    runs.keySet().removeIf(Files::exists);
    assertThat(runs).as("runs that were folded away").isNotEmpty();
    for (Map.Entry<Path, byte[]> run : runs.entrySet()) {
      Files.write(run.getKey(), run.getValue());
    }
    Files.delete(directory.resolve("shards"));
    Path base =
        files("base-").stream()
            .map(directory::resolve)
            .max(Comparator.comparingLong(file -> file.toFile().length()))
            .orElseThrow();
    byte[] whole = Files.readAllBytes(base);
    byte[] damaged = whole.clone();
    damaged[whole.length / 3] ^= 1;
    Files.write(base, damaged);

    assertThatThrownBy(this::open)
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(base.getFileName().toString());
    assertThat(runs.keySet()).allMatch(Files::exists);

    Files.write(base, whole);
    store = open();
    model.check(store);
    assertThat(runs.keySet()).noneMatch(Files::exists);
    store.close();
  }

  /** A run may go while it is read. */
  private static void copy(Path run, Map<Path, byte[]> to) throws IOException {
    try {
      to.put(run, Files.readAllBytes(run));
    } catch (NoSuchFileException e) {
      to.remove(run);
    }
  }
}
