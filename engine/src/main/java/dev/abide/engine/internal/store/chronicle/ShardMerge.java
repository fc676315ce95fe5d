package dev.abide.engine.internal.store.chronicle;

import dev.abide.engine.internal.store.Entry;
import dev.abide.engine.internal.store.KeyRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** A tree that each shard has a part of, read in the order of its keys. */
final class ShardMerge {
  private ShardMerge() {}

  /** Asks a shard. */
  interface Source {
    /** The first entries of the shard in the range. */
    Request<List<Entry>> read(int shard, KeyRange range, int max);
  }

  private static final class Cursor {
    private final int shard;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();

    private Cursor(int shard) {
      this.shard = shard;
    }
  }

  /** The first entries of all shards in the range. */
  static List<Entry> merge(Source source, KeyRange all, int max) {
    byte[] to = all.to();
    if (max <= 0 || (to != null && Arrays.compareUnsigned(all.from(), to) >= 0)) {
      return List.of();
    }
    // Keys spread evenly over the shards; most are then asked once.
    int chunk = 4 + max / ChronicleStore.SHARDS * 2;
    List<Request<List<Entry>>> firsts = new ArrayList<>();
    for (int shard = 0; shard < ChronicleStore.SHARDS; shard++) {
      firsts.add(source.read(shard, all, chunk));
    }
    PriorityQueue<Cursor> cursors =
        new PriorityQueue<>(
            Comparator.comparing(
                (Cursor cursor) -> cursor.entries.getFirst().key(), Arrays::compareUnsigned));
    for (int shard = 0; shard < ChronicleStore.SHARDS; shard++) {
      add(cursors, new Cursor(shard), firsts.get(shard).await());
    }
    List<Entry> found = new ArrayList<>();
    while (found.size() < max && !cursors.isEmpty()) {
      Cursor next = cursors.remove();
      Entry entry = next.entries.removeFirst();
      found.add(entry);
      if (next.entries.isEmpty()) {
        KeyRange rest = new KeyRange(behind(entry.key()), to);
        add(cursors, next, source.read(next.shard, rest, chunk).await());
      } else {
        cursors.add(next);
      }
    }
    return found;
  }

  private static void add(PriorityQueue<Cursor> cursors, Cursor cursor, List<Entry> more) {
    cursor.entries.addAll(more);
    if (!cursor.entries.isEmpty()) {
      cursors.add(cursor);
    }
  }

  /** The first key after this one. */
  static byte[] behind(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }
}
