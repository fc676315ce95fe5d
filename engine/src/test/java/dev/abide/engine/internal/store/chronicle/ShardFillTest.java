package dev.abide.engine.internal.store.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.StorageException;
import dev.abide.engine.internal.journal.NumberedCommit;
import dev.abide.engine.internal.store.ApplyListener;
import dev.abide.engine.internal.store.Change;
import dev.abide.engine.internal.store.Commit;
import dev.abide.engine.internal.store.ObjectName;
import dev.abide.engine.internal.store.StoreModel;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shard that is filled from its state is as one that got commits, and each page is put once. */
class ShardFillTest {
  private static final ChronicleStore.Options OPTIONS =
      new ChronicleStore.Options(2, true, () -> {});
  private static final long ALL_AT_ONCE = Long.MAX_VALUE;
  private static final List<String> TYPES = List.of("cart", "user", "wide", "\u0003");

  @TempDir Path directory;

  @Test
  void each_page_is_put_once() throws Exception {
    try (FedStore store = new FedStore(directory.resolve("fed"), OPTIONS)) {
      many(store, 20_000);

      store.refill(directory.resolve("filled"), OPTIONS, TYPES, 300_000, ALL_AT_ONCE);

      ShardCheck.check(store.store());
      store
          .store()
          .onEachShard(shard -> {
            assertThat(shard.maps.list()).hasSize(1);
            assertThat(shard.maps.entriesPut()).isEqualTo(shard.maps.list().getFirst().size());
          });
      readMany(store, 20_000);
    }
  }

  @Test
  void what_is_sorted_goes_in_lots_where_the_heap_is_small() throws Exception {
    try (FedStore store = new FedStore(directory.resolve("fed"), OPTIONS)) {
      many(store, 20_000);

      // Some hundred ids; a shard has three hundred.
      store.refill(directory.resolve("filled"), OPTIONS, TYPES, 300_000, 12_000);

      ShardCheck.check(store.store());
      readMany(store, 20_000);
    }
  }

  @Test
  void agrees_with_the_model_and_goes_on() throws Exception {
    agrees(1 << 20, ALL_AT_ONCE);
  }

  /** The first map is as small as any, others follow, and pages are moved meanwhile. */
  @Test
  void agrees_with_the_model_where_less_was_announced_than_comes() throws Exception {
    agrees(0, 2_000);
  }

  private void agrees(long bytes, long lotBytes) throws Exception {
    long seed = Long.getLong("abide.seed", new SplittableRandom().nextLong());
    try (FedStore store = new FedStore(directory.resolve("0"), OPTIONS)) {
      StoreModel model = new StoreModel(seed, 400, store::name);
      for (int round = 1; round < 6; round++) {
        for (int i = 0; i < 150; i++) {
          store.append(model.next(ApplyListener.NONE));
        }
        store.awaitApplied();
        store.refill(directory.resolve("" + round), OPTIONS, TYPES, bytes, lotBytes);
        ShardCheck.check(store.store());
        model.check(store);
        assertThat(store.store().liveBytes()).isEqualTo(model.liveBytes());
      }
      // Trees that were built are changed as all others are.
      for (int i = 0; i < 300; i++) {
        store.append(model.next(ApplyListener.NONE));
      }
      store.awaitApplied();
      model.check(store);
      ShardCheck.check(store.store());
      assertThat(store.failures).isEmpty();
    }
  }

  @Test
  void waits_for_a_late_map() throws Exception {
    CountDownLatch late = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    ChronicleStore.Options options =
        new ChronicleStore.Options(
            1,
            true,
            () -> {
              asked.countDown();
              waitFor(late);
            });
    try (FedStore store = new FedStore(directory.resolve("fed"), options)) {
      ChronicleStore filled = store.store();
      ObjectName name = store.name("user", "ann");
      Commit commit = put(name, new byte[100]);
      filled.beginFill(name.shard(), 1_000);
      filled.fill(name.shard(), List.of(new NumberedCommit(1, 0, commit, 100)));
      filled.endFill(name.shard(), 1);
      waitFor(asked);
      AppliedMark mark = filled.mark();
      // The store thread has seen it all, and is done with none of it.
      filled.onEachShard(shard -> {});
      assertThat(mark.isReached()).isFalse();

      late.countDown();
      filled.filled(1);

      assertThat(mark.isReached()).isTrue();
      assertThat(filled.load(name).entries()).hasSize(1);
      ShardCheck.check(filled);
    }
  }

  @Test
  void two_objects_of_one_hash_are_refused() throws Exception {
    try (FedStore store = new FedStore(directory, OPTIONS)) {
      ObjectName one = store.name("user", "ann");
      ObjectName other = new ObjectName("user", "bob", one.hashHigh(), one.hashLow());
      ChronicleStore filled = store.store();
      filled.beginFill(one.shard(), 1_000);
      filled.fill(
          one.shard(),
          List.of(
              new NumberedCommit(1, 0, put(one, new byte[1]), 100),
              new NumberedCommit(1, 0, put(other, new byte[1]), 100)));
      filled.endFill(one.shard(), 1);

      assertThatThrownBy(() -> filled.filled(1))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("it belongs to user/ann and to user/bob");
    }
  }

  @Test
  void a_shard_that_has_something_is_not_filled() throws Exception {
    try (FedStore store = new FedStore(directory, OPTIONS)) {
      ObjectName name = store.name("user", "ann");
      store.append(put(name, new byte[1]));
      store.awaitApplied();
      store.store().beginFill(name.shard(), 1_000);

      assertThatThrownBy(() -> store.load(name))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("shard " + name.shard() + " is not empty");
    }
  }

  /** Small objects of two types, one with long keys, and one with a large value. */
  private static void many(FedStore store, int objects) {
    for (int n = 0; n < objects; n++) {
      store.append(put(store.name(n % 2 == 0 ? "user" : "\u0003", "\u0003" + n), bytes(n, 100)));
    }
    ObjectName wide = store.name("wide", "i".repeat(1_000));
    List<Change> changes = new ArrayList<>();
    for (int n = 0; n < 400; n++) {
      changes.add(new Change(longKey(n), bytes(n, n % 90 == 0 ? 100_000 : n)));
    }
    store.append(new Commit(wide, false, List.of(), changes, ApplyListener.NONE));
    store.awaitApplied();
  }

  private static void readMany(FedStore store, int objects) {
    for (int n = 0; n < objects; n += 7) {
      ObjectName name = store.name(n % 2 == 0 ? "user" : "\u0003", "\u0003" + n);
      assertThat(store.find(name, new byte[] {1})).isEqualTo(bytes(n, 100));
    }
    assertThat(store.ids("user", "", null, objects)).hasSize(objects / 2);
    ObjectName wide = store.name("wide", "i".repeat(1_000));
    for (int n = 0; n < 400; n++) {
      assertThat(store.find(wide, longKey(n))).isEqualTo(bytes(n, n % 90 == 0 ? 100_000 : n));
    }
  }

  private static byte[] longKey(int number) {
    return ByteBuffer.allocate(1_200).put((byte) 1).putInt(number).array();
  }

  private static byte[] bytes(int seed, int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  private static Commit put(ObjectName name, byte[] value) {
    return new Commit(
        name, false, List.of(), List.of(new Change(new byte[] {1}, value)), ApplyListener.NONE);
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
