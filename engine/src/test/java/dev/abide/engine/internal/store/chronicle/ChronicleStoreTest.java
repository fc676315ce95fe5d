package dev.abide.engine.internal.store.chronicle;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.StorageException;
import dev.abide.engine.internal.store.AlarmIndex;
import dev.abide.engine.internal.store.ApplyListener;
import dev.abide.engine.internal.store.Change;
import dev.abide.engine.internal.store.Commit;
import dev.abide.engine.internal.store.KeyRange;
import dev.abide.engine.internal.store.ObjectName;
import dev.abide.engine.internal.store.StoreModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChronicleStoreTest {
  private static final ChronicleStore.Options STANDARD =
      new ChronicleStore.Options(2, true, () -> {});
  private static final ChronicleStore.Options UNMOVED =
      new ChronicleStore.Options(2, false, () -> {});

  @TempDir Path directory;

  @Test
  void agrees_with_the_model_over_clean_closes() throws Exception {
    agrees(STANDARD, 8);
  }

  /** The first child of a page got keys below its own, and was divided at the key that it had. */
  @Test
  void agrees_with_the_model_where_the_first_child_is_divided_at_its_old_key() throws Exception {
    agrees(STANDARD, 8, 6766548067552445960L, false);
  }

  /** A root was too large with the long id that it holds, and what was in it was not without. */
  @Test
  void agrees_with_the_model_where_a_root_is_large_by_its_id() throws Exception {
    agrees(STANDARD, 8, -1268038853620957248L, false);
  }

  @Test
  void agrees_with_the_model_when_nothing_is_moved() throws Exception {
    agrees(UNMOVED, 3);
  }

  private void agrees(ChronicleStore.Options options, int rounds) throws Exception {
    // More of them for a soak: -Dabide.soak=N
    for (int run = 0; run < Integer.getInteger("abide.soak", 1); run++) {
      agrees(options, rounds, new SplittableRandom().nextLong(), true);
    }
  }

  private void agrees(ChronicleStore.Options options, int rounds, long seed, boolean alarms)
      throws Exception {
    try (FedStore store = new FedStore(Files.createTempDirectory(directory, "run"), options)) {
      StoreModel model = new StoreModel(seed, 400, alarms, store::name);
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < 100; i++) {
          store.append(model.next(ApplyListener.NONE));
        }
        store.awaitApplied();
        model.check(store);
        ShardCheck.check(store.store());
        assertThat(store.reopen(options, () -> {})).isTrue();
        model.check(store);
        ShardCheck.check(store.store());
      }
      assertThat(store.failures).isEmpty();
    }
  }

  @Test
  void shard_grows_through_many_maps_and_every_page_is_read_on_the_way() throws Exception {
    try (FedStore store = new FedStore(directory, STANDARD)) {
      grow(store, 4_000);
    }
  }

  @Test
  void no_map_is_ever_full_when_nothing_is_moved() throws Exception {
    try (FedStore store = new FedStore(directory, UNMOVED)) {
      grow(store, 4_000);
    }
  }

  @Test
  void applies_wait_for_a_late_map_and_reads_go_on() throws Exception {
    CountDownLatch late = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(2);
    ChronicleStore.Options options =
        new ChronicleStore.Options(
            2,
            true,
            () -> {
              asked.countDown();
              if (asked.getCount() == 0) {
                waitFor(late);
              }
            });
    try (FedStore store = new FedStore(directory, options)) {
      List<ObjectName> names = sameShard(store, 3_000);
      for (ObjectName name : names) {
        store.append(put(name, 1, new byte[1_000]));
      }
      waitFor(asked);
      store.load(names.getFirst());
      store.store().onEachShard(shard -> assertThat(shard.maps.list()).hasSizeLessThan(2));

      late.countDown();
      store.awaitApplied();

      for (ObjectName name : names) {
        assertThat(store.load(name).entries()).hasSize(1);
      }
      ShardCheck.check(store.store());
    }
  }

  @Test
  void largest_page_fits_into_every_shape_of_map() throws IOException {
    ChronicleBootstrap.prepare();
    List<MapShape> shapes = new ArrayList<>();
    for (int shard = 0; shard < 64; shard += 21) {
      shapes.add(MapShape.first(shard));
    }
    for (long entries = 0; entries < 10_000; entries = entries * 2 + 500) {
      for (int average : new int[] {0, 300, 1_024, 4_000, 12_000}) {
        shapes.add(MapShape.after(entries, average));
      }
    }
    long generation = 0;
    for (MapShape shape : shapes) {
      generation++;
      PageMap map = PageMap.create(PageMap.file(directory, 0, generation), generation, shape);
      int put = 0;
      while (map.hasRoom()) {
        map.put(new PageId(put * 0x9e3779b97f4a7c15L, put, put).key(), new byte[16_384]);
        put++;
      }
      assertThat(put).as("entries in " + shape).isPositive();
      for (int i = 0; i < put; i++) {
        assertThat(map.get(new PageId(i * 0x9e3779b97f4a7c15L, i, i).key())).hasSize(16_384);
      }
      map.abandon();
      map.delete();
    }
  }

  @Test
  void deleted_object_is_freed_page_by_page_and_a_close_between_loses_nothing() throws Exception {
    try (FedStore store = new FedStore(directory, STANDARD)) {
      ObjectName name = store.name("cart", "a");
      for (int i = 0; i < 20_000; i += 100) {
        List<Change> changes = new ArrayList<>();
        for (int k = i; k < i + 100; k++) {
          changes.add(new Change(key(k), new byte[100]));
        }
        changes.add(new Change(key(100_000 + i), new byte[100_000]));
        store.append(new Commit(name, false, List.of(), changes, ApplyListener.NONE));
      }
      store.awaitApplied();

      store.append(new Commit(name, true, List.of(), List.of(), ApplyListener.NONE));
      store.append(put(name, 5, new byte[] {5}));
      assertThat(store.reopen(STANDARD, () -> {})).isTrue();

      assertThat(store.load(name).entries()).hasSize(1);
      ShardCheck.check(store.store());
      int[] pages = {Integer.MAX_VALUE};
      while (pages[0] > 2) {
        pages[0] = 0;
        store
            .store()
            .onEachShard(shard -> shard.maps.list().forEach(map -> pages[0] += (int) map.size()));
      }
      ShardCheck.check(store.store());
    }
  }

  @Test
  void deleted_object_with_many_alarms_leaves_none_in_the_index() throws Exception {
    try (FedStore store = new FedStore(directory, STANDARD)) {
      ObjectName name = store.name("cart", "a");
      for (int i = 0; i < 2_000; i++) {
        byte[] key =
            ByteBuffer.allocate(7).put(AlarmIndex.TAG).putShort((short) 4).putInt(i).array();
        byte[] value =
            AlarmIndex.putHead(ByteBuffer.allocate(20), Instant.ofEpochSecond(i), i).array();
        store.append(
            new Commit(
                name, false, List.of(), List.of(new Change(key, value)), ApplyListener.NONE));
      }
      store.awaitApplied();
      assertThat(store.alarms(AlarmIndex.FIRST, 5_000)).hasSize(2_000);

      store.append(new Commit(name, true, List.of(), List.of(), ApplyListener.NONE));
      store.awaitApplied();

      assertThat(store.alarms(AlarmIndex.FIRST, 10)).isEmpty();
      assertThat(store.ids("cart", "", null, 10)).isEmpty();
      ShardCheck.check(store.store());
    }
  }

  @Test
  void cleared_range_writes_few_pages() throws Exception {
    try (FedStore store = new FedStore(directory, STANDARD)) {
      ObjectName name = store.name("cart", "a");
      for (int i = 0; i < 20_000; i++) {
        store.append(put(name, i, new byte[100]));
      }
      store.awaitApplied();
      store
          .store()
          .onEachShard(shard -> {
            if (shard.number == name.shard()) {
              Graves graves = new Graves(shard.pages, shard.gravesName());
              new Tree(shard.pages, name, graves).clear(new KeyRange(key(10), key(19_990)));
              assertThat(shard.pages.waiting()).isLessThan(100);
              assertThat(shard.reader.range(name, new KeyRange(key(0), null), false, 99, 1 << 20))
                  .hasSize(20);
            }
          });
    }
  }

  @Test
  void flipped_byte_in_a_page_ends_the_store_with_its_name() throws Exception {
    try (FedStore store = new FedStore(directory, STANDARD)) {
      ObjectName name = store.name("cart", "a");
      byte[] value = new byte[500];
      java.util.Arrays.fill(value, (byte) 0x5a);
      store.append(put(name, 1, value));

      assertThat(store.reopen(STANDARD, () -> flip(value))).isTrue();

      assertThatThrownBy(() -> store.load(name))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("checksum");
      assertThat(store.ready()).isFalse();
      assertThatThrownBy(() -> store.load(store.name("cart", "b")))
          .isInstanceOf(StorageException.class);
      assertThatThrownBy(store::awaitApplied).isInstanceOf(StorageException.class);
      assertThat(store.failures).hasSize(1);
      assertThat(store.store().close(FedStore.CLEAN)).isNull();
    }
  }

  @Test
  void missing_map_file_or_foreign_clean_id_means_rebuild() throws Exception {
    try (FedStore store = new FedStore(directory, STANDARD)) {
      store.append(put(store.name("cart", "a"), 1, new byte[10]));
      assertThat(store.reopen(STANDARD, () -> Files.delete(mapFile()))).isFalse();
      assertThat(store.failures).hasSize(1);

      store.append(put(store.name("cart", "a"), 1, new byte[10]));
      List<ChronicleStore.ShardState> states = requireNonNull(store.store().close(FedStore.CLEAN));
      assertThat(
              ChronicleStore.reopen(
                  directory,
                  FedStore.HASH,
                  new byte[16],
                  states,
                  STANDARD,
                  new ChronicleStore.Listeners(_ -> {}, (_, _) -> {}, (_, _) -> {})))
          .isNull();
    }
  }

  @Test
  void map_seal_is_good_for_one_open() throws Exception {
    try (FedStore store = new FedStore(directory, STANDARD)) {
      store.append(put(store.name("cart", "a"), 1, new byte[10]));
      List<ChronicleStore.ShardState> states = requireNonNull(store.store().close(FedStore.CLEAN));
      ChronicleStore first =
          requireNonNull(
              ChronicleStore.reopen(
                  directory,
                  FedStore.HASH,
                  FedStore.CLEAN,
                  states,
                  STANDARD,
                  new ChronicleStore.Listeners(_ -> {}, (_, _) -> {}, (_, _) -> {})));
      first.abandon();

      assertThat(
              ChronicleStore.reopen(
                  directory,
                  FedStore.HASH,
                  FedStore.CLEAN,
                  states,
                  STANDARD,
                  new ChronicleStore.Listeners(_ -> {}, (_, _) -> {}, (_, _) -> {})))
          .isNull();
    }
  }

  @Test
  void interrupt_is_kept_and_does_not_end_a_read() throws Exception {
    try (FedStore store = new FedStore(directory, STANDARD)) {
      store.append(put(store.name("cart", "a"), 1, new byte[10]));
      store.awaitApplied();

      Thread.currentThread().interrupt();

      assertThat(store.load(store.name("cart", "a")).entries()).hasSize(1);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void request_after_the_store_has_ended_is_refused() throws Exception {
    FedStore store = new FedStore(directory, STANDARD);
    ObjectName name = store.name("cart", "a");
    store.append(put(name, 1, new byte[10]));
    store.store().abandon();

    assertThatThrownBy(() -> store.load(name))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(store::awaitApplied).isInstanceOf(StorageException.class);
  }

  @Test
  void requests_that_race_with_the_end_are_all_answered() throws Exception {
    for (int round = 0; round < 50; round++) {
      FedStore store = new FedStore(directory, STANDARD);
      ObjectName name = store.name("cart", "a");
      store.append(put(name, 1, new byte[10]));
      AtomicBoolean refused = new AtomicBoolean();
      List<Thread> readers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        readers.add(
            Thread.ofVirtual()
                .start(() -> {
                  try {
                    while (store.load(name).whole()) {
                      Thread.onSpinWait();
                    }
                  } catch (StorageException e) {
                    refused.set(true);
                  }
                }));
      }
      store.store().abandon();
      for (Thread reader : readers) {
        reader.join();
      }
      assertThat(refused).isTrue();
    }
  }

  @Test
  void wait_for_a_commit_that_is_never_handed_over_ends() throws Exception {
    try (FedStore store = new FedStore(directory, STANDARD)) {
      FutureTask<Void> waiter =
          new FutureTask<>(() -> {
            store.store().awaitApplied(1);
            return null;
          });
      Thread.ofVirtual().start(waiter);
      store.store().endDelivery(new IllegalStateException("the journal is gone"));

      assertThatThrownBy(waiter::get).cause().isInstanceOf(StorageException.class);
    }
  }

  @Test
  void close_without_room_for_a_map_ends_and_means_rebuild() throws Exception {
    ChronicleStore.Options full =
        new ChronicleStore.Options(
            1,
            true,
            () -> {
              throw new IllegalStateException("no space left on device (injected)");
            });
    FedStore store = new FedStore(directory, full);
    store.append(put(store.name("cart", "a"), 1, new byte[10]));

    assertThatThrownBy(store::awaitApplied)
        .isInstanceOfSatisfying(
            StorageException.class, refused -> assertThat(refused.retryable()).isTrue());
    assertThat(store.store().close(FedStore.CLEAN)).isNull();
    assertThat(store.failures).as("told once").hasSize(1);
  }

  /** What is freed goes on without any commit, and its pages wait for a map as all others do. */
  @Test
  void close_waits_for_pages_that_wait_for_a_late_map_without_any_commit() throws Exception {
    CountDownLatch late = new CountDownLatch(1);
    FedStore store =
        new FedStore(directory, new ChronicleStore.Options(1, true, () -> waitFor(late)));
    List<ObjectName> names = changeWithoutCommit(store);
    FutureTask<List<ChronicleStore.ShardState>> closing =
        new FutureTask<>(() -> store.store().close(FedStore.CLEAN));
    Thread closer = Thread.ofPlatform().start(closing);
    // It waits, and not for commits: one map is being made, and the other one asked for.
    Awaitility.await().until(() -> waitsInClose(closer));
    late.countDown();

    List<ChronicleStore.ShardState> states = closing.get();
    ChronicleStore reopened =
        requireNonNull(
            ChronicleStore.reopen(
                directory,
                FedStore.HASH,
                FedStore.CLEAN,
                states,
                STANDARD,
                new ChronicleStore.Listeners(_ -> {}, (_, _) -> {}, (_, _) -> {})));
    for (ObjectName name : names) {
      assertThat(reopened.find(name, key(1))).as("%s", name).containsExactly(9);
    }
    reopened.abandon();
  }

  @Test
  void close_without_room_for_pages_that_wait_without_any_commit_means_rebuild() throws Exception {
    ChronicleStore.Options full =
        new ChronicleStore.Options(
            1,
            true,
            () -> {
              throw new IllegalStateException("no space left on device (injected)");
            });
    FedStore store = new FedStore(directory, full);
    changeWithoutCommit(store);

    assertThat(store.store().close(FedStore.CLEAN)).isNull();
  }

  /** Changes pages of two shards that have no map yet. */
  private static List<ObjectName> changeWithoutCommit(FedStore store) {
    ObjectName one = store.name("cart", "a");
    ObjectName other = one;
    for (int i = 0; other.shard() == one.shard(); i++) {
      other = store.name("cart", "b-" + i);
    }
    List<ObjectName> names = List.of(one, other);
    store
        .store()
        .onEachShard(shard -> {
          for (ObjectName name : names) {
            if (name.shard() == shard.number) {
              shard.tree(name).put(key(1), new Cell.Inline(new byte[] {9}));
            }
          }
        });
    return names;
  }

  private static boolean waitsInClose(Thread thread) {
    Thread.State state = thread.getState();
    List<String> methods =
        Stream.of(thread.getStackTrace()).map(StackTraceElement::getMethodName).toList();
    return (state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING)
        && methods.contains("close")
        && !methods.contains("awaitApplied");
  }

  /** A read finds no object, for nothing points to a root; what is written next finds it out. */
  @Test
  void lost_root_of_an_object_ends_the_store_when_the_object_is_written() throws Exception {
    try (FedStore store = new FedStore(directory, STANDARD)) {
      ObjectName name = store.name("cart", "a");
      store.append(put(name, 1, new byte[10]));
      store.awaitApplied();
      lose(store, name);
      assertThat(store.load(name).entries()).isEmpty();

      store.append(put(name, 2, new byte[10]));

      assertThatThrownBy(store::awaitApplied)
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("it was missing");
      assertThat(store.ready()).isFalse();
      assertThat(store.store().close(FedStore.CLEAN)).isNull();
    }
  }

  @Test
  void lost_list_of_ids_ends_the_store_when_an_object_leaves_it() throws Exception {
    try (FedStore store = new FedStore(directory, STANDARD)) {
      ObjectName name = store.name("cart", "a");
      store.append(put(name, 1, new byte[10]));
      store.awaitApplied();
      ObjectName[] list = new ObjectName[1];
      store
          .store()
          .onEachShard(shard -> {
            if (shard.number == name.shard()) {
              list[0] = shard.catalogue("cart");
            }
          });
      lose(store, list[0]);

      store.append(new Commit(name, true, List.of(), List.of(), ApplyListener.NONE));

      assertThatThrownBy(store::awaitApplied)
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("is not in the list of its type");
    }
  }

  /** As a flipped bit in the map's own index does. */
  private static void lose(FedStore store, ObjectName name) {
    store
        .store()
        .onEachShard(shard -> {
          if (shard.number == name.shard()) {
            shard.maps.remove(PageId.of(name, 0).key());
            shard.pages.forgetRead();
          }
        });
  }

  private void grow(FedStore store, int count) {
    List<ObjectName> names = sameShard(store, count);
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < count; i++) {
      store.append(put(names.get(i), i, new byte[200 + random.nextInt(2_000)]));
      if (i % 200 == 199) {
        store.awaitApplied();
        for (int k = 0; k <= i; k += 37) {
          assertThat(store.load(names.get(k)).entries()).hasSize(1);
        }
      }
    }
    store.awaitApplied();
    for (ObjectName name : names) {
      assertThat(store.load(name).entries()).hasSize(1);
    }
    assertThat(store.ids("cart", "", null, 10_000)).hasSize(count);
    ShardCheck.check(store.store());
    assertThat(store.failures).isEmpty();
  }

  private static List<ObjectName> sameShard(FedStore store, int count) {
    List<ObjectName> names = new ArrayList<>();
    for (int i = 0; names.size() < count; i++) {
      ObjectName name = store.name("cart", "object-" + i);
      if (name.shard() == 3) {
        names.add(name);
      }
    }
    return names;
  }

  private static Commit put(ObjectName name, int key, byte[] value) {
    return new Commit(
        name, false, List.of(), List.of(new Change(key(key), value)), ApplyListener.NONE);
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  private Path mapFile() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.findFirst().orElseThrow();
    }
  }

  private void flip(byte[] value) throws IOException {
    Path file = mapFile();
    byte[] all = Files.readAllBytes(file);
    int run = 0;
    for (int i = 0; i < all.length; i++) {
      run = all[i] == value[0] ? run + 1 : 0;
      if (run == 400) {
        all[i] ^= 1;
        Files.write(file, all);
        return;
      }
    }
    throw new IllegalStateException("the value was not found in " + file);
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
