package dev.abide.engine.internal.store.chronicle;

import dev.abide.engine.internal.store.Entry;
import dev.abide.engine.internal.store.KeyRange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The ordered catalogues of all shards, merged. */
final class IdMerge {
  private final ChronicleStore store;
  private final String type;
  private final KeyRange all;
  private final int max;
  private final int chunk;

  IdMerge(ChronicleStore store, String type, String prefix, @Nullable String after, int max) {
    this.store = store;
    this.type = type;
    this.max = max;
    // Ids spread evenly over the shards; most are then asked once.
    chunk = 4 + max / ChronicleStore.SHARDS * 2;
    byte[] low = ChronicleStore.utf8(prefix);
    byte[] high = behindAll(low);
    if (after != null) {
      byte[] behind = behind(ChronicleStore.utf8(after));
      if (Arrays.compareUnsigned(behind, low) > 0) {
        low = behind;
      }
    }
    all = new KeyRange(low, high);
  }

  private static final class Cursor {
    private final int shard;
    private final ArrayDeque<byte[]> ids = new ArrayDeque<>();

    private Cursor(int shard) {
      this.shard = shard;
    }
  }

  List<String> ids() {
    byte[] to = all.to();
    if (max <= 0 || (to != null && Arrays.compareUnsigned(all.from(), to) >= 0)) {
      return List.of();
    }
    List<Request<List<Entry>>> firsts = new ArrayList<>();
    for (int shard = 0; shard < ChronicleStore.SHARDS; shard++) {
      firsts.add(store.ids(shard, type, all, chunk));
    }
    PriorityQueue<Cursor> cursors =
        new PriorityQueue<>(
            Comparator.comparing(
                (Cursor cursor) -> cursor.ids.getFirst(), Arrays::compareUnsigned));
    for (int shard = 0; shard < ChronicleStore.SHARDS; shard++) {
      add(cursors, new Cursor(shard), firsts.get(shard).await());
    }
    List<String> found = new ArrayList<>();
    while (found.size() < max && !cursors.isEmpty()) {
      Cursor next = cursors.remove();
      byte[] id = next.ids.removeFirst();
      found.add(new String(id, StandardCharsets.UTF_8));
      if (next.ids.isEmpty()) {
        KeyRange rest = new KeyRange(behind(id), to);
        add(cursors, next, store.ids(next.shard, type, rest, chunk).await());
      } else {
        cursors.add(next);
      }
    }
    return List.copyOf(found);
  }

  private static void add(PriorityQueue<Cursor> cursors, Cursor cursor, List<Entry> more) {
    more.forEach(entry -> cursor.ids.add(entry.key()));
    if (!cursor.ids.isEmpty()) {
      cursors.add(cursor);
    }
  }

  /** The first key after this one. */
  private static byte[] behind(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  /** The first key behind all that begin with the prefix, or null if there is none. */
  private static byte @Nullable [] behindAll(byte[] prefix) {
    for (int i = prefix.length - 1; i >= 0; i--) {
      if (prefix[i] != (byte) 0xff) {
        byte[] end = Arrays.copyOf(prefix, i + 1);
        end[i]++;
        return end;
      }
    }
    return null;
  }
}
