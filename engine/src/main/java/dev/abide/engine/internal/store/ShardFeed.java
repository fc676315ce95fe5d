package dev.abide.engine.internal.store;

import dev.abide.engine.StorageException;
import dev.abide.engine.internal.compaction.FileSet;
import dev.abide.engine.internal.compaction.State;
import dev.abide.engine.internal.journal.Journal;
import dev.abide.engine.internal.journal.NumberedCommit;
import dev.abide.engine.internal.store.chronicle.ChronicleStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands over what a shard's maps lack, as the journal's files give it: all of it, or what is behind
 * the commit that the maps have got to. An object comes in one piece, or in pieces of {@link
 * #COMMIT_BYTES} that each go on behind the last. One thread.
 */
final class ShardFeed {
  private static final int COMMIT_BYTES = 64 * 1024;

  private final FileSet files;
  private final ChronicleStore maps;
  private final Unapplied waiting;
  private final long number;
  private final LongConsumer handedOver;

  private @Nullable ObjectName object;
  private List<KeyRange> ranges = new ArrayList<>();
  private List<Change> changes = new ArrayList<>();
  private int bytes;

  private Consumer<List<NumberedCommit>> to = state -> {};

  /** Complete, and not handed over. */
  private List<NumberedCommit> gathered = new ArrayList<>();

  private long gatheredBytes;
  private long gatheredContent;

  /**
   * @param waiting bounds what is handed over and not yet applied
   * @param number the last commit
   * @param handedOver told of so many more bytes of keys and values
   */
  ShardFeed(
      FileSet files, ChronicleStore maps, Unapplied waiting, long number, LongConsumer handedOver) {
    this.handedOver = handedOver;
    this.files = files;
    this.maps = maps;
    this.waiting = waiting;
    this.number = number;
  }

  /** All that an empty shard is to have. */
  void fill(int shard) throws IOException {
    maps.beginFill(shard, files.expectedBytes(shard));
    to = state -> maps.fill(shard, state);
    try (State state = State.open(files, shard, number)) {
      while (state.next()) {
        at(state.object());
        add(state.key(), state.value());
      }
      end();
      handOver();
    }
    maps.endFill(shard, number);
  }

  /** What commits behind this one have changed. */
  void goOn(int shard, long kept) throws IOException {
    boolean begun = false;
    to = state -> state.forEach(maps::apply);
    try (State state = State.changes(files, shard, kept, number)) {
      while (state.nextChange()) {
        if (!begun) {
          begun = true;
          maps.fill(shard);
        }
        // Keys ascend, and a range stands at its first key: the ranges of one piece never reach
        // what an earlier piece has put.
        at(state.object());
        byte[] content = state.content();
        if (state.isRange()) {
          ranges.add(new KeyRange(state.key(), content));
          bytes += state.key().length;
        } else {
          add(state.key(), content);
        }
      }
      end();
      handOver();
    }
  }

  private void at(ObjectName next) {
    if (bytes >= COMMIT_BYTES || !next.equals(object)) {
      end();
      object = next;
    }
  }

  private void add(byte[] key, byte @Nullable [] value) {
    changes.add(new Change(key, value));
    bytes += key.length + (value == null ? 0 : value.length);
  }

  private void end() {
    ObjectName of = object;
    if (of == null || (changes.isEmpty() && ranges.isEmpty())) {
      return;
    }
    Commit commit = new Commit(of, false, ranges, changes, ApplyListener.NONE);
    ranges = new ArrayList<>();
    changes = new ArrayList<>();
    gatheredContent += bytes;
    bytes = 0;
    NumberedCommit numbered = new NumberedCommit(number, 0, commit, Journal.bytesOf(commit));
    gathered.add(numbered);
    gatheredBytes += numbered.heapBytes();
    if (gatheredBytes >= COMMIT_BYTES) {
      handOver();
    }
  }

  private void handOver() {
    StorageException refusal = maps.refusal();
    if (refusal != null) {
      throw refusal;
    }
    if (!gathered.isEmpty()) {
      waiting.add(gatheredBytes);
      to.accept(gathered);
      gathered = new ArrayList<>();
      gatheredBytes = 0;
      handedOver.accept(gatheredContent);
      gatheredContent = 0;
    }
  }
}
