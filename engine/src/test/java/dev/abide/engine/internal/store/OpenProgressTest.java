package dev.abide.engine.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.internal.compaction.CompactionOptions;
import dev.abide.engine.internal.disk.FaultyDisk;
import dev.abide.engine.internal.journal.JournalOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An open that takes long tells how far it is, in each of its phases and inside one object too. */
@Timeout(120)
final class OpenProgressTest {
  private static final int SEGMENT = 512 << 10;
  private static final Pattern READING =
      Pattern.compile(
          "reading the journal: segment (\\d+) of at most (\\d+), up to commit ([\\d,]+), .*");
  private static final Pattern SORTING =
      Pattern.compile("sorting the journal: (\\d+) of (\\d+) segments.*, after \\d+ s");
  private static final Pattern FILLING =
      Pattern.compile(
          "filling the store from the journal: (\\d+) of 64 shards, ([\\d,]+) bytes .*, after \\d+ s");

  @TempDir Path directory;

  private final Queue<String> told = new ConcurrentLinkedQueue<>();
  private long last;

  private static StoreOptions options(Duration each) {
    return new StoreOptions(
            new JournalOptions(16 << 20, Duration.ofSeconds(60), SEGMENT, SEGMENT),
            CompactionOptions.standard())
        .tellingEach(each);
  }

  private static Commit put(DiskStore store, String id, int key, int bytes) {
    return new Commit(
        store.name("T", id),
        false,
        List.of(),
        List.of(new Change(new byte[] {1, (byte) (key >> 8), (byte) key}, new byte[bytes])),
        ApplyListener.NONE);
  }

  /** Of five segments none is in a run, most of it is one object, and nobody says what is whole. */
  @BeforeEach
  void write() throws IOException {
    try (DiskStore store =
        DiskStore.open(
            directory,
            options(Duration.ofDays(1)),
            files -> {
              FaultyDisk disk = new FaultyDisk(files);
              disk.failWrites("run-");
              return disk;
            },
            failure -> {})) {
      for (int n = 0; n < 200; n++) {
        store.append(put(store, "small-" + n, 0, 500));
      }
      for (int n = 0; n < 1_000; n++) {
        store.append(put(store, "huge", n, 2_000));
      }
      last = store.last();
      store.awaitDurable(last);
    }
    Files.delete(directory.resolve("shards"));
    Files.delete(directory.resolve("lines"));
  }

  private void open(Duration each) {
    DiskStore.open(
            directory,
            options(each),
            failure -> {},
            (what, cause) -> {
              assertThat(cause).as(what).isNull();
              told.add(what);
            })
        .close();
  }

  private List<Matcher> told(Pattern pattern) {
    List<Matcher> found = new ArrayList<>();
    for (String what : told) {
      Matcher matcher = pattern.matcher(what);
      if (matcher.matches()) {
        found.add(matcher);
      }
    }
    return found;
  }

  private static long number(String text) {
    return Long.parseLong(text.replace(",", ""));
  }

  @Test
  void eachPhaseTells_oneAfterTheOther() {
    open(Duration.ZERO);

    List<Matcher> reading = told(READING);
    assertThat(reading).extracting(each -> number(each.group(3))).isSorted().endsWith(last);
    assertThat(Integer.parseInt(reading.getLast().group(1))).isGreaterThan(3);
    List<Matcher> sorting = told(SORTING);
    assertThat(sorting).hasSizeGreaterThan(3);
    assertThat(sorting.getLast().group(1)).isEqualTo(sorting.getLast().group(2));
    assertThat(told(FILLING)).extracting(each -> Integer.parseInt(each.group(1))).contains(63);
    String phases = String.join("\n", told);
    assertThat(phases.lastIndexOf("reading the")).isLessThan(phases.indexOf("sorting the"));
    assertThat(phases.lastIndexOf("sorting the")).isLessThan(phases.indexOf("filling the"));
  }

  @Test
  void insideOneHugeObjectToo() {
    open(Duration.ZERO);

    Map<String, Set<Long>> bytes = new TreeMap<>();
    for (Matcher each : told(FILLING)) {
      bytes.computeIfAbsent(each.group(1), _ -> new HashSet<>()).add(number(each.group(2)));
    }
    assertThat(bytes.values())
        .as("how often it was told between one shard and the next: %s", bytes)
        .anyMatch(between -> between.size() > 15);
  }

  @Test
  void whatIsQuickIsNotTold() {
    open(Duration.ofDays(1));

    assertThat(told).isEmpty();
  }
}
