package dev.abide.engine.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import dev.abide.engine.fixtures.SmallFileSystem;
import dev.abide.engine.internal.compaction.CompactionOptions;
import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.disk.StepDisk;
import dev.abide.engine.internal.journal.JournalOptions;
import dev.abide.engine.internal.store.chronicle.ChronicleStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every background work meets the end of a real disk, an ext4 that is filled to its last block in
 * the middle of it: nothing is lost, commits are refused in words, reads go on, and when there is
 * space again it goes on by itself.
 */
@Timeout(300)
final class FullFileSystemTest {
  private static final long BYTES = 256L << 20;
  private static final JournalOptions JOURNAL =
      new JournalOptions(16 << 20, Duration.ofSeconds(60), 1 << 20, 1 << 20);
  private static final CompactionOptions KEEPING =
      new CompactionOptions(Duration.ofHours(1), 1L << 40, 4, 3, 1L << 40, 1L << 40);
  private static final int OBJECTS = 300;
  private static final byte[] KEY = {1};
  private static final Pattern NO_SPACE =
      Pattern.compile("no space left on device", Pattern.CASE_INSENSITIVE);

  @TempDir Path temp;

  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final Queue<String> notices = new ConcurrentLinkedQueue<>();

  /** What was acknowledged of each object. */
  private final Map<String, Integer> model = new TreeMap<>();

  private DiskStore open(Path data, StoreOptions options, UnaryOperator<Disk> disk) {
    return DiskStore.open(
        data,
        options,
        disk,
        ChronicleStore.Options.standard(),
        failures::add,
        (what, _) -> notices.add(what));
  }

  private static StoreOptions options(CompactionOptions compaction) {
    return new StoreOptions(JOURNAL, compaction);
  }

  private void put(DiskStore store, int n) {
    String id = "id-" + n % OBJECTS;
    byte[] value = ByteBuffer.allocate(10_000).putInt(n).array();
    store.awaitDurable(
        store.append(
            new Commit(
                store.name("T", id),
                false,
                List.of(),
                List.of(new Change(KEY, value)),
                ApplyListener.NONE)));
    model.put(id, n);
  }

  private static int value(DiskStore store, String id) {
    byte[] value = store.find(store.name("T", id), KEY);
    return value == null ? -1 : ByteBuffer.wrap(value).getInt();
  }

  /** What an object has is in the maps, or on its way to them. */
  private void checkReads(DiskStore store) {
    store.awaitApplied();
    model.forEach((id, n) -> assertThat(value(store, id)).as(id).isEqualTo(n));
  }

  private static void assertRefused(Throwable thrown) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            StorageException.class,
            refusal -> {
              assertThat(refusal.retryable()).isTrue();
              assertThat(refusal.applied()).isEqualTo(Applied.NO);
            })
        .hasMessageContaining("bytes free");
  }

  private static void await(BooleanSupplier what) {
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(what::getAsBoolean);
  }

  private static List<String> files(Path data, String prefix) {
    try (Stream<Path> all = Files.list(data)) {
      return all.map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(prefix))
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> complete(Path data, String prefix) {
    return files(data, prefix).stream().filter(name -> !name.endsWith(".tmp")).toList();
  }

  /**
   * Commits until the work has met the end of the disk and commits are refused, then gives space
   * back.
   *
   * @param step the change before which the file system is filled
   * @param done whether the work has been done after all
   */
  private void meetsTheEnd(CompactionOptions compaction, Step step, Predicate<Path> done)
      throws Exception {
    try (SmallFileSystem small = SmallFileSystem.in(temp, "small", BYTES)) {
      Path data = small.path().resolve("data");
      AtomicBoolean begun = new AtomicBoolean();
      DiskStore store =
          open(
              data,
              options(compaction),
              files ->
                  new StepDisk(
                      files,
                      name -> begun.get() && step.counts().test(data, name),
                      step.before(),
                      small::fill));
      int n = 0;
      while (n < OBJECTS) {
        put(store, n++);
      }
      checkReads(store);
      Map<String, Integer> atLeast = Map.copyOf(model);
      begun.set(true);
      Throwable refused = null;
      while (refused == null) {
        int next = n++;
        refused = catchThrowable(() -> put(store, next));
      }
      assertRefused(refused);
      // It was refused for what was left while the rest was still being taken.
      await(small::isFilled);
      await(() -> notices.stream().anyMatch(what -> NO_SPACE.matcher(what).find()));
      atLeast.forEach(
          (id, first) -> assertThat(value(store, id)).as(id).isBetween(first, model.get(id)));
      assertThat(files(data, "").stream().filter(name -> name.endsWith(".tmp")))
          .as("what was begun and takes space")
          .isEmpty();

      small.free();
      await(store::ready);
      await(() -> done.test(data));
      for (int more = 0; more < OBJECTS; more++) {
        put(store, n + more);
      }
      checkReads(store);
      store.close();
      assertThat(failures).isEmpty();
      checkOpen(data);
    }
  }

  /**
   * The n-th change of a file, of those that count, once there is something to work at.
   *
   * @param counts given the directory and the name of the file
   */
  private record Step(BiPredicate<Path, String> counts, long before) {}

  private void checkOpen(Path data) throws IOException {
    for (boolean anew : new boolean[] {false, true}) {
      StoreOptions options = options(CompactionOptions.standard());
      try (DiskStore store = open(data, anew ? options.rebuilding() : options, files -> files)) {
        checkReads(store);
        assertThat(store.ids("T", "", null, 1_000)).hasSameSizeAs(model.keySet());
        StateCheck.check(store);
      }
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void aSort() throws Exception {
    meetsTheEnd(
        KEEPING,
        new Step((data, name) -> name.startsWith("run-"), 4),
        data -> !complete(data, "run-").isEmpty());
  }

  @Test
  void aMerge() throws Exception {
    meetsTheEnd(
        KEEPING,
        new Step(FullFileSystemTest::isMerge, 4),
        data -> {
          int runs = complete(data, "run-").size();
          return runs > 0 && runs <= 4;
        });
  }

  /** Whether a run is being made that begins where one begins that is there. */
  private static boolean isMerge(Path data, String name) {
    String first = name.length() < 37 ? "" : name.substring(0, 37);
    return name.matches("run-.*\\.tmp")
        && complete(data, "run-").stream().anyMatch(run -> run.startsWith(first));
  }

  @Test
  void aFold() throws Exception {
    meetsTheEnd(
        CompactionOptions.foldingAll(Duration.ZERO, 0),
        // The first write of a base in the middle of those of the shards: what was left is deleted,
        // the file is made, and then it is written.
        new Step(
            (data, name) -> name.matches("base-.*\\.tmp") && complete(data, "base-").size() >= 20,
            3),
        data ->
            complete(data, "base-").stream().map(name -> name.substring(7)).distinct().count() == 1
                && complete(data, "base-").size() == 64);
  }

  @Test
  void aBackup_whoseTargetIsFull_isRefusedInWords_andTheNextOneIsWhole() throws Exception {
    try (SmallFileSystem small = SmallFileSystem.in(temp, "target", 64L << 20)) {
      Path data = temp.resolve("data");
      Path target = small.path().resolve("backup");
      try (DiskStore store = open(data, options(KEEPING), files -> files)) {
        for (int n = 0; n < 300; n++) {
          put(store, n);
        }
        store.backup(target);
        for (int n = 300; n < 900; n++) {
          put(store, n);
        }
        small.fill();

        Throwable refused = catchThrowable(() -> store.backup(target));
        assertThat(refused)
            .isInstanceOf(StorageException.class)
            .hasMessageContaining(target.toString())
            .hasMessageContaining("the target is the backup that it was before, or the new one")
            .message()
            .containsPattern(NO_SPACE);
        assertThat(store.ready()).as("the engine's own disk is not full").isTrue();
        put(store, 900);
        checkReads(store);
        try (DataDirectory before = DataDirectory.open(target)) {
          for (String name : before.sortedNames()) {
            assertThat(before.check(name)).isNotNegative();
          }
        }

        small.free();
        store.backup(target);
      }
      Path restored = temp.resolve("restored");
      try (DataDirectory from = DataDirectory.open(target)) {
        from.restore(restored, from.moments().last(), _ -> {});
      }
      checkOpen(restored);
      assertThat(failures).isEmpty();
    }
  }

  @Test
  void aRebuild() throws Exception {
    try (SmallFileSystem small = SmallFileSystem.in(temp, "small", BYTES)) {
      Path data = small.path().resolve("data");
      try (DiskStore store = open(data, options(KEEPING), files -> files)) {
        for (int n = 0; n < 300; n++) {
          put(store, n);
        }
      }
      for (String name : List.of("shards", "lines")) {
        Files.delete(data.resolve(name));
      }
      CompletableFuture<DiskStore> opening = new CompletableFuture<>();
      StoreOptions filling =
          options(KEEPING)
              .telling(shards -> {
                if (shards == 5) {
                  small.fill();
                }
              });
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            try {
              opening.complete(open(data, filling, files -> files));
            } catch (Throwable thrown) {
              opening.completeExceptionally(thrown);
            }
          });
      await(() -> notices.stream().anyMatch(what -> what.startsWith("no map file could be made")));
      assertThat(small.isFilled()).isTrue();
      small.free();

      // Where it has read all by then, it waits for the maps; else it says what it lacks.
      List<DiskStore> opened = new ArrayList<>();
      Throwable refused = catchThrowable(() -> opened.add(opening.join()));
      if (refused == null) {
        checkReads(opened.getFirst());
        opened.getFirst().close();
      } else {
        assertThat(refused.getCause())
            .isInstanceOf(StorageException.class)
            .hasMessageContaining("the next map of the store cannot be made");
      }
      checkOpen(data);
    }
  }
}
