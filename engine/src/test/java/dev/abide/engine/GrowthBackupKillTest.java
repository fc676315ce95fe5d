package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.fixtures.OnDisk;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.ScriptObject;
import dev.abide.engine.fixtures.Victim;
import dev.abide.engine.internal.store.DataDirectory;
import dev.abide.engine.internal.store.StateCheck;
import dev.abide.engine.internal.store.StoreOptions;
import dev.abide.engine.internal.store.chronicle.ChronicleStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * G5, G6: a process that is killed with -9 while objects grow as fast as it goes, and maps with
 * them, and while one backup follows the other, against a ledger outside of it. More rounds: {@code
 * -Dabide.kills=200}.
 */
@Timeout(3_600)
class GrowthBackupKillTest {
  private static final int ROUNDS = Integer.getInteger("abide.kills", 6);
  private static final int CALLERS = 8;

  /** Of a round, about; fewer where there are many rounds. */
  private static final int LINES_MAX = ROUNDS > 6 ? 3_000 : 9_500;

  /** After so many rounds it begins anew, for what was stored only grows; an even number. */
  private static final int ROUNDS_OF_ONE = 10;

  /** Of the file {@code lines}. */
  private static final int LINE = 64;

  private static final String BEGUN = "backup begun";
  private static final String DONE = "backup done";

  @TempDir Path temp;

  /** What was answered, and what of it was answered before the last complete backup began. */
  private final Map<String, Long> ledger = new HashMap<>();

  /** Shards that had several maps when their process was killed, and were taken as they were. */
  private int grownAndKept;

  private Map<String, Long> begun = Map.of();
  private Map<String, Long> backedUp = Map.of();

  private static OnDisk open(Path directory) {
    return open(directory, true);
  }

  /**
   * Opens a directory.
   *
   * @param moving whether what lies in older maps is moved to the newest one, which ends the growth
   *     of a shard
   */
  private static OnDisk open(Path directory, boolean moving) {
    return OnDisk.open(
        directory,
        StoreOptions.standard(),
        new ChronicleStore.Options(1, moving, () -> {}),
        options -> options.host(Script.class, ScriptObject::new).onReport(_ -> {}));
  }

  private static Cell<Long> count(ObjectContext context) {
    return context.storage().cell("count", Long.class, 0L);
  }

  private static StoredMap<Long, byte[]> filler(ObjectContext context) {
    return context.storage().map("filler", Long.class, byte[].class);
  }

  /** Counts, and adds a page. */
  private static long add(Abide abide, String id) throws Exception {
    return Long.parseLong(
        abide
            .get(Script.class, id)
            .run((context, self) -> {
              long next = count(context).update(n -> n + 1);
              for (int i = 0; i < 4; i++) {
                filler(context).put(4 * next + i, new byte[900]);
              }
              return "" + next;
            }));
  }

  /** The count, if what was added is there. */
  private static long value(Abide abide, String id) throws Exception {
    return Long.parseLong(
        abide
            .get(Script.class, id)
            .run((context, self) -> {
              long counted = count(context).get();
              return "" + (filler(context).keys().size() == 4 * counted ? counted : -1);
            }));
  }

  /**
   * The process that is killed: each caller changes objects of its own. With a third argument what
   * has grown is left so: no map is emptied.
   */
  static final class Load {
    private Load() {}

    public static void main(String[] args) throws Exception {
      CountDownLatch some = new CountDownLatch(300);
      try (OnDisk engine = open(Path.of(args[0]), args.length < 3)) {
        Abide abide = engine.abide();
        for (int n = 0; n < CALLERS; n++) {
          String first = "c" + n + "-";
          var _ =
              Thread.ofVirtual()
                  .start(() -> {
                    for (int call = 0; ; call++) {
                      String id = first + call % 40;
                      try {
                        Victim.say(id + " " + add(abide, id));
                      } catch (Exception e) {
                        throw new IllegalStateException(e);
                      }
                      some.countDown();
                    }
                  });
        }
        some.await();
        while (true) {
          Victim.say(BEGUN);
          abide.backup(Path.of(args[1]));
          Victim.say(DONE);
        }
      }
    }
  }

  @Test
  void killWhileMapsGrow_andWhileABackupIsWritten_keepsWhatWasAcknowledged() throws Exception {
    long seed = Long.getLong("abide.seed", System.nanoTime());
    System.out.println("GrowthBackupKillTest -Dabide.seed=" + seed);
    Random random = new Random(seed);
    Path data = temp.resolve("data-0");
    Path next = temp.resolve("backup-0");
    TreeSet<Integer> generations = new TreeSet<>();
    int unfinished = 0;
    int complete = 0;
    int calls = 0;
    int grown = 0;
    int kept = 0;
    for (int round = 0; round < ROUNDS; round++) {
      if (round > 0 && round % ROUNDS_OF_ONE == 0) {
        calls += acknowledged();
        ledger.clear();
        empty(temp);
        data = temp.resolve("data-" + round);
        System.out.printf(
            "after %d rounds: backups %d complete, %d unfinished%n", round, complete, unfinished);
      }
      Path backup = next;
      // Every other time in the middle of the first copy of all.
      boolean amongMaps = round % 3 == 1;
      runAndKill(data, backup, round % 2 == 0 ? -1 : 500 + random.nextInt(LINES_MAX), amongMaps);
      List<Integer> several = several(data);
      grown += several.size();
      assertThat(several.isEmpty() && amongMaps).as("shards with several maps").isFalse();
      generations.addAll(generations(data));

      if (Files.exists(backup.resolve("backup"))) {
        complete++;
        Path restored = temp.resolve("restored-" + round);
        checkBackup(backup, restored);
        empty(restored);
      } else if (!DataDirectory.isOne(backup)) {
        assertThat(files(backup)).as("a backup that has not begun").isSubsetOf("lock", "holder");
      } else {
        unfinished++;
        assertThat(files(backup)).contains("backing-up");
        assertThatThrownBy(() -> open(backup))
            .isInstanceOf(StorageException.class)
            .hasMessageContaining("the first backup into this directory did not finish");
        assertThatThrownBy(() -> DataDirectory.open(backup))
            .isInstanceOf(StorageException.class)
            .hasMessageContaining("the first backup into this directory did not finish");
      }
      kept += checkData(data, several);
      if (round % 2 == 1) {
        next = temp.resolve("backup-" + (round + 1));
        backedUp = Map.of();
        begun = Map.of();
      }
    }
    System.out.printf(
        "%d rounds, %,d acknowledged calls, generations of maps %s, backups: %d complete, %d unfinished%n",
        ROUNDS, calls + acknowledged(), generations, complete, unfinished);
    System.out.printf("%,d shards kept; of %,d with several maps %,d%n", kept, grown, grownAndKept);
    // Which shard is busy at the moment of a kill is up to chance; that few are is not.
    assertThat(kept).as("shards kept").isGreaterThan(16 * ROUNDS);
    assertThat(grownAndKept).as("shards kept that had several maps").isPositive();
    assertThat(generations.last()).as("generations of maps").isGreaterThan(1);
    assertThat(complete).as("backups that are complete").isPositive();
    assertThat(unfinished).as("backups that are not").isPositive();
  }

  /** Each is as high as calls were answered. */
  private int acknowledged() {
    return ledger.values().stream().mapToInt(Long::intValue).sum();
  }

  private static void empty(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(directory)) {
          Files.delete(file);
        }
      }
    }
  }

  /** What is there is what was answered; gives how many shards were kept. */
  private int checkData(Path data, List<Integer> several) throws Exception {
    try (OnDisk engine = open(data)) {
      grownAndKept +=
          (int) several.stream().filter(shard -> StateCheck.isKept(engine.store(), shard)).count();
      StateCheck.check(engine.store());
      for (Map.Entry<String, Long> acknowledged : ledger.entrySet()) {
        long value = value(engine.abide(), acknowledged.getKey());
        assertThat(value)
            .as(acknowledged.getKey())
            .isBetween(acknowledged.getValue(), acknowledged.getValue() + 1);
        acknowledged.setValue(value);
      }
      return StateCheck.kept(engine.store());
    }
  }

  /** It has what was answered before it began, and nothing that never was. */
  private void checkBackup(Path backup, Path restored) throws Exception {
    try (DataDirectory from = DataDirectory.open(backup)) {
      for (String name : from.sortedNames()) {
        assertThat(from.check(name)).isNotNegative();
      }
      from.restore(restored, from.moments().last(), _ -> {});
    }
    try (OnDisk engine = open(restored)) {
      StateCheck.check(engine.store());
      for (Map.Entry<String, Long> acknowledged : backedUp.entrySet()) {
        String id = acknowledged.getKey();
        assertThat(value(engine.abide(), id))
            .as(id)
            .isBetween(acknowledged.getValue(), ledger.getOrDefault(id, 0L) + 1);
      }
    }
  }

  private static List<String> files(Path directory) {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(file -> file.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The shards whose lines name several maps: between the first generation and the last. */
  private static List<Integer> several(Path data) {
    byte[] lines;
    try {
      lines = Files.readAllBytes(data.resolve("lines"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // In the order of the machine.
    ByteBuffer bytes = ByteBuffer.wrap(lines).order(ByteOrder.nativeOrder());
    List<Integer> several = new ArrayList<>();
    for (int shard = 0; shard < ChronicleStore.SHARDS; shard++) {
      int line = LINE * (1 + shard);
      long first = bytes.getLong(line + 40);
      long last = bytes.getLong(line + 48);
      if (first > 0 && last > first) {
        several.add(shard);
      }
    }
    return several;
  }

  /** Those of the maps: a shard whose map has grown has a second one, or a third. */
  private static List<Integer> generations(Path data) {
    return files(data).stream()
        .filter(name -> name.startsWith("map-"))
        .map(name -> Integer.parseInt(name.substring(name.lastIndexOf('-') + 1), 16))
        .toList();
  }

  /**
   * Writes down what the process says until it ends.
   *
   * @param lines so many, then it is killed; -1 to kill it as soon as a file is being copied
   * @param amongMaps not before a shard has several maps, which are not emptied
   */
  private void runAndKill(Path data, Path backup, int lines, boolean amongMaps) throws Exception {
    Victim victim =
        amongMaps
            ? Victim.start(Load.class, data, backup, "no map is emptied")
            : Victim.start(Load.class, data, backup);
    List<String> said = new ArrayList<>();
    var _ =
        victim.listen(line -> {
          heard(line);
          said.add(line);
          boolean due =
              lines >= 0
                  ? said.size() >= lines
                  : said.size() % 10 == 0
                      && files(backup).stream().anyMatch(name -> name.endsWith(".tmp"));
          boolean grown = !amongMaps || (said.size() % 50 == 0 && !several(data).isEmpty());
          return (due && grown) || said.size() == (amongMaps ? 40_000 : 10_000);
        });
    assertThat(said).as("lines that the process said before it was killed").hasSizeGreaterThan(200);
  }

  private void heard(String line) {
    switch (line) {
      case BEGUN -> begun = new HashMap<>(ledger);
      case DONE -> backedUp = begun;
      default -> {
        String[] words = line.split(" ");
        ledger.put(words[0], Long.parseLong(words[1]));
      }
    }
  }
}
