package dev.abide.engine.internal.store.chronicle;

import dev.abide.engine.internal.store.ObjectHash;
import dev.abide.engine.internal.store.chronicle.ChronicleStore.Listeners;
import dev.abide.engine.internal.store.chronicle.ChronicleStore.ShardState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The map files that an earlier process left: which of them can be taken, and away with the rest.
 */
final class MapFiles {
  private static final Logger LOG = LoggerFactory.getLogger("dev.abide");
  private static final String MAP_FILES = "map-*";
  private static final int SEAL_BYTES = 4 + 8 + 16;

  private MapFiles() {}

  /**
   * The maps of a shard that is whole; null if one of them is not to be had, or is damaged.
   *
   * @param missing gets what says that a file is not there: mostly none is, so that is told once
   */
  static @Nullable List<PageMap> whole(
      Path directory,
      ObjectHash hash,
      int number,
      ShardLines.Whole shard,
      List<NoSuchFileException> missing,
      Listeners listeners) {
    List<PageMap> opened = new ArrayList<>();
    try {
      for (long generation : shard.generations()) {
        PageMap map = PageMap.open(PageMap.file(directory, number, generation), generation);
        opened.add(map);
        if (!map.isOwn()) {
          throw new IOException("it was made under another name: " + map.generation());
        }
        // The system reports here what it could not write.
        map.force();
      }
      // A shard that is built reads this page first: here its damage costs this shard alone.
      ShardMaps maps = new ShardMaps(number, opened, _ -> {}, _ -> {}, () -> {});
      var _ = new Pages(maps, shard.lastPage()).root(Shard.gravesName(hash, number));
      return opened;
    } catch (NoSuchFileException e) {
      missing.add(e);
      abandon(opened);
      return null;
    } catch (IOException | RuntimeException | Error e) {
      listeners
          .notice()
          .accept(
              "a map of shard %d in %s could not be taken as it is; the shard is rebuilt from the journal"
                  .formatted(number, directory),
              e);
      abandon(opened);
      return null;
    }
  }

  /**
   * Opens the maps that the last clean close left; all other files are deleted.
   *
   * @param maps gets them by shard, those too that were opened before one could not be
   * @throws IOException if one is missing, cannot be opened, or does not carry the clean id
   */
  static void open(
      Path directory, byte[] cleanId, List<ShardState> states, Map<Integer, List<PageMap>> maps)
      throws IOException {
    List<Path> known = new ArrayList<>();
    for (int shard = 0; shard < ChronicleStore.SHARDS; shard++) {
      List<PageMap> opened = new ArrayList<>();
      maps.put(shard, opened);
      for (long generation : states.get(shard).generations()) {
        Path file = PageMap.file(directory, shard, generation);
        PageMap map = PageMap.open(file, generation);
        opened.add(map);
        known.add(file);
        if (!Arrays.equals(seal(shard, generation, cleanId), map.unseal())) {
          throw new IOException("it does not carry the seal of the last clean close: " + file);
        }
      }
    }
    deleteAllBut(directory, known);
  }

  /** Closes all of them, whatever one of them throws: they are good for nothing any more. */
  static void abandon(List<PageMap> maps) {
    for (PageMap map : maps) {
      try {
        map.abandon();
      } catch (IOException | RuntimeException e) {
        LOG.warn("a map file that is not needed any more could not be closed", e);
      }
    }
  }

  static byte[] seal(int shard, long generation, byte[] cleanId) {
    return ByteBuffer.allocate(SEAL_BYTES).putInt(shard).putLong(generation).put(cleanId).array();
  }

  static void deleteAllBut(Path directory, List<Path> but) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.filter(file -> isMapFile(file) && !but.contains(file)).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }

  private static boolean isMapFile(Path file) {
    return file.getFileSystem().getPathMatcher("glob:" + MAP_FILES).matches(file.getFileName());
  }
}
