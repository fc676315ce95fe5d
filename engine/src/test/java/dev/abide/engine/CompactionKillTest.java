package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.internal.Access;
import dev.abide.engine.internal.activation.Engine;
import dev.abide.engine.internal.activation.EngineOptions;
import dev.abide.engine.internal.compaction.CompactionOptions;
import dev.abide.engine.internal.journal.JournalOptions;
import dev.abide.engine.internal.store.DiskStore;
import dev.abide.engine.internal.store.StateCheck;
import dev.abide.engine.internal.store.StoreOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * G5, G6: a process that is killed with -9 while segments of 16 KiB are sorted, merged and folded
 * all the time, against a ledger outside of it. More rounds: {@code -Dabide.kills=200}.
 */
class CompactionKillTest {
  private static final int ROUNDS = Integer.getInteger("abide.kills", 8);
  private static final int CALLERS = 8;

  @TempDir Path directory;

  private final AtomicInteger kills = new AtomicInteger();

  /** Small segments, few runs, nothing kept of the past: there is always something to do. */
  private static Abide open(Path directory) {
    return open(directory, new AtomicReference<>());
  }

  private static Abide open(Path directory, AtomicReference<DiskStore> opened) {
    StoreOptions small =
        new StoreOptions(
            new JournalOptions(64 << 20, Duration.ofSeconds(60), 8_192, 16_384),
            new CompactionOptions(Duration.ZERO, 0, 4, 3, 16_384, 1L << 40));
    AtomicReference<Engine> engine = new AtomicReference<>();
    DiskStore store =
        DiskStore.open(
            directory, small, failure -> engine.get().storageFailed(failure), (_, _) -> {});
    opened.set(store);
    engine.set(
        Engine.over(
            store,
            EngineOptions.of(
                Engines.with(options ->
                    options.host(Counter.class, CounterObject::new).onReport(_ -> {})))));
    return Access.get().abide(engine.get());
  }

  /** The process that is killed: each caller increments counters of its own and says so. */
  static final class Load {
    private Load() {}

    public static void main(String[] args) throws Exception {
      try (Abide abide = open(Path.of(args[0]))) {
        Thread[] callers = new Thread[CALLERS];
        for (int n = 0; n < CALLERS; n++) {
          String first = "counter-" + n + "-";
          callers[n] =
              Thread.ofVirtual()
                  .start(() -> {
                    for (int call = 0; ; call++) {
                      String id = first + call % 5;
                      long value = abide.get(Counter.class, id).increment(1);
                      synchronized (Load.class) {
                        System.out.println(id + " " + value);
                        System.out.flush();
                      }
                    }
                  });
        }
        for (Thread caller : callers) {
          caller.join();
        }
      }
    }
  }

  @Test
  void killWhileSegmentsAreSortedMergedAndFolded_keepsWhatWasAcknowledged() throws Exception {
    long seed = Long.getLong("abide.seed", System.nanoTime());
    System.out.println("CompactionKillTest -Dabide.seed=" + seed);
    Random random = new Random(seed);
    Map<String, Long> ledger = new HashMap<>();
    TreeSet<String> kinds = new TreeSet<>();
    long kept = 0;
    for (int round = 0; round < ROUNDS; round++) {
      runAndKill(200 + random.nextInt(3_000), ledger);
      files().forEach(name -> kinds.add(name.replaceAll("[0-9a-f]{16}", "#")));
      if (random.nextBoolean()) {
        // Killed while it opens, and rebuilds.
        killInOpen(random.nextInt(1_500), ledger);
      }
      AtomicReference<DiskStore> store = new AtomicReference<>();
      try (Abide abide = open(directory, store)) {
        kept += StateCheck.kept(store.get());
        StateCheck.check(store.get());
        ledger.replaceAll((id, acknowledged) -> {
          long value = abide.get(Counter.class, id).value();
          assertThat(value).as(id).isBetween(acknowledged, acknowledged + 1);
          return value;
        });
      }
    }
    System.out.println(
        "%,d kills, %,d shards kept of %,d".formatted(kills.get(), kept, 64L * ROUNDS));
    // Which shard is busy at the moment of a kill is up to chance; that few are is not.
    assertThat(kept).as("shards kept").isGreaterThan(16L * ROUNDS);
    System.out.println(
        "files seen: " + kinds.stream().filter(kind -> !kind.startsWith("map")).toList());
    // How far folds got is up to the machine; that segments were sorted is not: eight may wait.
    assertThat(kinds).contains("run-#-#-#");
    assertThat(files().stream().filter(name -> name.startsWith("segment")).count())
        .as("segments that are left of all that was written")
        .isLessThan(20);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(file -> file.getFileName().toString()).toList();
    }
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@" + Path.of("abide.jvmargs"),
            Engines.option(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            Load.class.getName(),
            directory.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private void killInOpen(int afterMs, Map<String, Long> ledger) throws Exception {
    Process process = start();
    // Nothing tells how far it has come, and nothing needs to: any moment will do.
    var _ = process.waitFor(Duration.ofMillis(afterMs));
    process.toHandle().destroyForcibly();
    listen(process, Integer.MAX_VALUE, ledger);
  }

  private void runAndKill(int lines, Map<String, Long> ledger) throws Exception {
    assertThat(listen(start(), lines, ledger))
        .as("lines that the process said before it was killed")
        .isGreaterThanOrEqualTo(lines);
  }

  /** Writes down what the process says until it ends, and kills it after so many lines. */
  private int listen(Process process, int lines, Map<String, Long> ledger) throws Exception {
    int seen = 0;
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      StringBuilder line = new StringBuilder();
      // A line counts when its end is there: one cut off by the kill is none.
      for (int next = out.read(); next >= 0; next = out.read()) {
        if (next != '\n') {
          line.append((char) next);
          continue;
        }
        String[] words = line.toString().split(" ");
        ledger.put(words[0], Long.parseLong(words[1]));
        line.setLength(0);
        if (++seen == lines) {
          process.toHandle().destroyForcibly();
        }
      }
    }
    process.waitFor();
    kills.incrementAndGet();
    return seen;
  }
}
