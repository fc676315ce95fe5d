package dev.abide.engine.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.internal.compaction.State;
import dev.abide.engine.internal.store.chronicle.ChronicleStore;
import dev.abide.engine.internal.store.chronicle.Structure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares the maps of an idle store with the state that the journal's files give. */
public final class StateCheck {
  private static final KeyRange ALL = new KeyRange(new byte[0], null);

  private StateCheck() {}

  /** How many shards of the open before were kept as they were. */
  public static int kept(DiskStore store) {
    return store.shardsKept();
  }

  /** Whether a shard of the open before was kept as it was. */
  public static boolean isKept(DiskStore store, int shard) {
    return store.maps().keptTo(shard) >= 0;
  }

  /** Every shard holds what its state is, no object more, and its trees are whole. */
  public static void check(DiskStore store) throws IOException {
    store.awaitApplied();
    Map<String, Set<String>> ids = new HashMap<>();
    for (int shard = 0; shard < ChronicleStore.SHARDS; shard++) {
      try (State state = State.open(store.files(), shard, store.durable())) {
        ObjectName object = null;
        List<Entry> entries = new ArrayList<>();
        while (state.next()) {
          if (!state.object().equals(object)) {
            compare(store, object, entries);
            object = state.object();
            entries.clear();
            ids.computeIfAbsent(object.type(), _ -> new TreeSet<>(ObjectId.ORDER)).add(object.id());
          }
          entries.add(new Entry(state.key(), state.value()));
        }
        compare(store, object, entries);
      }
    }
    ids.forEach((type, expected) ->
        assertThat(store.ids(type, "", null, Integer.MAX_VALUE))
            .as("ids of %s", type)
            .containsExactlyElementsOf(expected));
    Structure.check(store.maps());
  }

  private static void compare(DiskStore store, @Nullable ObjectName object, List<Entry> entries) {
    if (object == null) {
      return;
    }
    List<Entry> found = store.range(object, ALL, false, Integer.MAX_VALUE, Integer.MAX_VALUE);
    assertThat(found).as("what the maps have of %s", object).hasSameSizeAs(entries);
    for (int n = 0; n < entries.size(); n++) {
      assertThat(found.get(n).key()).as("key of %s", object).isEqualTo(entries.get(n).key());
      assertThat(found.get(n).value()).as("value of %s", object).isEqualTo(entries.get(n).value());
    }
  }
}
