package dev.abide.engine.internal.store.chronicle;

/** How large a map is made. */
record MapShape(long entries, int averageBytes, int segments) {
  private static final int SEGMENT_ENTRIES = 256;
  private static final int AVERAGE_BYTES_MIN = 256;
  private static final int SEGMENTS_MIN = 8;

  /** A shard's first map; shards differ, so that they do not all grow at the same time. */
  static MapShape first(int shard) {
    return new MapShape(SEGMENT_ENTRIES + 4L * shard, 1_024, SEGMENTS_MIN);
  }

  /** The map after one that held this many entries of this average size. */
  static MapShape after(long entries, long averageBytes) {
    long more = Math.max(2 * entries, 2 * SEGMENT_ENTRIES);
    return new MapShape(
        more,
        (int) Math.max(averageBytes, AVERAGE_BYTES_MIN),
        (int) Math.max((more + SEGMENT_ENTRIES - 1) / SEGMENT_ENTRIES, SEGMENTS_MIN));
  }
}
