package dev.abide.engine.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.StorageException;
import dev.abide.engine.internal.compaction.CompactionOptions;
import dev.abide.engine.internal.compaction.Compactor;
import dev.abide.engine.internal.compaction.FileSet;
import dev.abide.engine.internal.compaction.State;
import dev.abide.engine.internal.disk.CrashingDisk;
import dev.abide.engine.internal.disk.MemoryDisk;
import dev.abide.engine.internal.journal.Identity;
import dev.abide.engine.internal.journal.Journal;
import dev.abide.engine.internal.journal.JournalOptions;
import dev.abide.engine.internal.store.chronicle.ChronicleStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole directory whose disk ends at one of its changes and then loses its power: while it is
 * made, opened anew, closed cleanly, and while segments are sorted, merged, folded and used again
 * under commits. What the next open has is what a prefix of the commits gives, with all that were
 * acknowledged.
 *
 * <p>Each kind of change at an open and a close, as {@code sync shards.tmp}, has its turn, and half
 * of those in between: one of them that is drawn. All kinds, and more of each: {@code
 * -Dabide.points=50}.
 *
 * <p>The maps lie in a real directory beside. What of them was not synced may be lost in blocks, a
 * file at a time, or all of it.
 */
@Timeout(3_600)
final class StoreCrashPointsTest {
  private static final int DRAWN = Integer.getInteger("abide.points", 1);
  private static final int LIVES = 2;
  private static final int LOSSES = 8;
  private static final int OBJECTS = 3;
  private static final int BLOCK = 4_096;

  /** Of the file {@code lines}: a head and 64 lines, in each of which the name of a boot stands. */
  private static final int LINE = 64;

  private static final int CACHE_AT = 24;

  /** Small segments that are soon used again, few runs, and nothing of the past. */
  private static final StoreOptions OPTIONS =
      new StoreOptions(
          new JournalOptions(64 << 20, Duration.ofSeconds(30), 1_024, 2_048),
          new CompactionOptions(Duration.ZERO, Long.MAX_VALUE, 4, 3, 8_000, Long.MAX_VALUE));

  @TempDir Path temp;

  private final long seed = Long.getLong("abide.seed", System.nanoTime());
  private final TreeMap<String, Integer> met = new TreeMap<>();
  private int points;

  /** One directory: its disk, its maps, and what was done to it. */
  private final class Case {
    final Random random;
    final MemoryDisk disk = new MemoryDisk();
    final Path maps;
    final Map<Long, Commit> commits = new TreeMap<>();
    final List<Throwable> failures = new CopyOnWriteArrayList<>();
    final List<String> notices = new CopyOnWriteArrayList<>();

    /** The maps as the last clean close has synced them. */
    private Map<String, byte[]> synced = new HashMap<>();

    CrashingDisk crashing;
    volatile String phase = "";

    /** Whether a segment was used again; one thread sets it. */
    private volatile boolean recycled;

    long acknowledged;
    private int made;

    Case(String name, long ownSeed) {
      random = new Random(ownSeed);
      maps = temp.resolve(name);
      crashing = new CrashingDisk(disk, change -> false, 1, true);
    }

    DiskStore open() {
      return DiskStore.open(
          maps,
          OPTIONS,
          files -> crashing,
          new ChronicleStore.Options(1, true, () -> {}),
          failures::add,
          (what, cause) -> notices.add(what + ": " + cause));
    }

    /** The disk, to end at the n-th of some changes. */
    CrashingDisk ending(Predicate<String> changes, long n) {
      return new CrashingDisk(
          disk,
          change -> {
            if (change.equals("cut shards.tmp")) {
              // The maps are closed and synced by now, and the directory is.
              synced = mapFiles();
            }
            if (change.equals("rename segment")) {
              recycled = true;
            }
            return changes.test(change);
          },
          n,
          random.nextBoolean());
    }

    private Map<String, byte[]> mapFiles() {
      Map<String, byte[]> all = new HashMap<>();
      try (Stream<Path> files = Files.list(maps)) {
        for (Path file : files.toList()) {
          if (file.getFileName().toString().startsWith("map-")) {
            all.put(file.getFileName().toString(), Files.readAllBytes(file));
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return all;
    }

    // ---- what is done

    Commit next(DiskStore store) {
      int n = ++made;
      ObjectName name = store.name("cart", "id-" + random.nextInt(OBJECTS));
      boolean isSynced = random.nextInt(4) > 0;
      ApplyListener level =
          new ApplyListener() {
            @Override
            public void applied(long number) {}

            @Override
            public boolean synced() {
              return isSynced;
            }
          };
      if (random.nextInt(20) == 0) {
        return new Commit(name, true, List.of(), List.of(), level);
      }
      List<KeyRange> cleared =
          random.nextInt(10) == 0
              ? List.of(new KeyRange(key(random.nextInt(6)), key(6)))
              : List.of();
      byte[] value = new byte[random.nextInt(8) == 0 ? 600 : 20 + random.nextInt(80)];
      random.nextBytes(value);
      byte[] said = ("commit " + n).getBytes(StandardCharsets.UTF_8);
      System.arraycopy(said, 0, value, 0, said.length);
      int at = random.nextInt(8);
      List<Change> changes = new ArrayList<>(List.of(new Change(key(at), value)));
      if (random.nextInt(3) == 0) {
        changes.add(new Change(key(at + 1), null));
      }
      return new Commit(name, false, cleared, List.copyOf(changes), level);
    }

    private byte[] key(int n) {
      return new byte[] {1, (byte) n};
    }

    void commit(DiskStore store, int count) {
      for (int i = 0; i < count; i++) {
        Commit commit = next(store);
        long number;
        synchronized (commits) {
          number = store.append(commit);
          commits.put(number, commit);
        }
        if (commit.owner().synced() && random.nextInt(4) > 0) {
          store.awaitDurable(number);
          acknowledged = number;
        }
      }
      store.sync(store.last());
      acknowledged = store.last();
    }

    /** Until the directory is as its compaction leaves it, or its disk has ended. */
    void awaitSorted(DiskStore store) {
      Awaitility.await()
          .pollInterval(1, TimeUnit.MILLISECONDS)
          .atMost(60, TimeUnit.SECONDS)
          .until(() -> crashing.crashed() || store.files().waiting() == 0);
    }

    private boolean isFolded() {
      return disk.list().stream().filter(name -> name.matches("base-[0-9a-f-]*")).count() == 64;
    }

    /** All lives; ends early where the disk does. */
    void run() {
      for (int life = 1; life <= LIVES && !crashing.crashed(); life++) {
        phase = "open " + life;
        DiskStore store;
        try {
          store = open();
        } catch (StorageException e) {
          assertThat(crashing.crashed()).as("%s", e).isTrue();
          return;
        }
        try {
          phase = "life " + life;
          do {
            commit(store, 20);
            awaitSorted(store);
          } while (life == 2 && !(recycled && isFolded()) && !crashing.crashed());
        } catch (StorageException e) {
          assertThat(crashing.crashed()).as("%s", e).isTrue();
        } finally {
          phase = "close " + life;
          close(store);
        }
      }
    }

    private void close(DiskStore store) {
      try {
        store.close();
      } catch (StorageException e) {
        assertThat(crashing.crashed()).as("%s", e).isTrue();
      }
    }

    // ---- what is lost

    /** The process has ended, and perhaps the power has gone. */
    void end(boolean powerLoss) throws IOException {
      failures.clear();
      notices.clear();
      if (powerLoss) {
        disk.powerLoss(random);
        loseMaps();
      }
      crashing = ending(change -> false, 1);
    }

    private void loseMaps() throws IOException {
      Map<String, byte[]> now = mapFiles();
      TreeSet<String> names = new TreeSet<>(now.keySet());
      names.addAll(synced.keySet());
      int how = random.nextInt(4);
      for (String name : names) {
        byte[] kept = lose(synced.get(name), now.get(name), how == 3 ? random.nextInt(3) : how);
        if (kept == null) {
          Files.deleteIfExists(maps.resolve(name));
        } else {
          Files.write(maps.resolve(name), kept);
        }
      }
      loseLines();
    }

    /** What is left of a file: the older one, the newer one, or some blocks of each. */
    private byte @Nullable [] lose(byte @Nullable [] older, byte @Nullable [] newer, int how) {
      if (how == 0 || older == null && newer == null) {
        return older;
      }
      if (how == 1 || newer == null) {
        return newer;
      }
      byte[] mixed = newer.clone();
      for (int at = 0; at < mixed.length; at += BLOCK) {
        if (random.nextBoolean()) {
          int end = Math.min(mixed.length, at + BLOCK);
          Arrays.fill(mixed, at, end, (byte) 0);
          if (older != null && at < older.length) {
            System.arraycopy(older, at, mixed, at, Math.min(end, older.length) - at);
          }
        }
      }
      return mixed;
    }

    /** Never synced: it is lost, or of an earlier boot. */
    private void loseLines() throws IOException {
      Path lines = maps.resolve("lines");
      if (random.nextBoolean() || !Files.exists(lines)) {
        Files.deleteIfExists(lines);
        return;
      }
      byte[] bytes = Files.readAllBytes(lines);
      for (int at = LINE; at + LINE <= bytes.length; at += LINE) {
        bytes[at + CACHE_AT] ^= 1;
      }
      Files.write(lines, bytes);
    }

    // ---- what is there

    /** Opens what is left, goes on, closes cleanly and opens again. */
    void check(String what) throws IOException {
      DiskStore store = open();
      try {
        compare(store, acknowledged, what);
        StateCheck.check(store);
        acknowledged = store.last();
        synchronized (commits) {
          commits.keySet().removeIf(number -> number > acknowledged);
        }
        commit(store, 4);
      } finally {
        store.close();
      }
      assertThat(failures).as(what).isEmpty();
      boolean powerLoss = random.nextBoolean();
      end(powerLoss);
      store = open();
      try {
        compare(store, acknowledged, what + ", a clean close" + (powerLoss ? " and a loss" : ""));
        assertThat(store.last()).as(what).isEqualTo(acknowledged);
        assertThat(store.shardsKept())
            .as("%s: shards that are taken after a clean close; told: %s", what, notices)
            .isEqualTo(ChronicleStore.SHARDS);
      } finally {
        store.close();
      }
      assertThat(failures).as(what).isEmpty();
    }

    private void compare(DiskStore store, long least, String what) {
      compare(
          store.last(),
          least,
          store::name,
          name ->
              store.range(name, new KeyRange(new byte[0], null), false, 1_000, Integer.MAX_VALUE),
          what);
    }

    /** The same of the journal's files alone, as other losses of power would have left them. */
    void lookAtLosses(String what) throws IOException {
      for (int loss = 0; loss < LOSSES; loss++) {
        MemoryDisk lost = disk.afterPowerLoss(random);
        Identity identity = Identity.of(lost);
        FileSet files = FileSet.open(lost, identity);
        Journal journal =
            Journal.recover(
                lost, identity, OPTIONS.journal(), files.start(), 0, commit -> {}, cause -> {});
        files.segments(journal.sealed(), journal.current());
        Compactor.prepare(files, OPTIONS.compaction());
        long last = journal.last();
        compare(
            last,
            acknowledged,
            new ObjectHash(identity.hashKey())::name,
            name -> entries(files, name, last),
            what + " loss " + loss);
        var _ = journal.close();
      }
    }

    private static List<Entry> entries(FileSet files, ObjectName name, long last) {
      List<Entry> entries = new ArrayList<>();
      try (State state = State.open(files, name.shard(), last)) {
        while (state.next()) {
          if (state.object().equals(name)) {
            entries.add(new Entry(state.key(), state.value()));
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return entries;
    }

    private void compare(
        long last,
        long least,
        BiFunction<String, String, ObjectName> names,
        Function<ObjectName, List<Entry>> found,
        String what) {
      Map<ObjectName, NavigableMap<String, String>> model = new LinkedHashMap<>();
      for (int i = 0; i < OBJECTS; i++) {
        model.put(names.apply("cart", "id-" + i), new TreeMap<>());
      }
      long highest = 0;
      for (Map.Entry<Long, Commit> commit : commits.entrySet()) {
        highest = commit.getKey();
        if (highest <= last) {
          apply(model, commit.getValue());
        }
      }
      assertThat(last).as(what).isBetween(least, highest);
      model.forEach((name, entries) -> {
        NavigableMap<String, String> there = new TreeMap<>();
        found.apply(name).forEach(entry -> there.put(hex(entry.key()), hex(entry.value())));
        assertThat(there).as("%s: %s after commit %d", what, name, last).isEqualTo(entries);
      });
    }
  }

  private static void apply(Map<ObjectName, NavigableMap<String, String>> model, Commit commit) {
    NavigableMap<String, String> entries = model.get(commit.name());
    assertThat(entries).as("%s", commit.name()).isNotNull();
    if (commit.deletesObject()) {
      entries.clear();
    }
    for (KeyRange range : commit.cleared()) {
      entries.keySet().removeIf(key -> range.contains(HexFormat.of().parseHex(key)));
    }
    for (Change change : commit.changes()) {
      if (change.value() == null) {
        entries.remove(hex(change.key()));
      } else {
        entries.put(hex(change.key()), hex(change.value()));
      }
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** All changes of a run that nothing ends, by their kinds. */
  private Map<String, Integer> kinds() throws IOException {
    Case whole = new Case("whole", seed);
    Map<String, Integer> kinds = new TreeMap<>();
    whole.crashing =
        whole.ending(
            change -> {
              synchronized (kinds) {
                kinds.merge(whole.phase + ": " + change, 1, Integer::sum);
              }
              return false;
            },
            1);
    whole.run();
    assertThat(whole.isFolded()).isTrue();
    whole.end(true);
    whole.check("seed " + seed + ", after a clean close and a loss of power");
    delete(whole.maps);
    return kinds;
  }

  @Test
  void aLossOfPowerAtEachKindOfChange_keepsWhatWasAcknowledged() throws IOException {
    System.out.println("StoreCrashPointsTest -Dabide.seed=" + seed);
    Random random = new Random(seed);
    Map<String, Integer> kinds = kinds();
    int changes = kinds.values().stream().mapToInt(Integer::intValue).sum();
    int tried = 0;
    for (Map.Entry<String, Integer> kind : kinds.entrySet()) {
      if (DRAWN == 1 && kind.getKey().startsWith("life ") && random.nextBoolean()) {
        // Half of what others crash in too.
        continue;
      }
      tried++;
      TreeSet<Integer> which = new TreeSet<>();
      for (int i = 0; i < DRAWN; i++) {
        // Not the last ones, which another run may not have.
        which.add(1 + random.nextInt(1 + kind.getValue() / 2));
      }
      for (int n : which) {
        crash(kind.getKey(), n, random.nextLong());
      }
    }
    System.out.printf(
        "StoreCrashPointsTest: %d crash points of %d changes, %d of %d kinds met%n",
        points, changes, met.size(), tried);
    // When a thread comes to what differs from time to time, and so does what it meets.
    assertThat(met.size()).as("kinds that were met").isGreaterThan(tried / 2);
    assertThat(met.keySet())
        .contains(
            "open 1: rename identity.tmp",
            "open 2: delete shards",
            "open 2: sync directory after delete shards",
            "close 1: write shards.tmp",
            "close 1: sync shards.tmp",
            "close 1: rename shards.tmp");
    // Sorts, folds, and segments that are used again.
    for (String work : List.of("rename run.tmp", "rename base.tmp", "rename segment")) {
      assertThat(kinds.keySet())
          .anyMatch(kind -> kind.startsWith("life ") && kind.endsWith(": " + work));
    }
  }

  /** The n-th change of a kind is the last, and is done or not. */
  private void crash(String kind, int n, long ownSeed) throws IOException {
    String what = "seed %d, %s, the %d.".formatted(seed, kind, n);
    Case of = new Case("case-" + ++points, ownSeed);
    of.crashing = of.ending(change -> kind.equals(of.phase + ": " + change), n);
    try {
      crash(of, kind, what);
    } catch (IOException | StorageException e) {
      throw new AssertionError(what, e);
    }
    delete(of.maps);
  }

  private void crash(Case of, String kind, String before) throws IOException {
    String what = before;
    of.run();
    if (of.crashing.crashed()) {
      met.merge(kind, 1, Integer::sum);
    }
    boolean powerLoss = of.random.nextInt(4) > 0;
    of.lookAtLosses(what);
    what += powerLoss ? " and the power goes" : " and the process ends";
    of.end(powerLoss);
    if (of.random.nextBoolean()) {
      // The open after it does not come far either.
      of.crashing = of.ending(change -> true, 1 + of.random.nextInt(12));
      try {
        DiskStore store = of.open();
        // What was served once stays.
        of.acknowledged = store.last();
        of.close(store);
      } catch (StorageException e) {
        assertThat(of.crashing.crashed()).as("%s: %s", what, e).isTrue();
      }
      of.end(of.random.nextBoolean());
      what += ", then again in the open";
    }
    of.check(what);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
