package dev.abide.jmh.storage;

import dev.abide.engine.Abide;
import dev.abide.jmh.Directories;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import jdk.jfr.consumer.RecordingStream;
import org.jspecify.annotations.Nullable;

/**
 * A thousand callers, each synced before its answer, on three kinds of state: few objects that are
 * written again and again, objects that are written once, and objects overwritten at random. Beside
 * them the sorts, merges and folds that each brings about.
 */
final class Workloads {
  /** What the names of the workloads begin with. */
  static final List<String> NAMES = List.of("hot", "append", "overwrite");

  private static final int CALLERS = 1_000;
  private static final int LONELY_BATCH_BYTES = 16 << 10;
  private static final long LONELY_NANOS = 5_000_000_000L;

  /** One call of one caller. */
  interface Call {
    void make(Abide abide, int caller, long n);
  }

  private Workloads() {}

  /**
   * @param only the first word of the one that is wanted, or ""
   */
  static void run(int objects, int seconds, String only) throws Exception {
    Path file = Directories.root().resolve("lonely");
    Times idle = lonelySync(file);
    told("while the processors are idle", idle);
    Times busy = besideBusyProcessors(() -> lonelySync(file));
    told("while as many threads count as there are processors", busy);
    Lonely lonely = new Lonely(idle.millis(0.99), busy.millis(0.99));
    workload(
        "hot: 1,000 objects, 100 B",
        only,
        seconds,
        lonely,
        100,
        0,
        (abide, caller, n) -> abide.get(Shelf.class, "hot-" + caller).put(0, 100));
    workload(
        "append: a new object each, 1,000 B",
        only,
        seconds,
        lonely,
        1_000,
        0,
        (abide, caller, n) -> abide.get(Shelf.class, caller + "-" + n).put(0, 1_000));
    workload(
        "overwrite: %,d objects at random, 100 B".formatted(objects),
        only,
        seconds,
        lonely,
        100,
        objects,
        (abide, caller, n) ->
            abide
                .get(Shelf.class, "o-" + ThreadLocalRandom.current().nextInt(objects))
                .put(0, 100));
  }

  /**
   * The 99th percentile of a sync with nothing else on the disk, in milliseconds: a sync ends when
   * its thread is given a processor again, and the callers leave none idle.
   */
  private record Lonely(double idle, double busy) {}

  private static void told(String when, Times times) {
    System.out.printf(
        "a lonely sync of %d KiB %s: p50 %.2f ms, p99 %.2f ms, longest %.1f ms (%,d)%n",
        LONELY_BATCH_BYTES >> 10,
        when,
        times.millis(0.5),
        times.millis(0.99),
        times.millis(1),
        times.count());
  }

  private static Times besideBusyProcessors(Callable<Times> measured) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    List<Thread> counting = new ArrayList<>();
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      counting.add(
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                while (!over.get()) {
                  Thread.onSpinWait();
                }
              }));
    }
    try {
      return measured.call();
    } finally {
      over.set(true);
      for (Thread thread : counting) {
        thread.join();
      }
    }
  }

  /** Syncs of its own file with nothing else on the disk. */
  private static Times lonelySync(Path path) throws IOException {
    Times times = new Times();
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer zeros = ByteBuffer.allocateDirect(64 << 20);
      while (zeros.hasRemaining()) {
        file.write(zeros);
      }
      file.force(true);
      ByteBuffer batch = ByteBuffer.allocateDirect(LONELY_BATCH_BYTES);
      long start = System.nanoTime();
      long at = 0;
      while (System.nanoTime() - start < LONELY_NANOS) {
        batch.clear();
        while (batch.hasRemaining()) {
          at += file.write(batch, at);
        }
        long before = System.nanoTime();
        file.force(false);
        times.add(System.nanoTime() - before);
        at %= (64 << 20) - LONELY_BATCH_BYTES;
      }
    } finally {
      Files.deleteIfExists(path);
    }
    return times;
  }

  private static void workload(
      String name, String only, int seconds, Lonely lonely, int bytes, int before, Call call)
      throws Exception {
    if (!name.startsWith(only)) {
      return;
    }
    Path directory = Directories.make();
    Times wakes = new Times();
    Syncs syncs = new Syncs();
    try (Abide abide = StorageLoad.open(directory);
        RecordingStream events = new RecordingStream()) {
      if (before > 0) {
        callers(
            abide,
            before,
            Duration.ofDays(1),
            (to, caller, n) -> to.get(Shelf.class, "o-" + (caller + CALLERS * n)).put(0, bytes));
      }
      events.enable("dev.abide.Commit");
      events.enable("dev.abide.Compaction").withoutThreshold();
      events.enable("dev.abide.Wake").withThreshold(Duration.ofMillis(5));
      events.onEvent("dev.abide.Commit", syncs::synced);
      events.onEvent("dev.abide.Compaction", syncs::compacted);
      events.onEvent("dev.abide.Wake", event -> wakes.add(event.getDuration().toNanos()));
      events.setReuse(true);
      events.startAsync();
      long written = Machine.writtenBytes();
      double cpu = Machine.cpuSeconds();
      List<Long> perSecond = callers(abide, Long.MAX_VALUE, Duration.ofSeconds(seconds), call);
      cpu = Machine.cpuSeconds() - cpu;
      abide.awaitDurable();
      events.stop();
      Times all = syncs.all();
      Times beside = syncs.those(true);
      Times alone = syncs.those(false);
      long calls = perSecond.stream().mapToLong(n -> n).sum();
      List<Long> half = perSecond.subList(perSecond.size() / 2, perSecond.size());
      System.out.printf(
          "%s%n  %,d calls/s, second half %,.0f/s, slowest second %,d; %.1f us of processor each%n"
              + "  written %.1f times the values; below the directory %s MB%n"
              + "  syncs p50 %.2f ms, p99 %.2f ms (%.1f times the lonely, %.1f times the lonely"
              + " beside busy processors), longest %.1f ms (%,d)%n"
              + "  syncs beside a sort, merge or fold p50 %.2f ms, p99 %.2f ms (%,d); beside none p50"
              + " %.2f ms, p99 %.2f ms (%,d)%n"
              + "  wakes over 5 ms: %,d of %,d calls, longest %.1f ms%n",
          name,
          calls / seconds,
          half.stream().mapToLong(n -> n).average().orElse(0),
          perSecond.stream().mapToLong(n -> n).min().orElse(0),
          cpu * 1e6 / calls,
          (Machine.writtenBytes() - written) / ((double) calls * bytes),
          Machine.megabytes(directory),
          all.millis(0.5),
          all.millis(0.99),
          all.millis(0.99) / lonely.idle(),
          all.millis(0.99) / lonely.busy(),
          all.millis(1),
          all.count(),
          beside.millis(0.5),
          beside.millis(0.99),
          beside.count(),
          alone.millis(0.5),
          alone.millis(0.99),
          alone.count(),
          wakes.count(),
          calls,
          wakes.millis(1));
    } finally {
      Directories.delete(directory);
    }
  }

  /** Calls until there were so many, or for that long; how many in each second. */
  static List<Long> callers(Abide abide, long count, Duration time, Call call)
      throws InterruptedException {
    LongAdder made = new LongAdder();
    AtomicLong left = new AtomicLong(count);
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    long start = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (int caller = 0; caller < CALLERS; caller++) {
      int own = caller;
      long share = count / CALLERS + (caller < count % CALLERS ? 1 : 0);
      threads.add(
          Thread.startVirtualThread(() -> {
            try {
              for (long n = 0;
                  n < share && failure.get() == null && System.nanoTime() - start < time.toNanos();
                  n++) {
                call.make(abide, own, n);
                made.increment();
                left.decrementAndGet();
              }
            } catch (Throwable thrown) {
              failure.compareAndSet(null, thrown);
            }
          }));
    }
    List<Long> perSecond = new ArrayList<>();
    long last = 0;
    for (int second = 1; left.get() > 0 && failure.get() == null; second++) {
      long until = start + second * 1_000_000_000L;
      while (System.nanoTime() < until && left.get() > 0 && failure.get() == null) {
        Thread.sleep(5);
      }
      long now = made.sum();
      perSecond.add(now - last);
      last = now;
      if (until - start >= time.toNanos()) {
        break;
      }
    }
    for (Thread thread : threads) {
      thread.join();
    }
    Throwable thrown = failure.get();
    if (thrown != null) {
      throw new AssertionError("a caller failed: " + thrown, thrown);
    }
    return perSecond;
  }
}
