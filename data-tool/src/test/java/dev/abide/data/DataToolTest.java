package dev.abide.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.data.Ledger.Entry;
import dev.abide.data.Ledger.Kind;
import dev.abide.data.Ledger.Note;
import dev.abide.data.Ledger.Star;
import dev.abide.engine.Abide;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The tool as a process of its own, without the application's classes. */
@Timeout(240)
final class DataToolTest {
  private static final Instant WHEN = Instant.parse("2026-11-27T03:00:00Z");

  @TempDir Path temp;

  private record Answer(int exit, String out, String err) {}

  private Answer run(Object... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of("../engine/abide.jvmargs").toAbsolutePath());
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.add("-cp");
    command.add(
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(part -> !part.contains("test-classes"))
            .collect(Collectors.joining(File.pathSeparator)));
    command.add("dev.abide.data.DataTool");
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Path out = Files.createTempFile(temp, "out", "");
    Path err = Files.createTempFile(temp, "err", "");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    int exit = process.waitFor();
    return new Answer(
        exit,
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  private Abide open(Path directory) {
    return Abide.open(directory, options -> options.host(Ledger.class, LedgerObject::new));
  }

  private Path data() {
    Path data = temp.resolve("data");
    try (Abide abide = open(data)) {
      Ledger ledger = abide.get(Ledger.class, "ann");
      ledger.add(
          new Entry("tea", 250, Optional.of(Kind.OWED), List.of(new Star(), new Note("hot"))),
          WHEN);
      ledger.add(new Entry("cake", 400, Optional.empty(), List.of()), WHEN.plusSeconds(60));
      abide.get(Ledger.class, "bob").add(new Entry("x", 1, Optional.empty(), List.of()), WHEN);
    }
    return data;
  }

  private static void isOneLine(Answer answer, int exit, String... parts) {
    assertThat(answer.exit()).as("%s", answer).isEqualTo(exit);
    assertThat(answer.err().lines()).hasSize(1);
    assertThat(answer.err()).startsWith("abide data: ").contains(parts);
  }

  @Test
  void objectsAndTheirValues_arePrintedWithTheirNames() throws Exception {
    Path data = data();

    assertThat(run("objects", data).out().lines())
        .containsExactlyInAnyOrder("ledger ann", "ledger bob");
    assertThat(run("objects", data, "--type", "ledger", "--prefix", "b").out())
        .isEqualTo("ledger bob\n");
    Answer shown = run("show", data, "ledger", "ann");
    assertThat(shown.err()).isEmpty();
    assertThat(shown.out().lines())
        .containsExactly(
            "cell odd = \"NaN\"",
            "cell sum = 650",
            "map entries key 2026-11-27T03:00:00Z = {\"text\":\"tea\",\"cents\":250,\"kind\":\"OWED\",\"marks\":[{\"star\":{}},{\"note\":{\"says\":\"hot\"}}]}",
            "map entries key 2026-11-27T03:01:00Z = {\"text\":\"cake\",\"cents\":400,\"marks\":[]}");
    assertThat(run("show", data, "ledger", "bob", "--json").out().lines())
        .contains("{\"cell\":\"sum\",\"value\":1}");
  }

  @Test
  void thePast_isShownAndRestored() throws Exception {
    Path data = data();
    // Commits 1 to 3 describe the two cells and the map.
    Answer history = run("history", data, "ledger", "ann");
    assertThat(history.out().lines().filter(line -> line.contains("cell sum")))
        .hasSize(2)
        .first()
        .asString()
        .contains("commit 4 ")
        .endsWith("= 250");
    assertThat(run("show", data, "ledger", "ann", "--at", "4").out()).contains("cell sum = 250");

    Answer restored = run("restore", data, temp.resolve("then"), "--at", "4");
    assertThat(restored.exit()).as("%s", restored).isZero();
    try (Abide abide = open(temp.resolve("then"))) {
      assertThat(abide.ids(Ledger.class)).containsExactly("ann");
      assertThat(
              abide
                  .get(Ledger.class, "ann")
                  .add(new Entry("y", 1, Optional.empty(), List.of()), WHEN))
          .isEqualTo(251);
    }
  }

  @Test
  void aBackup_isVerifiedAndRestored_andDamageIsNamed() throws Exception {
    Path data = data();
    Path backup = temp.resolve("backup");
    assertThat(run("backup", data, backup).exit()).isZero();
    assertThat(run("backup", data, backup).exit()).isZero();
    assertThat(run("verify", backup))
        .satisfies(answer -> {
          assertThat(answer.exit()).isZero();
          assertThat(answer.out()).contains("whole, up to commit");
        });
    assertThat(run("info", backup).out()).contains("backup").contains("lastBackupBegun");
    assertThat(run("restore", backup, temp.resolve("again")).exit()).isZero();
    assertThat(run("show", temp.resolve("again"), "ledger", "ann").out())
        .contains("cell sum = 650");

    Path run = file(backup, "run-");
    byte[] bytes = Files.readAllBytes(run);
    bytes[200] ^= 1;
    Files.write(run, bytes);
    Answer damaged = run("verify", backup);
    assertThat(damaged.exit()).isEqualTo(DAMAGED);
    assertThat(damaged.out()).contains(run.getFileName().toString()).contains("at offset 72");
    isOneLine(
        run("restore", backup, temp.resolve("third")), 1, run.getFileName().toString(), "offset");
  }

  private static final int DAMAGED = 3;

  private static Path file(Path directory, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void aDirectoryInUse_isLookedAtByInfoAlone_andStaysLocked() throws Exception {
    Path data = data();
    try (Abide abide = open(data)) {
      isOneLine(
          run("show", data, "ledger", "ann"),
          1,
          "is in use by process " + ProcessHandle.current().pid());
      isOneLine(run("verify", data), 1, "is in use by");
      isOneLine(run("restore", data, temp.resolve("no")), 1, "is in use by");
      isOneLine(run("backup", data, temp.resolve("no")), 1, "is in use by");
      Answer info = run("info", data);
      assertThat(info.exit()).isZero();
      assertThat(info.out())
          .contains("in use")
          .contains("process " + ProcessHandle.current().pid());
      isOneLine(run("objects", data), 1, "is in use by");
      assertThat(
              abide
                  .get(Ledger.class, "ann")
                  .add(new Entry("z", 1, Optional.empty(), List.of()), WHEN))
          .isEqualTo(651);
    }
  }

  @Test
  void nonsense_isOneLine() throws Exception {
    Path data = data();
    Path empty = Files.createDirectories(temp.resolve("empty"));
    isOneLine(run("frobnicate", data), 2, "frobnicate");
    isOneLine(run("show", data), 2, "TYPE");
    isOneLine(run("info", temp.resolve("nowhere")), 1, "there is no directory");
    isOneLine(run("info", empty), 1, "is no directory of Abide and no backup");
    assertThat(empty).isEmptyDirectory();
    isOneLine(run("objects", data, "--type", "nobody"), 2, "there is no object of type \"nobody\"");
    isOneLine(run("show", data, "ledger", "nobody"), 2, "there is no object ledger nobody");
    isOneLine(
        run("show", data, "ledger", "ann", "--at", "yesterday"), 2, "\"yesterday\" is no time");
    isOneLine(
        run("show", data, "ledger", "ann", "--at", "999"),
        2,
        "there is no commit 999; the last one is 6");
    isOneLine(run("restore", data, data), 1, "is open in this process already");
    Files.writeString(empty.resolve("mine.txt"), "x");
    isOneLine(run("restore", data, empty), 1, "mine.txt", "needs an empty directory");
    byte[] identity = Files.readAllBytes(data.resolve("identity"));
    identity[11] = 9;
    Files.write(data.resolve("identity"), identity);
    isOneLine(run("info", data), 1, "has format 9; this release reads up to 1");
  }
}
