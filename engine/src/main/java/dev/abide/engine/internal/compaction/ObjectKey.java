package dev.abide.engine.internal.compaction;

import dev.abide.engine.internal.store.ObjectName;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An object as runs and bases name and order it: by hash, which says its shard, then by the UTF-8
 * of type and id. Immutable by agreement; the arrays are never changed.
 */
final class ObjectKey implements Comparable<ObjectKey> {
  final long hashHigh;
  final long hashLow;
  final byte[] type;
  final byte[] id;

  ObjectKey(long hashHigh, long hashLow, byte[] type, byte[] id) {
    this.hashHigh = hashHigh;
    this.hashLow = hashLow;
    this.type = type;
    this.id = id;
  }

  static ObjectKey of(ObjectName name) {
    return new ObjectKey(
        name.hashHigh(),
        name.hashLow(),
        name.type().getBytes(StandardCharsets.UTF_8),
        name.id().getBytes(StandardCharsets.UTF_8));
  }

  /** The shard that a hash belongs to. */
  static int shard(long hashHigh) {
    return (int) (hashHigh >>> 58);
  }

  int shard() {
    return shard(hashHigh);
  }

  ObjectName name() {
    return new ObjectName(
        new String(type, StandardCharsets.UTF_8),
        new String(id, StandardCharsets.UTF_8),
        hashHigh,
        hashLow);
  }

  @Override
  public int compareTo(ObjectKey other) {
    int order = Long.compareUnsigned(hashHigh, other.hashHigh);
    if (order == 0) {
      order = Long.compareUnsigned(hashLow, other.hashLow);
    }
    if (order == 0) {
      order = Arrays.compareUnsigned(type, other.type);
    }
    return order != 0 ? order : Arrays.compareUnsigned(id, other.id);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || (other instanceof ObjectKey key && compareTo(key) == 0);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(hashHigh ^ hashLow);
  }
}
