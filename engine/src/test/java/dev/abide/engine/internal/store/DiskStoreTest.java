package dev.abide.engine.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.compaction.CompactionOptions;
import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.disk.FaultyDisk;
import dev.abide.engine.internal.journal.JournalOptions;
import dev.abide.engine.internal.store.chronicle.ChronicleStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A directory whose disk is full where maps are made, or whose files fail at the close. */
@Timeout(60)
final class DiskStoreTest {
  private static final StoreOptions OPTIONS =
      new StoreOptions(
          new JournalOptions(4096, Duration.ofMinutes(10)), CompactionOptions.standard());

  @TempDir Path directory;

  private final AtomicBoolean full = new AtomicBoolean();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final List<String> notices = new CopyOnWriteArrayList<>();

  private void beforeMap() {
    if (full.get()) {
      throw new IllegalStateException("no space left on device (injected)");
    }
  }

  private DiskStore open(UnaryOperator<Disk> disk) {
    return DiskStore.open(
        directory,
        OPTIONS,
        disk,
        new ChronicleStore.Options(1, true, this::beforeMap),
        failures::add,
        (what, cause) -> notices.add(what));
  }

  private static Commit put(DiskStore store, String id, int bytes) {
    return new Commit(
        store.name("T", id),
        false,
        List.of(),
        List.of(new Change(new byte[] {1}, new byte[bytes])),
        ApplyListener.NONE);
  }

  private static long threadsOfStores() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread ->
            thread.getName().startsWith("abide-store")
                || thread.getName().startsWith("abide-map-maker")
                || thread.getName().startsWith("abide-journal")
                || thread.getName().startsWith("abide-segments"))
        .count();
  }

  @Test
  void readsThatACloseOvertakes_areAnsweredOrRefused() throws Exception {
    for (int round = 0; round < 8; round++) {
      DiskStore store = open(files -> files);
      store.awaitDurable(store.append(put(store, "a", 100)));
      store.awaitApplied();
      ObjectName name = store.name("T", "a");
      byte[] key = {1};
      List<Callable<Object>> reads =
          List.of(
              () -> store.load(name).entries().getFirst().value().length,
              () -> Objects.requireNonNull(store.find(name, key)).length,
              () ->
                  store.range(name, new KeyRange(key, null), false, 1, 1).getFirst().value().length,
              () -> store.load(name).entries().getFirst().value().length);
      CountDownLatch reading = new CountDownLatch(reads.size());
      List<CompletableFuture<Throwable>> ends = new ArrayList<>();
      for (Callable<Object> read : reads) {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        ends.add(end);
        Thread.ofVirtual()
            .start(() -> {
              Throwable thrown = null;
              while (thrown == null) {
                thrown = catchThrowable(() -> assertThat(read.call()).isEqualTo(100));
                reading.countDown();
              }
              end.complete(thrown);
            });
      }
      reading.await();

      store.close();

      for (CompletableFuture<Throwable> end : ends) {
        assertThat(end.get())
            .isInstanceOf(StorageException.class)
            .hasMessageContaining("the store is closed");
      }
      // As one that had looked whether it was closed, and came here late.
      assertThatThrownBy(() -> store.maps().load(name))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("the store is closed");
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void withoutRoomForAMap_waitingCommitsAreRefused_andItGoesOnByItself() throws Exception {
    full.set(true);
    DiskStore store = open(files -> files);
    long durable = store.append(put(store, "a", 3000));
    store.awaitDurable(durable);
    CountDownLatch begun = new CountDownLatch(1);
    AtomicReference<Throwable> refused = new AtomicReference<>();
    Thread waiter =
        Thread.ofVirtual()
            .start(() -> {
              begun.countDown();
              refused.set(catchThrowable(() -> store.append(put(store, "b", 3000))));
            });
    begun.await();
    waiter.join();

    assertThat(refused.get())
        .isInstanceOfSatisfying(
            StorageException.class,
            refusal -> {
              assertThat(refusal.applied()).isEqualTo(Applied.NO);
              assertThat(refusal.retryable()).isTrue();
              assertThat(refusal).hasMessageContaining("no space left on device (injected)");
            });
    assertThat(store.ready()).isFalse();
    assertThat(failures).as("a full disk is no failure").isEmpty();
    // A commit is refused as soon as the map is known not to be made, which is told right after.
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !notices.isEmpty());
    assertThat(notices).as("told once").hasSize(1);

    full.set(false);
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(store::ready);
    store.awaitDurable(store.append(put(store, "b", 3000)));
    store.awaitApplied();
    assertThat(store.ids("T", "", null, 10)).containsExactly("a", "b");
    store.close();
  }

  @Test
  void withoutRoomForAMap_anOpenThatMustRebuildIsRefused_andLeavesNothingBehind() {
    DiskStore before = open(files -> files);
    before.awaitDurable(before.append(put(before, "a", 3000)));
    full.set(true);
    // Not clean, because a map cannot be made for another shard.
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          int n = before.ready() ? (int) before.last() : -1;
          return n < 0 || catchThrowable(() -> before.append(put(before, "id-" + n, 10))) != null;
        });
    before.close();
    long threads = threadsOfStores();

    assertThatThrownBy(() -> open(files -> files))
        .isInstanceOfSatisfying(
            StorageException.class, refusal -> assertThat(refusal.retryable()).isTrue());
    assertThat(threadsOfStores()).isEqualTo(threads);

    full.set(false);
    DiskStore again = open(files -> files);
    assertThat(again.ids("T", "a", null, 10)).containsExactly("a");
    again.close();
  }

  @Test
  void interruptedCaller_opensAndClosesCleanly_andKeepsItsInterrupt() {
    Thread.currentThread().interrupt();
    DiskStore store = open(files -> files);
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    store.awaitDurable(store.append(put(store, "a", 100)));
    store.close();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(directory.resolve("shards")).as("what a clean close leaves").exists();
  }

  @Test
  void aSyncThatFailsAtTheClose_losesNothing_andLeavesNothingBehind() {
    AtomicReference<FaultyDisk> disk = new AtomicReference<>();
    long threads = threadsOfStores();
    DiskStore store =
        open(files -> {
          disk.set(new FaultyDisk(files));
          return disk.get();
        });
    store.awaitDurable(store.append(put(store, "a", 100)));
    // The thread that makes segments syncs too; the close comes after it.
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> disk.get().list().stream().filter(f -> f.startsWith("segment-")).count() == 2);
    disk.get().failForce(1);

    assertThatThrownBy(store::close).isInstanceOf(StorageException.class);
    assertThat(threadsOfStores()).isEqualTo(threads);
    DiskStore again = open(files -> files);
    assertThat(again.ids("T", "", null, 10)).containsExactly("a");
    again.close();
  }
}
