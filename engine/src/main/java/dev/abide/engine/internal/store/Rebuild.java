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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills empty maps from the state that the journal's files give. As many threads as there are store
 * threads read, each the shards of one of them. What a key was before is never applied; an object
 * comes in one piece, or in pieces of {@link #COMMIT_BYTES} that each go on behind the last.
 */
final class Rebuild {
  private static final Logger LOG = LoggerFactory.getLogger("dev.abide");
  private static final int COMMIT_BYTES = 64 * 1024;
  private static final long REPORT_NANOS = 5_000_000_000L;

  private final FileSet files;
  private final ChronicleStore maps;
  private final Unapplied waiting;
  private final long number;
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
  private final long start = System.nanoTime();
  private volatile long reported = start;

  private Rebuild(FileSet files, ChronicleStore maps, Unapplied waiting, long number) {
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
   */
  static void run(FileSet files, ChronicleStore maps, Unapplied waiting, long number)
      throws IOException {
    new Rebuild(files, maps, waiting, number).run();
  }

  private void run() throws IOException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < maps.threads(); i++) {
      int first = i;
      threads.add(Thread.ofPlatform().daemon().name("abide-rebuild-" + i).start(() -> read(first)));
    }
    threads.forEach(Rebuild::join);
    Throwable cause = failed.get();
    switch (cause) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(cause);
    }
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
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
    try (State state = State.open(files, shard, number)) {
      List<Change> changes = new ArrayList<>();
      ObjectName object = null;
      int bytes = 0;
      while (state.next()) {
        if (object != null && (bytes >= COMMIT_BYTES || !object.equals(state.object()))) {
          apply(object, changes);
          changes = new ArrayList<>();
          bytes = 0;
        }
        object = state.object();
        changes.add(new Change(state.key(), state.value()));
        bytes += state.key().length + state.value().length;
      }
      if (object != null) {
        apply(object, changes);
      }
    }
  }

  private void apply(ObjectName object, List<Change> changes) {
    StorageException refusal = maps.refusal();
    if (refusal != null) {
      throw refusal;
    }
    Commit commit = new Commit(object, false, List.of(), changes, ApplyListener.NONE);
    long bytes = Journal.bytesOf(commit);
    waiting.add(bytes);
    maps.apply(new NumberedCommit(number, 0, commit, bytes));
  }

  private void report(int shards) {
    long now = System.nanoTime();
    if (now - reported > REPORT_NANOS) {
      reported = now;
      LOG.info(
          "rebuilding the store from the journal: {} of {} shards read after {} s",
          shards,
          ChronicleStore.SHARDS,
          (now - start) / 1_000_000_000L);
    }
  }
}
