package dev.abide.engine.internal.store;

import dev.abide.engine.internal.Threads;
import dev.abide.engine.internal.compaction.FileSet;
import dev.abide.engine.internal.store.chronicle.ChronicleStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Fills empty maps from the state that the journal's files give, and those that were kept with what
 * they lack. As many threads as there are store threads read, each the shards of one of them. What
 * a key was before is never applied. What takes long is told, every few seconds.
 */
final class Rebuild {
  private static final long REPORT_NANOS = 5_000_000_000L;

  private final FileSet files;
  private final ChronicleStore maps;
  private final Unapplied waiting;
  private final long number;
  private final IntConsumer filled;
  private final Consumer<String> progress;
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
  private final long start = System.nanoTime();
  private volatile long reported = start;

  private Rebuild(
      FileSet files,
      ChronicleStore maps,
      Unapplied waiting,
      long number,
      IntConsumer filled,
      Consumer<String> progress) {
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
   * @param progress told the same in words, when it takes long
   */
  static void run(
      FileSet files,
      ChronicleStore maps,
      Unapplied waiting,
      long number,
      IntConsumer filled,
      Consumer<String> progress)
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
        report(done.incrementAndGet());
      }
    } catch (Throwable thrown) {
      failed.compareAndSet(null, thrown);
    }
  }

  private void shard(int shard) throws IOException {
    long kept = maps.keptTo(shard);
    ShardFeed feed = new ShardFeed(files, maps, waiting, number);
    if (kept < 0) {
      feed.fill(shard);
    } else if (kept < number) {
      feed.goOn(shard, kept);
    }
  }

  private void report(int shards) {
    filled.accept(shards);
    long now = System.nanoTime();
    if (now - reported > REPORT_NANOS) {
      reported = now;
      progress.accept(
          "filling the store from the journal: %d of %d shards read after %d s"
              .formatted(shards, ChronicleStore.SHARDS, (now - start) / 1_000_000_000L));
    }
  }
}
