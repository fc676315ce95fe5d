package dev.abide.engine.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.internal.compaction.CompactionOptions;
import dev.abide.engine.internal.journal.JournalOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
}
