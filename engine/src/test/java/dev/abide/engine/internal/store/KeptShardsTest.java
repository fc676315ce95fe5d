package dev.abide.engine.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.abide.engine.internal.compaction.CompactionOptions;
import dev.abide.engine.internal.disk.FileDisk;
import dev.abide.engine.internal.journal.Identity;
import dev.abide.engine.internal.journal.JournalOptions;
import dev.abide.engine.internal.store.chronicle.ShardLines;
import dev.abide.engine.internal.store.chronicle.TouchedMap;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a kill leaves of the maps, and what the next open makes of it. The files of an engine that
 * runs are copied while nothing is under way in it: that is what a kill at that moment leaves.
 */
@Timeout(300)
class KeptShardsTest {
  private static final int LINE = 64;

  @TempDir Path directory;
  @TempDir Path killed;

  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final List<String> notices = new CopyOnWriteArrayList<>();
  private long last;

  private DiskStore open(Path where, boolean keep) {
    // One long segment: nothing is sorted while files are copied.
    return DiskStore.open(
        where,
        new StoreOptions(
            new JournalOptions(64 << 20, Duration.ofSeconds(60), 8 << 20, 8 << 20),
            CompactionOptions.standard(),
            keep),
        failures::add,
        (what, _) -> notices.add(what));
  }

  /** A directory as a kill leaves it. */
  @BeforeEach
  void kill() throws IOException {
    kill(directory, List.of(killed));
  }

  private void kill(Path directory, List<Path> copies) throws IOException {
    try (DiskStore store = open(directory, true)) {
      StoreModel model =
          new StoreModel(Long.getLong("abide.seed", System.nanoTime()), 200, store::name);
      for (int n = 0; n < 300; n++) {
        store.append(model.next(ApplyListener.NONE));
      }
      byte[] marked = new byte[500];
      Arrays.fill(marked, (byte) 'm');
      store.append(
          new Commit(
              store.name("marked", "id"),
              false,
              List.of(),
              List.of(new Change(new byte[] {1}, marked)),
              ApplyListener.NONE));
      last = store.last();
      store.awaitDurable(last);
      store.awaitApplied();
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> whole(directory).stream().allMatch(Objects::nonNull));
      // Maps that have been emptied are deleted by a thread that no line speaks of.
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> maps(directory).size() == generations(directory));
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          String name = file.getFileName().toString();
          // A lock that is read is a lock that is lost.
          if (!name.equals("lock") && !name.equals("holder") && !name.endsWith(".tmp")) {
            for (Path copy : copies) {
              Files.copy(file, copy.resolve(name));
            }
          }
        }
      }
    }
  }

  private static List<ShardLines.Whole> whole(Path where) throws IOException {
    long lineage = Identity.of(new FileDisk(where)).lineage();
    try (ShardLines lines = ShardLines.open(where, lineage)) {
      return lines.whole();
    }
  }

  /** Opens what was killed; what it serves is what the journal says. */
  private int openAndCheck() throws IOException {
    return openAndCheck(killed);
  }

  private int openAndCheck(Path where) throws IOException {
    try (DiskStore store = open(where, true)) {
      StateCheck.check(store);
      assertThat(failures).isEmpty();
      assertThat(store.last()).isEqualTo(last);
      return StateCheck.kept(store);
    }
  }

  private void set(int shard, int offset, long value) throws IOException {
    Path lines = killed.resolve("lines");
    byte[] bytes = Files.readAllBytes(lines);
    // Lines are in the order of the machine.
    ByteBuffer.wrap(bytes)
        .order(java.nio.ByteOrder.nativeOrder())
        .putLong(LINE * (1 + shard) + offset, value);
    Files.write(lines, bytes);
  }

  private static long generations(Path where) throws IOException {
    return whole(where).stream()
        .filter(Objects::nonNull)
        .mapToLong(shard -> shard.generations().size())
        .sum();
  }

  private List<Path> maps() throws IOException {
    return maps(killed);
  }

  private static List<Path> maps(Path where) throws IOException {
    try (Stream<Path> files = Files.list(where)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("map-"))
          .sorted(Comparator.naturalOrder())
          .toList();
    }
  }

  @Test
  void afterAKill_whatIsWholeIsKept_andAgain() throws IOException {
    assertThat(openAndCheck()).isEqualTo(64);
    assertThat(notices).isEmpty();
    // That close was clean.
    assertThat(openAndCheck()).isEqualTo(64);
  }

  @Test
  void switchedOff_everythingIsRebuilt() throws IOException {
    try (DiskStore store = open(killed, false)) {
      StateCheck.check(store);
      assertThat(StateCheck.kept(store)).isZero();
    }
  }

  /** Their numbers of pages are those of other maps, and nobody says which of these are whole. */
  @Test
  void switchedOffForOneLife_linesOfTheLifeBeforeItAreNotBelieved() throws IOException {
    try (DiskStore store = open(killed, false)) {
      store.awaitApplied();
      assertThat(whole(killed)).hasSize(64).containsOnlyNulls();
    }
  }

  @Test
  void aShardThatWasBusy_isRebuilt_andTheOthersAreKept() throws IOException {
    set(5, 0, 1);

    assertThat(openAndCheck()).isEqualTo(63);
  }

  @Test
  void shardsThatLagBehind_getWhatTheyLack() throws IOException {
    // More than that is done again, which gives the same.
    List<ShardLines.Whole> lines = whole(killed);
    for (int shard = 0; shard < 64; shard++) {
      set(shard, 8, Math.max(lines.get(shard).applied() - 40, 0));
    }

    assertThat(openAndCheck()).isEqualTo(64);
  }

  @Test
  void aShardAheadOfTheJournal_isRebuilt() throws IOException {
    set(7, 8, last + 1);

    assertThat(openAndCheck()).isEqualTo(63);
  }

  @Test
  void afterAnotherBoot_everythingIsRebuilt() throws IOException {
    for (int shard = 0; shard < 64; shard++) {
      set(shard, 24, 1);
    }

    assertThat(openAndCheck()).isZero();
  }

  /** What was not written back is gone then, and what was is there, stale and whole. */
  @Test
  void afterTheFileSystemWasMountedAnew_everythingIsRebuilt() throws Exception {
    Path image = directory.resolve("image");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(1L << 30);
    }
    Path mount = Files.createDirectory(directory.resolve("mount"));
    assumeTrue(
        done("mkfs.ext4", "-q", image.toString()) && mounted(image, mount),
        "no file system can be mounted here: that takes root on Linux");
    try {
      Path before = Files.createDirectory(mount.resolve("before"));
      Path after = Files.createDirectory(mount.resolve("after"));
      kill(Files.createDirectory(mount.resolve("data")), List.of(before, after));

      assertThat(openAndCheck(before)).isEqualTo(64);
      assertThat(done("umount", mount.toString())).isTrue();
      assertThat(mounted(image, mount)).isTrue();
      assertThat(openAndCheck(after)).isZero();
    } finally {
      assertThat(done("umount", mount.toString())).isTrue();
    }
  }

  private static boolean mounted(Path image, Path where) throws Exception {
    return done("mount", "-o", "loop", image.toString(), where.toString());
  }

  private static boolean done(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException e) {
      // There is no such program.
      return false;
    }
  }

  @Test
  void ofAnotherLineage_everythingIsRebuilt() throws IOException {
    for (int shard = 0; shard < 64; shard++) {
      set(shard, 16, 1);
    }

    assertThat(openAndCheck()).isZero();
  }

  @Test
  void linesThatWereCutOrLost_keepNothing() throws IOException {
    Files.write(killed.resolve("lines"), new byte[10]);
    assertThat(openAndCheck()).isZero();
  }

  @Test
  void aMapThatIsGone_orEmpty_isRebuilt_andTold() throws IOException {
    List<Path> maps = maps();
    Files.delete(maps.getFirst());
    Files.write(maps.getLast(), new byte[100]);

    assertThat(openAndCheck()).isEqualTo(62);
    assertThat(notices)
        .hasSize(2)
        .anyMatch(notice -> notice.contains("the shard is rebuilt"))
        .anyMatch(notice -> notice.contains(maps.getFirst() + " is missing; its shard is rebuilt"));
  }

  @Test
  void allMapsGone_areToldOfOnce_andRebuilt() throws IOException {
    int without =
        (int) whole(killed).stream().filter(shard -> shard.generations().isEmpty()).count();
    for (Path map : maps()) {
      Files.delete(map);
    }

    assertThat(openAndCheck()).isEqualTo(without);
    assertThat(notices)
        .singleElement()
        .asString()
        .contains("map files of %d shards are missing".formatted(64 - without))
        .contains("rebuilt from the journal");
  }

  @Test
  void aMapThatWasCut_isRebuilt_andTold() throws IOException {
    for (Path map : List.of(maps().getFirst(), maps().getLast())) {
      try (RandomAccessFile file = new RandomAccessFile(map.toFile(), "rw")) {
        file.setLength(file.length() / 2);
      }
    }

    assertThat(openAndCheck()).isEqualTo(62);
    assertThat(notices).hasSize(2).allMatch(notice -> notice.contains("the shard is rebuilt"));
  }

  @Test
  void aShardWhoseFirstPageIsPoisoned_isRebuilt_andTheOthersAreKept() throws IOException {
    ObjectHash hash = new ObjectHash(Identity.of(new FileDisk(killed)).hashKey());
    List<ShardLines.Whole> lines = whole(killed);
    int shard = 0;
    while (lines.get(shard).generations().isEmpty()) {
      shard++;
    }
    TouchedMap.poisonGraves(killed, hash, shard, lines.get(shard).generations().getLast());

    assertThat(openAndCheck()).isEqualTo(63);
    assertThat(notices)
        .singleElement()
        .asString()
        .contains("shard " + shard + " ")
        .contains("the shard is rebuilt");
  }

  @Test
  void mapsThatWereSwapped_areRebuilt() throws IOException {
    Path first = maps().getFirst();
    Path last = maps().getLast();
    Path beside = killed.resolve("beside");
    Files.move(first, beside);
    Files.move(last, first);
    Files.move(beside, last);

    assertThat(openAndCheck()).isEqualTo(62);
  }

  @Test
  void aMapFileThatIsInNoList_isDeleted() throws IOException {
    Path stray = killed.resolve("map-03-00000099");
    Files.write(stray, new byte[4_096]);

    assertThat(openAndCheck()).isEqualTo(64);
    assertThat(stray).doesNotExist();
  }

  @Test
  void aPageThatWasPoisoned_stopsTheStore_andTheNextOpenKeepsNothing() throws IOException {
    String mark = "m".repeat(400);
    int poisoned = 0;
    for (Path map : maps()) {
      byte[] bytes = Files.readAllBytes(map);
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      // Older copies of the page may stand there as well.
      for (int at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 500)) {
        bytes[at + 200] ^= 1;
        poisoned++;
      }
      Files.write(map, bytes);
    }
    assertThat(poisoned).isPositive();

    try (DiskStore store = open(killed, true)) {
      assertThat(catchThrowable(() -> store.load(store.name("marked", "id")))).isNotNull();
      assertThat(store.ready()).isFalse();
    }
    assertThat(failures).hasSize(1);
    failures.clear();
    assertThat(openAndCheck()).isZero();
  }
}
