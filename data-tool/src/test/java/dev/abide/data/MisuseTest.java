package dev.abide.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.data.Tool.Answer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nobody can have meant: one line on the error output, exit code 2, and nothing was done. */
@Timeout(120)
final class MisuseTest {
  /** Verbs with what each has to have behind the directory. */
  private static final Map<String, List<String>> VERBS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("info", List.of()),
              Map.entry("verify", List.of()),
              Map.entry("objects", List.of()),
              Map.entry("show", List.of("TYPE", "ID")),
              Map.entry("history", List.of("TYPE", "ID")),
              Map.entry("export", List.of()),
              Map.entry("import", List.of("FILE")),
              Map.entry("backup", List.of("TO")),
              Map.entry("restore", List.of("TO")),
              Map.entry("compact", List.of()),
              Map.entry("rebuild", List.of())));

  /** Options that have a value. */
  private static final Map<String, List<String>> WITH_VALUE =
      Map.of(
          "objects", List.of("--type", "--prefix"),
          "show", List.of("--at"),
          "export", List.of("--type", "--prefix", "--at"),
          "restore", List.of("--at"),
          "compact", List.of("--retention"));

  @TempDir Path temp;
  private Path data;
  private Map<String, Long> before;

  @BeforeEach
  void write() throws IOException {
    data = LedgerObject.written(temp.resolve("data"));
    before = files();
  }

  private Map<String, Long> files() throws IOException {
    Map<String, Long> all = new TreeMap<>();
    try (Stream<Path> files = Files.walk(temp)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = temp.relativize(file).toString();
        if (!name.endsWith("/lock") && !name.endsWith("/holder")) {
          all.put(name, Files.getLastModifiedTime(file).toMillis());
        }
      }
    }
    return all;
  }

  private Answer run(List<String> arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        DataTool.run(
            arguments.toArray(String[]::new), new PrintWriter(out), new PrintWriter(err, true));
    return new Answer(exit, out.toString(), err.toString());
  }

  private void misused(List<String> arguments, String... parts) throws IOException {
    Answer answer = run(arguments);
    Tool.isOneLine(answer, 2, parts);
    assertThat(answer.out()).as("%s", arguments).isEmpty();
    assertThat(files()).as("files after %s", arguments).isEqualTo(before);
  }

  /** A verb with all that it has to have. */
  private List<String> whole(String verb) {
    List<String> all = new ArrayList<>(List.of(verb, data.toString()));
    for (String more : VERBS.get(verb)) {
      all.add(
          switch (more) {
            case "TYPE" -> "ledger";
            case "ID" -> "ann";
            default -> temp.resolve("other").toString();
          });
    }
    return all;
  }

  private List<String> whole(String verb, String... more) {
    List<String> all = whole(verb);
    all.addAll(List.of(more));
    return all;
  }

  @Test
  void anUnknownOption_isNamed_byEachVerb() throws IOException {
    for (String verb : VERBS.keySet()) {
      misused(whole(verb, "--frobnicate"), "--frobnicate");
      misused(whole(verb, "-x"), "-x");
      misused(whole(verb, "one too many"), "one too many");
      misused(whole(verb, "--json=perhaps"), "--json", "perhaps");
      misused(whole(verb, "--json", "--json"), "--json");
    }
  }

  @Test
  void aMissingArgument_isNamed_byEachVerb() throws IOException {
    for (String verb : VERBS.keySet()) {
      misused(List.of(verb), "DIR");
      List<String> all = whole(verb);
      for (int n = VERBS.get(verb).size(); n > 0; n--) {
        all.removeLast();
        misused(all, VERBS.get(verb).get(n - 1));
      }
    }
  }

  @Test
  void aMissingValue_isNamed_byEachOption() throws IOException {
    for (Map.Entry<String, List<String>> verb : WITH_VALUE.entrySet()) {
      for (String option : verb.getValue()) {
        misused(whole(verb.getKey(), option), option);
        misused(whole(verb.getKey(), option, "--json"), option, "--json");
        misused(whole(verb.getKey(), option, "1", option, "2"), option);
      }
    }
  }

  @Test
  void theListsAboveAreWhole() {
    StringWriter out = new StringWriter();
    for (String verb : VERBS.keySet()) {
      Answer answer = run(List.of(verb));
      assertThat(answer.err()).as(verb).doesNotContain("there is no verb");
    }
    DataTool.run(new String[] {"--help"}, new PrintWriter(out, true), new PrintWriter(out, true));
    assertThat(
            out.toString()
                .lines()
                .filter(line -> line.matches("  [a-z]+ .*"))
                .map(line -> line.strip().split(" ")[0]))
        .containsExactlyInAnyOrderElementsOf(VERBS.keySet());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "x",
        "1x",
        "-1",
        "+1",
        "1.5",
        "1e3",
        "0x4",
        "99999999999999999999",
        "2026-13-01T00:00:00Z",
        "2026-11-27"
      })
  void whatIsNeitherAnInstantNorACommit_isRefusedWithWhatItShouldBe(String when)
      throws IOException {
    for (String verb : List.of("show", "restore", "export")) {
      misused(whole(verb, "--at=" + when), "is no time; give one like", "the number of a commit");
    }
  }

  @Test
  void aCommitThatIsYetToCome_isRefusedWithTheLastOne() throws IOException {
    for (String verb : List.of("show", "restore", "export")) {
      misused(
          whole(verb, "--at", "999999999999999999"),
          "there is no commit 999999999999999999; the last one is 6");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x", "24", "24h", "-PT1H", "PT", "P1M", "PT-1S", "PT99999999999999999999H"})
  void whatIsNoRetention_isRefusedWithWhatItShouldBe(String time) throws IOException {
    misused(
        whole("compact", "--retention=" + time),
        "\"" + time + "\" is no time to go back; give one like PT24H or PT0S");
  }

  @Test
  void theLongestRetention_keepsAll() throws IOException {
    Answer answer = run(whole("compact", "--retention", "PT2562047788015215H"));
    assertThat(answer.exit()).as("%s", answer).isZero();
    assertThat(run(whole("show", "--at", "4")).out()).contains("cell sum = 250");
  }
}
