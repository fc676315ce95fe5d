package dev.abide.engine.internal.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.LimitException;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.observe.EngineMeter;
import dev.abide.engine.internal.store.Commit;
import dev.abide.engine.internal.store.Entry;
import dev.abide.engine.internal.store.KeyRange;
import dev.abide.engine.internal.store.LaggingStore;
import dev.abide.engine.internal.store.ObjectName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * G4, G9: what a turn reads is what was committed under what it wrote, wherever the bytes lie: in
 * the write set, in commits that the store has not applied, in the store, in slots that were
 * forgotten. Random turns against a sorted map.
 */
class StorageViewTest {
  private static final ObjectName NAME = new ObjectName("type", "id", 0, 0);
  private static final int TURNS = 1_500;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomTurns_overAStoreThatLags_readAsASortedMap(long seed) {
    System.out.println("StorageViewTest seed " + seed);
    new Run(seed).run();
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 65})
  void aRangeOfAFewKeysOfALargeObject_isWrittenAsDeletions(int keys) {
    LaggingStore store = new LaggingStore();
    StorageView view = large(store);

    view.clear(new KeyRange(new byte[] {0, 10}, new byte[] {0, (byte) (10 + keys)}));
    view.commit();

    Commit last = store.newest();
    assertThat(last.cleared()).hasSize(keys > 64 ? 1 : 0);
    assertThat(last.changes()).hasSize(keys > 64 ? 0 : keys);
    assertThat(view.range(new KeyRange(new byte[0], null), false, 1_000).size()).isPositive();
    assertThat(view.find(new byte[] {0, 10})).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 40})
  void commit_hasItsChangesInTheOrderOfTheirKeys(int keys) {
    LaggingStore store = new LaggingStore();
    StorageView view = open(store);
    for (int n = keys; n > 0; n--) {
      view.put(new byte[] {(byte) (n * 7)}, new byte[] {(byte) n});
    }
    view.commit();

    assertThat(store.newest().changes()).hasSize(keys);
    assertThat(store.newest().changes())
        .isSortedAccordingTo((a, b) -> Arrays.compareUnsigned(a.key(), b.key()));
    assertThat(view.dirty()).isFalse();
  }

  @Test
  void putAndRemovalOfALargeObject_doNotAskTheStore() {
    LaggingStore store = new LaggingStore();
    StorageView view = large(store);
    byte[] replaced = {0, 10};
    byte[] removed = {0, 11};

    view.put(replaced, new byte[] {1});
    view.put(removed, null);
    assertThat(view.find(replaced)).containsExactly(1);
    assertThat(view.find(removed)).isNull();
    view.commit();

    assertThat(view.find(replaced)).containsExactly(1);
    assertThat(view.find(removed)).isNull();
    assertThat(store.finds()).isZero();
  }

  @Test
  void rollbackOfWhatWasNotRead_showsTheStoresAgain() {
    LaggingStore store = new LaggingStore();
    StorageView view = large(store);
    byte[] key = {0, 10};

    Slot kept = view.set(key, new byte[] {1});
    view.rollback();

    assertThat(kept.forgotten).isTrue();
    assertThat(view.find(key)).isEqualTo(new byte[100]);
    assertThat(store.finds()).isOne();
  }

  @Test
  void putThatIsRefused_leavesNothing() {
    StorageView view = large(new LaggingStore());
    byte[] key = {0, 10};

    assertThatThrownBy(() -> view.put(key, new byte[(1 << 20) + 1]))
        .isInstanceOf(LimitException.class);

    assertThat(view.dirty()).isFalse();
    assertThat(view.find(key)).isEqualTo(new byte[100]);
  }

  @Test
  void whatWaitedForTheStore_isForgottenWhenItIsThere() {
    LaggingStore store = new LaggingStore();
    StorageView view = large(store);
    byte[] value = new byte[30_000];
    for (int n = 0; n < 40; n++) {
      view.put(new byte[] {2, (byte) n}, value);
    }
    view.commit();
    store.applySome(1);
    view = open(store);
    for (int n = 0; n < 500; n++) {
      view.put(new byte[] {1, (byte) (n >> 8), (byte) n}, value);
    }
    view.commit();
    // Nothing of it can be forgotten yet, though this turn looks.
    assertThat(view.find(new byte[] {0, 10})).isNotNull();
    assertThat(view.knownBytes()).isGreaterThan(500 * 30_000L);
    view.clear(new KeyRange(new byte[] {1}, new byte[] {2}));
    view.commit();

    store.applySome(2);
    view.lookApplied();
    for (int n = 0; n < 40; n++) {
      assertThat(view.find(new byte[] {2, (byte) n})).hasSize(30_000);
    }

    assertThat(view.knownBytes()).isLessThan(512 * 1024 + 2 * 30_000);
  }

  @Test
  void neverSettled_forgetsWhatIsInTheStoreAllTheSame() {
    LaggingStore store = new LaggingStore();
    StorageView view = large(store);
    long most = 0;
    for (int n = 0; n < 200; n++) {
      view.put(new byte[] {1, (byte) n}, new byte[10_000]);
      view.commit();
      // One commit is always on its way.
      store.applySome(n == 0 ? 0 : 1);
      view.lookApplied();
      most = Math.max(most, view.knownBytes());
    }

    assertThat(most).isLessThan(300_000);
  }

  /** 500 keys of 100 bytes: too many to be read at once. */
  private static StorageView large(LaggingStore store) {
    StorageView view = open(store);
    for (int n = 0; n < 500; n++) {
      view.put(new byte[] {(byte) (n >> 8), (byte) n}, new byte[100]);
    }
    view.commit();
    store.applySome(1);
    return open(store);
  }

  private static StorageView open(LaggingStore store) {
    StorageLimits limits = new StorageLimits(1L << 30, 1 << 20, new EngineMeter());
    return new StorageView(store, NAME, limits, true);
  }

  /** One random history. */
  private static final class Run {
    private final Random random;
    private final LaggingStore store = new LaggingStore();
    private final StorageLimits limits = new StorageLimits(1L << 30, 1 << 20, new EngineMeter());
    private final int keys;
    private final int valueBytes;
    private final int reopenOneIn;
    private StorageView view = open();
    private NavigableMap<byte[], byte[]> committed = model();

    Run(long seed) {
      random = new Random(seed);
      keys = seed >= 7 ? 18 : seed % 2 == 0 ? 60 : 2_000;
      valueBytes = seed == 3 || seed == 5 ? 4_000 : 400;
      reopenOneIn = seed == 5 ? 400 : 4;
    }

    private static NavigableMap<byte[], byte[]> model() {
      return new TreeMap<>(Arrays::compareUnsigned);
    }

    private StorageView open() {
      return new StorageView(store, NAME, limits, true);
    }

    void run() {
      for (int turn = 0; turn < TURNS; turn++) {
        if (random.nextInt(3) == 0) {
          store.applySome(random.nextInt(12));
        }
        if (view.settled() && random.nextInt(reopenOneIn) == 0) {
          view = open();
        }
        view.lookApplied();
        turn();
      }
      store.applySome(Integer.MAX_VALUE);
      view.lookApplied();
      assertThat(all(new KeyRange(new byte[0], null), false, Long.MAX_VALUE))
          .isEqualTo(texts(committed));
      view = open();
      assertThat(all(new KeyRange(new byte[0], null), true, Long.MAX_VALUE))
          .isEqualTo(texts(committed.descendingMap()));
    }

    private void turn() {
      NavigableMap<byte[], byte[]> seen = model();
      seen.putAll(committed);
      int steps = random.nextInt(12);
      for (int step = 0; step < steps; step++) {
        step(seen);
      }
      switch (random.nextInt(60)) {
        case 0 -> {
          view.rollback();
          view.commitDeletion();
          committed = model();
        }
        case 1, 2, 3, 4, 5, 6, 7, 8, 9 -> view.rollback();
        case 10 -> {
          store.refuse();
          if (view.dirty()) {
            assertThatThrownBy(view::commit).isInstanceOf(StorageException.class);
          }
          store.refuseNoMore();
          view.rollback();
        }
        default -> {
          if (view.dirty()) {
            view.commit();
          }
          committed = seen;
        }
      }
    }

    private void step(NavigableMap<byte[], byte[]> seen) {
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3 -> {
          byte[] key = key();
          byte[] value = new byte[random.nextInt(valueBytes)];
          random.nextBytes(value);
          write(key, value);
          seen.put(key, value);
        }
        case 4 -> {
          byte[] key = key();
          write(key, null);
          seen.remove(key);
        }
        case 5 -> {
          KeyRange range = random.nextInt(60) == 0 ? range() : narrow();
          view.clear(range);
          within(seen, range).clear();
          // What was cleared is looked at and put again in the same turn more often than chance has
          // it.
          if (random.nextBoolean()) {
            assertThat(view.find(range.from())).isNull();
          }
        }
        case 6, 7 -> {
          byte[] key = key();
          assertThat(view.find(key)).isEqualTo(seen.get(key));
        }
        default -> {
          KeyRange range = range();
          boolean reversed = random.nextBoolean();
          long most = 1 + random.nextInt(600);
          NavigableMap<byte[], byte[]> part = within(seen, range);
          List<String> expected = texts(reversed ? part.descendingMap() : part);
          assertThat(all(range, reversed, most))
              .isEqualTo(expected.subList(0, (int) Math.min(most, expected.size())));
        }
      }
    }

    /** As maps do, and as cells do that have read before. */
    private void write(byte[] key, byte @Nullable [] value) {
      if (random.nextBoolean()) {
        view.put(key, value);
      } else {
        view.write(view.slot(key), value);
      }
    }

    private List<String> all(KeyRange range, boolean reversed, long most) {
      List<String> found = new ArrayList<>();
      KeyRange rest = range;
      while (found.size() < most) {
        List<Entry> page = view.range(rest, reversed, most - found.size());
        if (page.isEmpty()) {
          break;
        }
        page.forEach(entry -> found.add(text(entry.key(), entry.value())));
        rest = StorageView.behind(rest, page.getLast().key(), reversed);
      }
      return found;
    }

    private static List<String> texts(NavigableMap<byte[], byte[]> map) {
      List<String> texts = new ArrayList<>();
      map.forEach((key, value) -> texts.add(text(key, value)));
      return texts;
    }

    private static String text(byte[] key, byte @Nullable [] value) {
      return Arrays.toString(key) + "=" + Arrays.hashCode(value);
    }

    private static NavigableMap<byte[], byte[]> within(
        NavigableMap<byte[], byte[]> map, KeyRange range) {
      return range.to() == null
          ? map.tailMap(range.from(), true)
          : map.subMap(range.from(), true, range.to(), false);
    }

    private byte[] key() {
      int number = random.nextInt(keys);
      return new byte[] {2, (byte) (number >> 8), (byte) number};
    }

    private KeyRange narrow() {
      int number = random.nextInt(keys);
      int end = number + 1 + random.nextInt(1 + keys / 20);
      return new KeyRange(
          new byte[] {2, (byte) (number >> 8), (byte) number},
          new byte[] {2, (byte) (end >> 8), (byte) end});
    }

    private KeyRange range() {
      byte[] a = key();
      byte[] b = key();
      return switch (random.nextInt(4)) {
        case 0 -> new KeyRange(new byte[0], null);
        case 1 -> new KeyRange(a, null);
        default -> Arrays.compareUnsigned(a, b) <= 0 ? new KeyRange(a, b) : new KeyRange(b, a);
      };
    }
  }
}
