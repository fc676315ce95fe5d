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

  /** The first map of a shard that is about to get so many bytes in entries of about this size. */
  static MapShape first(int shard, long bytes, long averageBytes) {
    MapShape first = first(shard);
    long expected = averageBytes == 0 ? 0 : bytes / averageBytes;
    // With a fifth to spare the next map is not asked for before all is in.
    long entries = expected + expected / 4;
    return entries <= first.entries() ? first : of(entries, averageBytes);
  }

  /** The map after one that held this many entries of this average size. */
  static MapShape after(long entries, long averageBytes) {
    return of(Math.max(2 * entries, 2 * SEGMENT_ENTRIES), averageBytes);
  }

  private static MapShape of(long entries, long averageBytes) {
    return new MapShape(
        entries,
        (int) Math.max(averageBytes, AVERAGE_BYTES_MIN),
        (int) Math.max((entries + SEGMENT_ENTRIES - 1) / SEGMENT_ENTRIES, SEGMENTS_MIN));
  }
}
