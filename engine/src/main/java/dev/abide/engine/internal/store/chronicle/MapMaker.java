package dev.abide.engine.internal.store.chronicle;

import dev.abide.engine.internal.Threads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes maps before they are needed and deletes those that are empty, so that store threads never
 * wait for a file. It works only on files that are in no shard's list. If a map cannot be made, for
 * want of space above all, it reports that once and tries again every second.
 */
final class MapMaker {
  private static final int RETRY_MS = 1_000;

  private final Path directory;
  private final BiConsumer<String, Throwable> report;
  private final Runnable before;
  private final LinkedBlockingDeque<Runnable> work = new LinkedBlockingDeque<>();
  private final AtomicInteger stuck = new AtomicInteger();

  /** Why the last map that was tried could not be made; said only while one is stuck. */
  private volatile @Nullable Throwable why;

  private final Thread thread;
  private final CountDownLatch end = new CountDownLatch(1);
  private volatile boolean ended;

  /** Of the longest file that was made. */
  private volatile long longest;

  /**
   * @param before runs before each map is made; for tests of a late one
   */
  MapMaker(Path directory, BiConsumer<String, Throwable> report, Runnable before) {
    this.directory = directory;
    this.report = report;
    this.before = before;
    thread = Thread.ofPlatform().name("abide-map-maker").daemon(true).unstarted(this::loop);
  }

  void start() {
    thread.start();
  }

  /** Makes a map and gives it away, on the maker's thread. */
  void make(int shard, long generation, MapShape shape, Consumer<PageMap> made) {
    work.add(() -> tryMake(shard, generation, shape, made));
  }

  /** Closes a map that holds nothing any more, and deletes its file. */
  void dispose(PageMap map) {
    work.add(() -> {
      try {
        map.abandon();
        map.delete();
      } catch (IOException | RuntimeException | Error e) {
        report.accept("an empty map file could not be deleted; the next open deletes it", e);
      }
    });
  }

  /** About how long the next file will be at most: twice the longest so far. */
  long nextBytes() {
    return 2 * longest;
  }

  /** There is a file of this length. On the thread, or before its start. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes it
  void has(long bytes) {
    longest = Math.max(longest, bytes);
  }

  /** Whether a map that is needed cannot be made at present. */
  boolean isStuck() {
    return stuck.get() > 0;
  }

  /** Why, as far as anybody knows. */
  String whyStuck() {
    Throwable cause = why;
    return cause == null ? "nobody knows why" : cause.toString();
  }

  /** Ends the thread when the work at hand is done. */
  void end() {
    ended = true;
    end.countDown();
    work.addFirst(() -> {});
    Threads.joinUninterruptibly(thread);
    for (Runnable left = work.poll(); left != null; left = work.poll()) {
      left.run();
    }
  }

  private void tryMake(int shard, long generation, MapShape shape, Consumer<PageMap> made) {
    boolean failed = false;
    boolean told = false;
    // Made and not given away yet: that may fail for want of memory, too, and is tried again.
    PageMap map = null;
    while (!ended) {
      try {
        before.run();
        if (map == null) {
          map = PageMap.create(PageMap.file(directory, shard, generation), generation, shape);
        }
        has(map.bytes());
        made.accept(map);
        map = null;
        break;
      } catch (IOException | RuntimeException | Error e) {
        why = e;
        if (!failed) {
          failed = true;
          stuck.incrementAndGet();
        }
        told = told || tell(shard, e);
        pause();
      }
    }
    if (failed) {
      stuck.decrementAndGet();
    }
    if (map != null) {
      dispose(map);
    }
  }

  /** False if there was no memory for it. */
  private boolean tell(int shard, Throwable cause) {
    try {
      report.accept(
          "no map file could be made for shard %d in %s; tried again every %,d ms: %s"
              .formatted(shard, directory, RETRY_MS, cause),
          cause);
      return true;
    } catch (OutOfMemoryError e) {
      return false;
    }
  }

  private void pause() {
    try {
      if (end.await(RETRY_MS, TimeUnit.MILLISECONDS)) {
        ended = true;
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("the map maker is never interrupted", e);
    }
  }

  private void loop() {
    while (!ended) {
      try {
        work.take().run();
      } catch (InterruptedException e) {
        throw new IllegalStateException("the map maker is never interrupted", e);
      } catch (OutOfMemoryError e) {
        // A map could not be disposed of: the next open deletes its file. One that could not be
        // made is tried again where it is made.
      }
    }
  }
}
