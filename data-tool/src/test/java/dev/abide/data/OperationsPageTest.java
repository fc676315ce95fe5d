package dev.abide.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Each line of the page that says what to type is run, with what may be left out and without. */
final class OperationsPageTest {
  private static final Path PAGE = Path.of("../docs/operations.md");
  private static final Pattern LINE =
      Pattern.compile("(?m)^    \\./abide data (\\w+)(.*?)(?: {2,}.*)?$");

  @TempDir Path temp;

  private int made;

  @Test
  void eachLine_isRun_andEachVerbHasOne() throws Exception {
    TreeSet<String> verbs = new TreeSet<>();
    Matcher line = LINE.matcher(Files.readString(PAGE));
    while (line.find()) {
      verbs.add(line.group(1));
      runs(line.group(1), line.group(2).replaceAll("\\[.*?]", " "));
      for (Matcher option = Pattern.compile("\\[(.*?)]").matcher(line.group(2)); option.find(); ) {
        runs(line.group(1), line.group(2).replaceAll("\\[.*?]", " ") + " " + option.group(1));
      }
    }
    CommandLine tool = new CommandLine(DataTool.class);
    assertThat(verbs).isEqualTo(new TreeSet<>(tool.getSubcommands().keySet()));
  }

  private void runs(String verb, String arguments) throws Exception {
    Path here = Files.createDirectory(temp.resolve("" + made++));
    Path data = LedgerObject.written(here.resolve("data"));
    Path file = here.resolve("saved.jsonl");
    Files.writeString(file, run(0, "export", data.toString()));
    Path dir = verb.equals("import") && !arguments.contains("replace") ? here.resolve("new") : data;
    String[] given =
        (verb + arguments)
            .strip()
            .replace("DIR", dir.toString())
            .replace("BACKUP", here.resolve("backup").toString())
            .replaceAll("\\bTO\\b", here.resolve("to").toString())
            .replace("FILE", file.toString())
            .replace("TYPE ID", "ledger ann")
            .replaceAll("\\bT\\b", "ledger")
            .replaceAll("\\bP\\b", "an")
            .replace("WHEN", "5")
            .split("\\s+");
    assertThat(List.of(given)).noneMatch(word -> word.matches("[A-Z]{1,6}"));
    run(0, given);
  }

  private static String run(int exit, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int ended = DataTool.run(arguments, new PrintWriter(out), new PrintWriter(err));
    assertThat(ended).as("%s: %s", String.join(" ", arguments), err).isEqualTo(exit);
    return out.toString();
  }
}
