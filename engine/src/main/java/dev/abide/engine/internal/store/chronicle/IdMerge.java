package dev.abide.engine.internal.store.chronicle;

import dev.abide.engine.internal.store.KeyRange;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ordered catalogues of all shards, merged. */
final class IdMerge {
  private IdMerge() {}

  static List<String> ids(
      ChronicleStore store, String type, String prefix, @Nullable String after, int max) {
    byte[] low = ChronicleStore.utf8(prefix);
    byte[] high = behindAll(low);
    if (after != null) {
      byte[] behind = ShardMerge.behind(ChronicleStore.utf8(after));
      if (Arrays.compareUnsigned(behind, low) > 0) {
        low = behind;
      }
    }
    ShardMerge.Source source = (shard, range, most) -> store.ids(shard, type, range, most);
    return ShardMerge.merge(source, new KeyRange(low, high), max).stream()
        .map(entry -> new String(entry.key(), StandardCharsets.UTF_8))
        .toList();
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
