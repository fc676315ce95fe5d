package dev.abide.engine.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.internal.compaction.CompactionOptions;
import dev.abide.engine.internal.disk.CountingDisk;
import dev.abide.engine.internal.journal.Journal;
import dev.abide.engine.internal.journal.JournalOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * How often a byte is written: once to a segment, once to a run, by merges once or twice more for
 * each factor of the runs that become one, and by folds at most twice. With bounds that are small,
 * so that a few mebibytes are merged and folded several times.
 */
@Timeout(300)
final class WrittenBytesTest {
  private static final int BATCH_MAGIC = 0xAB1D_EBA7;
  private static final int BATCH_HEADER = 48;
  private static final int NOTE = 200;
  private static final int PHASES = 20;
  private static final long FOLD_BYTES = 128 << 10;
  private static final int SEGMENT = 128 << 10;

  /** Head, tail, index and times of a run; a base has one time and, if it is empty, no block. */
  private static final long AROUND_A_RUN = 2_500;

  private static final long AROUND_A_BASE = 750;

  @TempDir Path directory;

  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

  /* Of the run. */
  private CountingDisk disk;
  private long records;
  private long alive;

  private enum Workload {
    HOT_COUNTERS(40_000, 8) {
      @Override
      String id(int n, Random random) {
        return "counter-" + n % 20;
      }
    },
    COLD_APPEND(6_000, 1_000) {
      @Override
      String id(int n, Random random) {
        return "object-" + n;
      }
    },
    RANDOM_OVERWRITE(6_000, 1_000) {
      @Override
      String id(int n, Random random) {
        return "object-" + random.nextInt(1_000);
      }
    };

    final int commits;
    final int valueBytes;

    Workload(int commits, int valueBytes) {
      this.commits = commits;
      this.valueBytes = valueBytes;
    }

    abstract String id(int n, Random random);
  }

  /** Zeros and headers of segments are written when these are made, ahead of the commits. */
  private static String kind(String name, ByteBuffer bytes) {
    if (name.startsWith("segment-")) {
      return bytes.remaining() >= 4 && bytes.getInt(bytes.position()) == BATCH_MAGIC
          ? "journal"
          : "made ahead";
    }
    return name.startsWith("run-") ? "runs" : name.startsWith("base-") ? "bases" : "others";
  }

  @ParameterizedTest
  @EnumSource
  void aByteIsWrittenOnceToASegment_onceToARun_andAtMostTwiceToABase(Workload work)
      throws IOException {
    CompactionOptions folding =
        new CompactionOptions(Duration.ZERO, 0, 64, 32, FOLD_BYTES, Long.MAX_VALUE);
    run(work, SEGMENT, folding, PHASES);
    long journal = disk.bytes("journal");
    long runs = disk.bytes("runs");
    long bases = disk.bytes("bases");
    System.out.printf(
        "%s: records %,d, alive %,d, written %s, on disk %,d%n",
        work, records, alive, disk, onDisk());
    assertThat(disk.files("bases")).as("bases of several folds").isGreaterThanOrEqualTo(3 * 64);
    // A header for each batch, which is a write, and what a compaction notes.
    assertThat(journal)
        .isBetween(records, records + BATCH_HEADER * disk.writes("journal") + PHASES * NOTE);
    assertThat(disk.files("runs"))
        .as("one for each segment, nothing was merged")
        .isLessThanOrEqualTo(disk.files("journal"));
    assertThat(runs).isLessThanOrEqualTo(journal + AROUND_A_RUN * disk.files("runs"));
    assertThat(bases).isLessThanOrEqualTo(2 * runs + AROUND_A_BASE * disk.files("bases"));
    assertThat(onDisk())
        .isLessThanOrEqualTo(
            2 * (alive + 64 * AROUND_A_BASE) + FOLD_BYTES + SEGMENT + AROUND_A_RUN);
  }

  /**
   * All is young, so nothing is folded; sixteen runs may be there, and four to eight become one.
   */
  @ParameterizedTest
  @EnumSource
  void mergesWriteAByteOnceOrTwiceMore_forEachFactorOfTheRunsThatBecomeOne(Workload work)
      throws IOException {
    CompactionOptions merging =
        new CompactionOptions(
            Duration.ofDays(1), Long.MAX_VALUE, 16, 8, FOLD_BYTES, Long.MAX_VALUE);
    run(work, SEGMENT / 4, merging, 1);
    long journal = disk.bytes("journal");
    long runs = disk.bytes("runs");
    double segments = journal / (SEGMENT / 4.0);
    double levels = Math.log(segments / 16) / Math.log(8);
    System.out.printf(
        "%s: written %s, %.1f segments, each byte %.2f times to runs, %.2f levels%n",
        work, disk, segments, runs / (double) journal, levels);
    assertThat(disk.bytes("bases")).isZero();
    assertThat(disk.files("runs"))
        .as("runs of segments, and merged ones")
        .isGreaterThan((int) segments + 4);
    assertThat(runs)
        .isLessThanOrEqualTo(
            (long) ((1 + 1 + 2 * levels) * journal) + AROUND_A_RUN * disk.files("runs"));
  }

  private void run(Workload work, int segment, CompactionOptions compaction, int phases)
      throws IOException {
    long seed = Long.getLong("abide.seed", System.nanoTime());
    System.out.println("WrittenBytesTest " + work + " -Dabide.seed=" + seed);
    Random random = new Random(seed);
    CountingDisk[] counting = new CountingDisk[1];
    Map<String, Long> live = new TreeMap<>();
    DiskStore store =
        DiskStore.open(
            directory,
            new StoreOptions(
                new JournalOptions(16 << 20, Duration.ofSeconds(60), segment, segment), compaction),
            files -> counting[0] = new CountingDisk(files, WrittenBytesTest::kind),
            failures::add);
    disk = Objects.requireNonNull(counting[0]);
    for (int n = 0; n < work.commits; n++) {
      if (n > 0 && n % (work.commits / phases) == 0) {
        // What there is to fold is folded, as it would be if all this took an hour.
        store.compact();
      }
      String id = work.id(n, random);
      Commit commit =
          new Commit(
              store.name("T", id),
              false,
              List.of(),
              List.of(new Change(new byte[] {1}, new byte[work.valueBytes])),
              ApplyListener.NONE);
      records += Journal.bytesOf(commit);
      // An object and a change as a base has them.
      live.put(id, 17L + 2 + 1 + 2 + id.length() + 9 + 4 + 1 + 4 + work.valueBytes);
      store.append(commit);
    }
    store.compact();
    store.close();
    alive = live.values().stream().mapToLong(Long::longValue).sum();
    assertThat(failures).isEmpty();
  }

  private long onDisk() throws IOException {
    long bytes = 0;
    try (Stream<Path> all = Files.list(directory)) {
      for (Path file : all.toList()) {
        String name = file.getFileName().toString();
        if (name.startsWith("run-") || name.startsWith("base-")) {
          bytes += Files.size(file);
        }
      }
    }
    return bytes;
  }
}
