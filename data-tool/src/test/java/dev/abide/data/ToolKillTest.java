package dev.abide.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.abide.data.Ledger.Entry;
import dev.abide.data.Tool.Answer;
import dev.abide.engine.Abide;
import dev.abide.engine.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The tool is killed with -9 in the middle of what it writes; what the next open then says. */
@Timeout(300)
final class ToolKillTest {
  private static final int OBJECTS = 40;

  /** More are tried where it was done before it could be killed. */
  private static final int TRIES_MAX = 40;

  @TempDir Path temp;

  private Random random = new Random();
  private Path data = Path.of("");

  /** A directory with ledgers whose sums are 1. */
  @BeforeEach
  void write() {
    long seed = Long.getLong("abide.seed", System.nanoTime());
    System.out.println("ToolKillTest -Dabide.seed=" + seed);
    random = new Random(seed);
    data = temp.resolve("data");
    try (Abide abide = LedgerObject.open(data)) {
      for (int i = 0; i < OBJECTS; i++) {
        abide
            .get(Ledger.class, "l" + i)
            .add(new Entry("x", 1, Optional.empty(), List.of()), LedgerObject.WHEN);
      }
    }
  }

  private Answer run(Object... arguments) throws Exception {
    return Tool.run(temp, arguments);
  }

  /**
   * Kills the tool.
   *
   * @param millis so long after the moment, at random up to this
   * @return whether it was killed before its end
   */
  private boolean kill(BooleanSupplier moment, int millis, Object... arguments) throws Exception {
    Path out = Files.createTempFile(temp, "out", "");
    Process tool = Tool.start(out, out, List.of(), arguments);
    while (tool.isAlive() && !moment.getAsBoolean()) {
      Thread.onSpinWait();
    }
    var _ = tool.waitFor(millis == 0 ? 0 : random.nextInt(millis), TimeUnit.MILLISECONDS);
    tool.toHandle().destroyForcibly();
    int exit = tool.waitFor();
    assertThat(exit).as(() -> text(out)).isIn(0, 128 + 9);
    return exit != 0;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static boolean has(Path directory, String prefix, String suffix) {
    if (!Files.isDirectory(directory)) {
      return false;
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .anyMatch(name -> name.startsWith(prefix) && name.endsWith(suffix));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void isAllThere(Path directory) {
    try (Abide abide = LedgerObject.open(directory)) {
      assertThat(abide.ids(Ledger.class)).hasSize(OBJECTS);
      for (int i = 0; i < OBJECTS; i++) {
        assertThat(abide.get(Ledger.class, "l" + i).sum()).isEqualTo(1);
      }
    }
  }

  @Test
  void restore_isRefusedUntilItIsRunAgain() throws Exception {
    int unfinished = 0;
    for (int n = 0; n < TRIES_MAX && unfinished < 3; n++) {
      Path to = temp.resolve("restored-" + n);
      if (kill(() -> has(to, "base-", ""), 0, "restore", data, to)
          && Files.exists(to.resolve("restoring"))) {
        unfinished++;
        assertThatThrownBy(() -> LedgerObject.open(to))
            .isInstanceOf(StorageException.class)
            .hasMessageContaining("a restore into this directory did not finish");
        Tool.isOneLine(run("objects", to), 1, "restore");
        assertThat(run("restore", data, to).exit()).isZero();
      }
      isAllThere(to);
    }
    assertThat(unfinished).as("restores that were killed before their end").isEqualTo(3);
  }

  @Test
  void compact_losesNothing_andIsRunAgain() throws Exception {
    Path source = temp.resolve("source");
    assertThat(run("backup", data, source).exit()).isZero();
    int killed = 0;
    for (int n = 0; n < TRIES_MAX && killed < 3; n++) {
      Path one = temp.resolve("compacted-" + n);
      assertThat(run("restore", source, one).exit()).isZero();
      isAllThere(one);
      // A base that is written anew is beside the old one.
      try (Abide abide = LedgerObject.open(one)) {
        abide
            .get(Ledger.class, "l" + OBJECTS)
            .add(new Entry("x", 1, Optional.empty(), List.of()), LedgerObject.WHEN);
        abide.delete(Ledger.class, "l" + OBJECTS);
      }
      if (kill(() -> has(one, "base-", ".tmp"), 60, "compact", one, "--retention", "PT0S")) {
        killed++;
        assertThat(run("verify", one).exit()).isZero();
        isAllThere(one);
        assertThat(run("compact", one, "--retention", "PT0S").exit()).isZero();
      }
      isAllThere(one);
    }
    assertThat(killed).isEqualTo(3);
  }

  @Test
  void rebuild_losesNothing_andTheNextOpenRebuilds() throws Exception {
    int killed = 0;
    for (int n = 0; n < TRIES_MAX && killed < 3; n++) {
      // It says that the maps are not what the last close left, before it touches them.
      if (kill(() -> !Files.exists(data.resolve("shards")), 60, "rebuild", data)) {
        killed++;
        if (n % 2 == 0) {
          Answer again = run("rebuild", data);
          assertThat(again.exit()).as("%s", again).isZero();
        }
      }
      isAllThere(data);
    }
    assertThat(killed).isEqualTo(3);
  }

  @Test
  void import_leavesWholeObjects_andIsRunAgainWithReplace() throws Exception {
    Answer export = run("export", data, "--prefix", "l1");
    List<String> lines = new ArrayList<>(export.out().lines().toList());
    String end = lines.removeLast();
    List<String> one = lines.stream().filter(line -> line.contains("\"id\":\"l1\"")).toList();
    lines.removeIf(line -> line.contains("\"id\":"));
    int objects = 8_000;
    for (int i = 0; i < objects; i++) {
      for (String line : one) {
        lines.add(line.replace("\"id\":\"l1\"", "\"id\":\"l" + i + "\""));
      }
    }
    lines.add(end);
    Path file = Files.write(temp.resolve("many.jsonl"), lines);

    TreeSet<Integer> found = new TreeSet<>();
    int killed = 0;
    for (int n = 0; n < TRIES_MAX && !(killed > 2 && midway(found, objects)); n++) {
      Path to = temp.resolve("imported-" + n);
      // The file has been read once when there is a map.
      if (kill(() -> has(to, "map-", ""), 300, "import", to, file)) {
        killed++;
        try (Abide abide = LedgerObject.open(to)) {
          List<String> ids = abide.ids(Ledger.class).toList();
          found.add(ids.size());
          assertThat(ids).allMatch(id -> abide.get(Ledger.class, id).sum() == 1);
        }
        if (killed == 1 && !found.first().equals(0)) {
          Tool.isOneLine(run("import", to, file), 1, "is in " + to + " already", "--replace");
        }
        Answer again = run("import", to, file, "--replace");
        assertThat(again.exit()).as("%s", again).isZero();
      }
      try (Abide abide = LedgerObject.open(to)) {
        assertThat(abide.ids(Ledger.class)).hasSize(objects);
      }
    }
    System.out.println("objects that a killed import left: " + found);
    assertThat(midway(found, objects)).as("an import that was killed in the middle").isTrue();
  }

  private static boolean midway(TreeSet<Integer> found, int all) {
    return found.stream().anyMatch(n -> n > 0 && n < all);
  }

  /** No file may be longer than 2.1 MiB: segments are made, and the second map is not. */
  @Test
  void import_saysThatTheMapsCouldNotBeMade_andNothingIsLost() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "bash sets the limit");
    List<String> lines =
        new ArrayList<>(run("export", data, "--prefix", "l1").out().lines().toList());
    lines.removeIf(line -> line.contains("\"id\":"));
    String end = lines.removeLast();
    int values = 28;
    byte[] value = new byte[64 << 10];
    random.nextBytes(value);
    for (int n = 0; n < values; n++) {
      lines.add(
          "{\"type\":\"ledger\",\"id\":\"big\",\"map\":\"m\",\"keyBytes\":\"%s\",\"bytes\":\"%s\"}"
              .formatted(base64(new byte[] {(byte) n}), base64(value)));
    }
    lines.add(end);
    Path file = Files.write(temp.resolve("big.jsonl"), lines);
    Path to = temp.resolve("imported");
    Path said = temp.resolve("said");

    Process tool =
        Tool.start(
            temp.resolve("out"),
            said,
            List.of("/bin/bash", "-c", "ulimit -f 2150; exec \"$@\"", "limited"),
            "import",
            to,
            file);

    assertThat(tool.waitFor()).as(() -> text(said)).isEqualTo(1);
    assertThat(text(said).lines().toList().getLast())
        .startsWith(
            "abide data: all 1 objects were imported and are durable, but the store's maps in ")
        .contains("so the next open makes them anew");
    assertThat(text(said)).contains("File too large");
    Answer shown = run("export", to);
    assertThat(shown.out().lines().filter(line -> line.contains("\"id\":\"big\""))).hasSize(values);
    assertThat(run("rebuild", to).exit()).isZero();
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
