package dev.abide.engine.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MemoryStoreTest {
  @Test
  void agrees_with_the_model() {
    try (MemoryStore store = new MemoryStore()) {
      StoreModel model = new StoreModel(new SplittableRandom().nextLong(), 400, store::name);
      for (int round = 0; round < 10; round++) {
        for (int i = 0; i < 100; i++) {
          store.append(model.next(ApplyListener.NONE));
        }
        model.check(store);
      }
    }
  }

  @Test
  void append_numbers_from_one_and_tells_the_owner() {
    try (MemoryStore store = new MemoryStore()) {
      List<Long> told = new ArrayList<>();

      assertThat(store.append(commit(store, told::add))).isEqualTo(1);
      assertThat(store.append(commit(store, told::add))).isEqualTo(2);

      assertThat(told).containsExactly(1L, 2L);
      assertThat(store.durable()).isEqualTo(2);
      store.awaitDurable(2);
      assertThatThrownBy(() -> store.awaitDurable(3)).hasMessageContaining("never given");
    }
  }

  @Test
  void fenced_store_is_refused_and_the_next_goes_on() {
    MemoryState state = new MemoryState();
    MemoryStore dead = new MemoryStore(state);
    dead.append(commit(dead, ApplyListener.NONE));

    state.fence();

    assertThat(dead.ready()).isFalse();
    assertThatThrownBy(() -> dead.append(commit(dead, ApplyListener.NONE)))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("no longer owns");
    try (MemoryStore next = new MemoryStore(state)) {
      assertThat(next.ids("cart", "", null, 10)).containsExactly("a");
      assertThat(next.append(commit(next, ApplyListener.NONE))).isEqualTo(2);
      dead.close();
      assertThat(next.ready()).isTrue();
    }
  }

  private static Commit commit(ObjectStore store, ApplyListener owner) {
    return new Commit(
        store.name("cart", "a"),
        false,
        List.of(),
        List.of(new Change(new byte[] {1}, new byte[] {2})),
        owner);
  }
}
