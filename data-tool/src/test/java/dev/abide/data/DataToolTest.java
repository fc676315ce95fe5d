package dev.abide.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.data.Ledger.Entry;
import dev.abide.data.Tool.Answer;
import dev.abide.engine.Abide;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The tool as a process of its own, without the application's classes. */
@Timeout(240)
final class DataToolTest {
  private static final Instant WHEN = LedgerObject.WHEN;

  @TempDir Path temp;

  private Answer run(Object... arguments) throws Exception {
    return Tool.run(temp, arguments);
  }

  private static Abide open(Path directory) {
    return LedgerObject.open(directory);
  }

  private Path data() {
    return LedgerObject.written(temp.resolve("data"));
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

  /** As somebody has it who knows when it went wrong, and not at which commit. */
  @Test
  void thePast_isShownRestoredAndExported_byAnInstantToo() throws Exception {
    Path data = data();
    // Commits are dated to the millisecond.
    Instant then = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    while (!Instant.now().isAfter(then.plusMillis(1))) {
      Thread.onSpinWait();
    }
    try (Abide abide = open(data)) {
      var _ =
          abide
              .get(Ledger.class, "ann")
              .add(new Entry("wrong", -900, Optional.empty(), List.of()), WHEN);
      var _ =
          abide
              .get(Ledger.class, "eve")
              .add(new Entry("wrong", 5, Optional.empty(), List.of()), WHEN);
    }
    assertThat(run("show", data, "ledger", "ann").out()).contains("cell sum = -250");

    // The last moment of that millisecond.
    Instant when = then.plusNanos(999_999);
    assertThat(run("show", data, "ledger", "ann", "--at", when).out())
        .contains("cell sum = 650")
        .doesNotContain("wrong");
    Tool.isOneLine(
        run("show", data, "ledger", "eve", "--at", then), 2, "there is no object ledger eve");
    Answer exported = run("export", data, "--at", when);
    assertThat(exported.exit()).as("%s", exported).isZero();
    assertThat(exported.out())
        .contains("\"lastCommit\":6,")
        .contains("\"cell\":\"sum\",\"value\":650}")
        .doesNotContain("eve", "wrong");
    Answer restored = run("restore", data, temp.resolve("then"), "--at", then);
    assertThat(restored.exit()).as("%s", restored).isZero();
    assertThat(restored.out()).contains("after commit 6");
    try (Abide abide = open(temp.resolve("then"))) {
      assertThat(abide.ids(Ledger.class)).containsExactly("ann", "bob");
      assertThat(abide.get(Ledger.class, "ann").sum()).isEqualTo(650);
    }
    // One that is yet to come is the last commit's.
    assertThat(run("show", data, "ledger", "ann", "--at", "2126-01-01T00:00:00Z").out())
        .contains("cell sum = -250");
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

    Path run = Tool.file(backup, "run-");
    byte[] bytes = Files.readAllBytes(run);
    bytes[200] ^= 1;
    Files.write(run, bytes);
    Answer damaged = run("verify", backup);
    assertThat(damaged.exit()).isEqualTo(Verb.DAMAGED);
    assertThat(damaged.out()).contains(run.getFileName().toString()).contains("at offset 72");
    Tool.isOneLine(
        run("restore", backup, temp.resolve("third")), 1, run.getFileName().toString(), "offset");
  }

  @Test
  void aDirectoryInUse_isLookedAtByInfoAlone_andStaysLocked() throws Exception {
    Path data = data();
    try (Abide abide = open(data)) {
      Tool.isOneLine(
          run("show", data, "ledger", "ann"),
          1,
          "is in use by process " + ProcessHandle.current().pid());
      Tool.isOneLine(run("verify", data), 1, "is in use by");
      Tool.isOneLine(run("restore", data, temp.resolve("no")), 1, "is in use by");
      Tool.isOneLine(run("backup", data, temp.resolve("no")), 1, "is in use by");
      Answer info = run("info", data);
      assertThat(info.exit()).isZero();
      assertThat(info.out())
          .contains("in use")
          .contains("process " + ProcessHandle.current().pid());
      for (String verb : List.of("objects", "export", "compact", "rebuild")) {
        Tool.isOneLine(run(verb, data), 1, "is in use by");
      }
      Path lines = Files.writeString(temp.resolve("lines"), "");
      Tool.isOneLine(run("import", data, lines), 1, "is in use by");
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
    Tool.isOneLine(run("frobnicate", data), 2, "there is no verb \"frobnicate\"");
    Tool.isOneLine(run("show", data), 2, "TYPE");
    Tool.isOneLine(run("info", temp.resolve("nowhere")), 1, "there is no directory");
    Tool.isOneLine(run("info", empty), 1, "is no directory of Abide and no backup");
    assertThat(empty).isEmptyDirectory();
    Tool.isOneLine(
        run("objects", data, "--type", "nobody"), 2, "there is no object of type \"nobody\"");
    Tool.isOneLine(run("show", data, "ledger", "nobody"), 2, "there is no object ledger nobody");
    Tool.isOneLine(
        run("show", data, "ledger", "ann", "--at", "yesterday"), 2, "\"yesterday\" is no time");
    Tool.isOneLine(
        run("show", data, "ledger", "ann", "--at", "999"),
        2,
        "there is no commit 999; the last one is 6");
    Tool.isOneLine(run("restore", data, data), 2, "is the directory itself; choose another target");
    Files.writeString(empty.resolve("mine.txt"), "x");
    Tool.isOneLine(run("restore", data, empty), 1, "mine.txt", "needs an empty directory");
    byte[] identity = Files.readAllBytes(data.resolve("identity"));
    identity[11] = 9;
    Files.write(data.resolve("identity"), identity);
    Tool.isOneLine(run("info", data), 1, "has format 9; this release reads up to 1");
  }
}
