package dev.abide.engine.internal.store;

import dev.abide.engine.internal.Threads;
import dev.abide.engine.internal.compaction.FileSet;
import dev.abide.engine.internal.journal.Progress;
import dev.abide.engine.internal.store.chronicle.ChronicleStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Fills empty maps from the state that the journal's files give, and those that were kept with what
 * they lack. As many threads as there are store threads read, each the shards of one of them. What
 * a key was before is never applied. How far it has come is told.
 */
final class Rebuild {
  private final FileSet files;
  private final ChronicleStore maps;
  private final Unapplied waiting;
  private final long number;
  private final IntConsumer filled;
  private final Progress progress;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();

  private Rebuild(
      FileSet files,
      ChronicleStore maps,
      Unapplied waiting,
      long number,
      IntConsumer filled,
      Progress progress) {
    this.filled = filled;
    this.progress = progress;
    this.files = files;
    this.maps = maps;
    this.waiting = waiting;
    this.number = number;
  }

  /**
   * Hands everything over.
   *
   * @param waiting bounds what is handed over and not yet applied
   * @param number the last commit
   * @param filled told how many shards have been read
   * @param progress told in words how many shards and bytes have been read
   */
  static void run(
      FileSet files,
      ChronicleStore maps,
      Unapplied waiting,
      long number,
      IntConsumer filled,
      Progress progress)
      throws IOException {
    new Rebuild(files, maps, waiting, number, filled, progress).run();
  }

  private void run() throws IOException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < maps.threads(); i++) {
      int first = i;
      threads.add(Thread.ofPlatform().daemon().name("abide-rebuild-" + i).start(() -> read(first)));
    }
    threads.forEach(Threads::joinUninterruptibly);
    Throwable cause = failed.get();
    switch (cause) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(cause);
    }
  }

  private void read(int first) {
    try {
      for (int shard = first; shard < ChronicleStore.SHARDS; shard += maps.threads()) {
        if (failed.get() != null) {
          return;
        }
        shard(shard);
        filled.accept(done.incrementAndGet());
        progress.at(this::soFar);
      }
    } catch (Throwable thrown) {
      failed.compareAndSet(null, thrown);
    }
  }

  private void shard(int shard) throws IOException {
    long kept = maps.keptTo(shard);
    ShardFeed feed = new ShardFeed(files, maps, waiting, number, this::handedOver);
    if (kept < 0) {
      feed.fill(shard);
    } else if (kept < number) {
      feed.goOn(shard, kept);
    }
  }

  /** Again and again within a shard too, whose objects may be as large as they like. */
  private void handedOver(long more) {
    bytes.addAndGet(more);
    progress.at(this::soFar);
  }

  private String soFar() {
    return "filling the store from the journal: %d of %d shards, %,d bytes of keys and values read"
        .formatted(done.get(), ChronicleStore.SHARDS, bytes.get());
  }
}
