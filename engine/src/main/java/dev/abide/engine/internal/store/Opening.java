package dev.abide.engine.internal.store;

import dev.abide.engine.internal.compaction.Compactor;
import dev.abide.engine.internal.compaction.FileSet;
import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.journal.Identity;
import dev.abide.engine.internal.journal.Journal;
import dev.abide.engine.internal.journal.Progress;
import dev.abide.engine.internal.store.chronicle.ChronicleStore;
import dev.abide.engine.internal.store.chronicle.ShardLines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out how a directory was left, and opens journal and maps accordingly.
 *
 * <ul>
 *   <li>Closed cleanly: the maps hold exactly what the journal does, and are taken as they are.
 *   <li>By a process that was killed: shards whose lines say that they are whole are taken, and get
 *       what they lack; the others are rebuilt.
 *   <li>In any other way: all maps are deleted and rebuilt from the journal.
 * </ul>
 */
final class Opening {
  private static final Logger LOG = LoggerFactory.getLogger("dev.abide");

  /**
   * Who is told what.
   *
   * @param made the maps, as soon as there are any: they begin to tell at once
   * @param notice what goes wrong and is got over, and how far a long open has come
   */
  record Told(
      ChronicleStore.Listeners maps,
      Consumer<Throwable> journalFailed,
      Consumer<ChronicleStore> made,
      BiConsumer<String, @Nullable Throwable> notice) {}

  private final Path directory;
  private final Disk disk;
  private final Identity identity;
  private final ObjectHash hash;
  private final FileSet files;
  private final StoreOptions options;
  private final ChronicleStore.Options mapOptions;
  private final Told told;
  private final Unapplied replaying;
  private final ShardLines lines;
  private final Progress progress;

  private @Nullable Journal journal;
  private @Nullable ChronicleStore maps;
  private long liveBefore;

  Opening(
      Path directory,
      Disk disk,
      Identity identity,
      FileSet files,
      StoreOptions options,
      ChronicleStore.Options mapOptions,
      Told told,
      Unapplied replaying)
      throws IOException {
    this.directory = directory;
    this.disk = disk;
    this.identity = identity;
    this.hash = new ObjectHash(identity.hashKey());
    this.files = files;
    this.options = options;
    this.mapOptions = mapOptions;
    this.told = told;
    this.replaying = replaying;
    Consumer<String> said = options.said();
    this.progress =
        new Progress(
            said == null ? text -> told.notice().accept(text, null) : said, options.tellEach());
    this.lines =
        options.keepShards()
            ? ShardLines.open(directory, identity.lineage())
            : ShardLines.none(directory);
  }

  Journal journal() {
    return Objects.requireNonNull(journal);
  }

  ChronicleStore maps() {
    return Objects.requireNonNull(maps);
  }

  ShardLines lines() {
    return lines;
  }

  /** Live bytes of what the maps had already. */
  long liveBefore() {
    return liveBefore;
  }

  void run() throws IOException {
    try {
      ShardsFile clean = ShardsFile.read(disk, identity.lineage());
      if (clean == null || options.rebuild() || !resume(clean)) {
        recover(clean == null ? 0 : clean.end().number());
      }
    } catch (IOException | RuntimeException | Error e) {
      lines.abandon();
      throw e;
    }
  }

  /** After a clean close; false if it was none. */
  private boolean resume(ShardsFile clean) throws IOException {
    Journal resumed =
        Journal.resume(
            disk, identity, options.journal(), files.start(), clean.end(), told.journalFailed());
    if (resumed == null) {
      return false;
    }
    // Before the maps are touched: from the first change on the file says something untrue.
    ShardsFile.erase(disk);
    ChronicleStore reopened =
        ChronicleStore.reopen(
            directory,
            hash,
            lines,
            clean.cleanId(),
            clean.shards(),
            clean.end().number(),
            mapOptions,
            told.maps());
    if (reopened == null) {
      var _ = resumed.close();
      return false;
    }
    files.removeUnfinished(told.notice());
    files.removeCovered(told.notice());
    made(reopened);
    journal = resumed;
    files.segments(resumed.sealed(), resumed.current());
    liveBefore = files.liveBytes();
    return true;
  }

  private void made(ChronicleStore store) {
    maps = store;
    told.made().accept(store);
  }

  /** After anything else. */
  private void recover(long least) throws IOException {
    Journal recovered =
        Journal.recover(
            disk,
            identity,
            options.journal(),
            files.start(),
            least,
            _ -> {},
            progress,
            told.journalFailed());
    try {
      files.removeUnfinished(told.notice());
      files.segments(recovered.sealed(), recovered.current());
      // So that the state can be read shard by shard.
      Compactor.prepare(files, options.compaction(), progress);
      fill(whole(recovered.last()), recovered.last());
      // All has been read by now that the open needs.
      files.removeCovered(told.notice());
      journal = recovered;
    } catch (IOException | RuntimeException | Error e) {
      var _ = recovered.close();
      throw e;
    }
  }

  /** What may be kept: whole, not ahead of the journal, and not behind what was folded away. */
  private List<ShardLines.@Nullable Whole> whole(long last) {
    List<ShardLines.@Nullable Whole> whole = new ArrayList<>(lines.whole());
    for (int shard = 0; shard < ChronicleStore.SHARDS; shard++) {
      ShardLines.Whole line = whole.get(shard);
      if (line != null
          && (options.rebuild() || line.applied() > last || line.applied() < files.folded(shard))) {
        whole.set(shard, null);
      }
    }
    return Collections.unmodifiableList(whole);
  }

  private void fill(List<ShardLines.@Nullable Whole> whole, long last) throws IOException {
    ChronicleStore store =
        ChronicleStore.keep(directory, hash, lines, whole, mapOptions, told.maps());
    made(store);
    try {
      // Not earlier: a journal that has lost its end is refused by every open, not by one. The
      // maps carry no seal, so none of them is ever taken for what the file names.
      ShardsFile.erase(disk);
      long kept =
          IntStream.range(0, ChronicleStore.SHARDS)
              .filter(shard -> store.keptTo(shard) >= 0)
              .count();
      if (last > 0) {
        LOG.info(
            "{} was not closed; {} of {} shards are taken as they are, the others are rebuilt",
            directory,
            kept,
            ChronicleStore.SHARDS);
      }
      Rebuild.run(files, store, replaying, last, options.filled(), progress);
      if (kept > 0) {
        // What was in them is not counted anew; the next fold corrects what this is wrong by.
        store.filled(last);
        liveBefore = files.liveBytes() - store.liveBytes();
      }
    } catch (IOException | RuntimeException | Error e) {
      store.abandon();
      throw e;
    }
  }
}
