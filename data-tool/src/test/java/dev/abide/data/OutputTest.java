package dev.abide.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.abide.data.Tool.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * With {@code --json} the output is JSON, all of it; bars are on a terminal only, and beside it.
 */
@Timeout(240)
final class OutputTest {
  @TempDir Path temp;

  private static void isJson(String verb, String out) {
    assertThat(out.lines()).as(verb).isNotEmpty();
    out.lines()
        .forEach(line -> assertThat(Verb.json(line).isObject()).as("%s: %s", verb, line).isTrue());
  }

  @Test
  void eachVerbPrintsJsonAndNothingElse() throws Exception {
    Path data = LedgerObject.written(temp.resolve("data"));
    Path exported = temp.resolve("exported");
    for (List<Object> verb :
        List.<List<Object>>of(
            List.of("info", data),
            List.of("verify", data),
            List.of("objects", data),
            List.of("show", data, "ledger", "ann"),
            List.of("history", data, "ledger", "ann"),
            List.of("export", data),
            List.of("import", temp.resolve("new"), exported),
            List.of("backup", data, temp.resolve("backup")),
            List.of("restore", temp.resolve("backup"), temp.resolve("restored")),
            List.of("compact", data),
            List.of("rebuild", data))) {
      Object[] arguments = new Object[verb.size() + 1];
      verb.toArray(arguments);
      arguments[verb.size()] = "--json";
      Answer answer = Tool.run(temp, arguments);
      assertThat(answer.exit()).as("%s", answer).isZero();
      isJson(verb.getFirst().toString(), answer.out());
      assertThat(answer.err()).as("bars and other lines of %s", verb.getFirst()).isEmpty();
      if (verb.getFirst().equals("export")) {
        Files.writeString(exported, answer.out());
      }
    }
  }

  /** As somebody has it who types {@code ./abide data ... --json >FILE}. */
  @Test
  void onATerminal_longWorkHasABar_andTheOutputInAFileHasNone() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/script")), "there is no script to make a terminal");
    Path data = LedgerObject.written(temp.resolve("data"));
    Path exported =
        Files.writeString(temp.resolve("exported"), Tool.run(temp, "export", data).out());
    for (List<Object> verb :
        List.<List<Object>>of(
            List.of("exporting", "export", data),
            List.of("importing", "import", temp.resolve("new"), exported),
            List.of("reading shards", "objects", data),
            List.of("reading files", "verify", data),
            List.of("filling the store", "rebuild", data),
            List.of("backing up", "backup", data, temp.resolve("backup")),
            List.of("restoring", "restore", data, temp.resolve("restored")),
            List.of("compacting", "compact", data))) {
      Path out = temp.resolve("out");
      Path terminal = temp.resolve("terminal");
      StringBuilder command = new StringBuilder();
      for (String part : Tool.command(verb.subList(1, verb.size()).toArray())) {
        command.append("'").append(part).append("' ");
      }
      int exit =
          new ProcessBuilder("script", "-qec", command + "--json >" + out, "/dev/null")
              .redirectOutput(terminal.toFile())
              .redirectErrorStream(true)
              .start()
              .waitFor();
      String shown = Files.readString(terminal, StandardCharsets.UTF_8);
      assertThat(exit).as(shown).isZero();
      assertThat(shown).contains(verb.getFirst().toString());
      isJson(verb.get(1).toString(), Files.readString(out, StandardCharsets.UTF_8));
    }
  }

  /** Most of a directory may be one file. */
  @Test
  void onATerminal_theBarOfAVerify_countsBytes() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/script")), "there is no script to make a terminal");
    Path data = LedgerObject.written(temp.resolve("data"));
    Path backup = temp.resolve("backup");
    assertThat(Tool.run(temp, "backup", data, backup).exit()).isZero();
    for (Path directory : List.of(data, backup)) {
      long bytes = 0;
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file :
            files.filter(file -> file.getFileName().toString().startsWith("run-")).toList()) {
          bytes += Files.size(file);
        }
      }
      assertThat(bytes).as("bytes of runs in %s", directory).isGreaterThan(600);
      Path terminal = temp.resolve("terminal");
      StringBuilder command = new StringBuilder();
      for (String part : Tool.command("verify", directory)) {
        command.append("'").append(part).append("' ");
      }
      int exit =
          new ProcessBuilder("script", "-qec", command + ">/dev/null", "/dev/null")
              .redirectOutput(terminal.toFile())
              .redirectErrorStream(true)
              .start()
              .waitFor();
      String shown = Files.readString(terminal, StandardCharsets.UTF_8);
      assertThat(exit).as(shown).isZero();
      assertThat(shown).contains("reading files").contains(bytes + "/" + bytes);
    }
  }

  /** As somebody has it who types {@code ./abide data objects DIR}. */
  @Test
  void onATerminal_whatIsPrintedLineByLine_hasNoBarAmongIt() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/script")), "there is no script to make a terminal");
    Path data = LedgerObject.written(temp.resolve("data"));
    for (String verb : List.of("objects", "export")) {
      for (String behind : List.of("", "| cat")) {
        Path terminal = temp.resolve("terminal");
        StringBuilder command = new StringBuilder();
        for (String part : Tool.command(verb, data)) {
          command.append("'").append(part).append("' ");
        }
        int exit =
            new ProcessBuilder("script", "-qec", command + behind, "/dev/null")
                .redirectOutput(terminal.toFile())
                .redirectErrorStream(true)
                .start()
                .waitFor();
        String shown = Files.readString(terminal, StandardCharsets.UTF_8);
        assertThat(exit).as(shown).isZero();
        assertThat(shown).contains("ledger").doesNotContain("reading shards", "exporting");
      }
    }
  }
}
