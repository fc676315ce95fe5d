package dev.abide.engine.internal.store.chronicle;

import dev.abide.engine.internal.store.ObjectHash;
import java.io.IOException;
import java.nio.file.Path;

/** Changes map files that no store has open. */
public final class TouchedMap {
  private TouchedMap() {}

  /** Puts bytes that are no page where the root of what waits to be freed stands. */
  public static void poisonGraves(Path directory, ObjectHash hash, int shard, long generation)
      throws IOException {
    ChronicleBootstrap.prepare();
    PageMap map = PageMap.open(PageMap.file(directory, shard, generation), generation);
    map.put(PageId.of(Shard.gravesName(hash, shard), 0).key(), new byte[40]);
    map.abandon();
  }
}
