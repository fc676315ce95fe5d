package dev.abide.examples.wordcount;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole program, in processes of its own, against what the shell counts. */
class WordCountTest {
  private static final Path LICENCES = Path.of("/usr/share/common-licenses");
  private static final String SHELL =
      "for f in \"$@\"; do LC_ALL=C tr -cs 'A-Za-z' '\\n' < \"$f\"; echo; done"
          + " | tr A-Z a-z | grep . | LC_ALL=C sort | uniq -c | LC_ALL=C sort -k1,1nr -k2,2";

  @TempDir Path directory;

  @Test
  void wordcount_ofTheLicences_agreesWithTheShell() throws Exception {
    List<String> texts = texts();

    assertThat(run(texts)).isEqualTo(shell(texts));
    assertThat(run(texts)).as("a second time nothing is counted twice").isEqualTo(shell(texts));
  }

  @Test
  void wordcount_killedInTheMiddleAgainAndAgain_goesOnWithExactTotals() throws Exception {
    List<String> texts = texts();
    int killed = 0;
    for (int lines = 1; lines <= 9; lines += 2) {
      killed += killAfter(lines, new ProcessBuilder(command(texts))) ? 1 : 0;
    }

    assertThat(killed).as("runs that were killed before their end").isPositive();
    assertThat(run(texts)).isEqualTo(shell(texts));
  }

  @Test
  void wordcount_ofStandardInput_givenAgainAfterACrash_countsOnce() throws Exception {
    Path text = Files.writeString(directory.resolve("text"), "one two, Two three-THREE three\n");
    ProcessBuilder builder = new ProcessBuilder(command(List.of())).redirectInput(text.toFile());

    assertThat(output(builder)).containsExactly("      3 three", "      2 two", "      1 one");
    assertThat(output(builder)).containsExactly("      3 three", "      2 two", "      1 one");
  }

  @Test
  void wordcount_ofStandardInput_killedInTheMiddle_goesOnWithExactTotals() throws Exception {
    Path text = directory.resolve("text");
    try (OutputStream all = Files.newOutputStream(text)) {
      for (String one : texts()) {
        Files.copy(Path.of(one), all);
      }
    }
    for (int batch = 1; batch <= 4; batch++) {
      ProcessBuilder builder = new ProcessBuilder(command(List.of())).redirectInput(text.toFile());
      assertThat(killAfter(batch == 1 ? 2 : 1, builder)).as("was killed").isTrue();
    }

    ProcessBuilder builder = new ProcessBuilder(command(List.of())).redirectInput(text.toFile());
    assertThat(output(builder)).isEqualTo(shell(List.of(text.toString())));
  }

  @Test
  void standardInput_thatIsAnother_isRefused_andCountsNothing() throws Exception {
    Path text = Files.writeString(directory.resolve("text"), "one two");
    Path other = Files.writeString(directory.resolve("other"), "one six");
    output(new ProcessBuilder(command(List.of())).redirectInput(text.toFile()));

    Process process =
        new ProcessBuilder(command(List.of()))
            .redirectInput(other.toFile())
            .redirectErrorStream(true)
            .start();
    assertThat(lines(process)).singleElement().asString().contains("standard input is not what");
    assertThat(process.waitFor()).isEqualTo(1);

    ProcessBuilder again = new ProcessBuilder(command(List.of())).redirectInput(text.toFile());
    assertThat(output(again)).containsExactly("      1 one", "      1 two");
  }

  @Test
  void bytesThatAreNoLetters_endWords() throws Exception {
    Path text = directory.resolve("text");
    Files.write(text, "\u00e9t\u00e9 a_b\0c 'd' 9e\n".getBytes(StandardCharsets.ISO_8859_1));

    assertThat(run(List.of(text.toString()))).isEqualTo(shell(List.of(text.toString())));
  }

  @Test
  void onePathGivenTwice_isOneSource() throws Exception {
    Path text = Files.writeString(directory.resolve("text"), "one two one");
    String again = directory.resolve("x").resolve("..").resolve("text").toString();

    assertThat(run(List.of(text.toString(), text.toString())))
        .containsExactly("      2 one", "      1 two");
    Files.createDirectory(directory.resolve("x"));
    assertThat(run(List.of(again))).containsExactly("      2 one", "      1 two");
  }

  @Test
  void file_thatHasChanged_isRefusedInOneLine() throws Exception {
    Path text = Files.writeString(directory.resolve("text"), "one");
    run(List.of(text.toString()));
    Files.writeString(text, "one two");
    Process process =
        new ProcessBuilder(command(List.of(text.toString()))).redirectErrorStream(true).start();
    List<String> said = lines(process);

    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(said).hasSize(1);
    assertThat(said.getFirst()).contains("is not what was counted into");
  }

  private static List<String> texts() throws IOException {
    assertThat(LICENCES).as("the licence texts of a Debian system").isDirectory();
    try (Stream<Path> files = Files.list(LICENCES)) {
      return files.filter(Files::isRegularFile).map(Path::toString).sorted().toList();
    }
  }

  private List<String> command(List<String> texts) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of("..", "engine", "abide.jvmargs"));
    // For what has little to do; a third less of a processor.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.addAll(List.of("--all", "--progress", "--data", directory.resolve("data").toString()));
    command.addAll(texts);
    return command;
  }

  private List<String> run(List<String> texts) throws Exception {
    return output(new ProcessBuilder(command(texts)));
  }

  private static List<String> shell(List<String> texts) throws Exception {
    List<String> command = new ArrayList<>(List.of("sh", "-c", SHELL, "sh"));
    command.addAll(texts);
    return output(new ProcessBuilder(command));
  }

  private static List<String> output(ProcessBuilder builder) throws Exception {
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    List<String> lines = lines(process);
    assertThat(process.waitFor()).isZero();
    return lines;
  }

  private static List<String> lines(Process process) throws IOException {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      return out.lines().toList();
    }
  }

  /** Kills a run with -9 after so many lines of progress; false if it ended before. */
  private static boolean killAfter(int progress, ProcessBuilder builder) throws Exception {
    Process process = builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    int seen = 0;
    try (BufferedReader err = process.errorReader(StandardCharsets.UTF_8)) {
      for (String line = err.readLine(); line != null; line = err.readLine()) {
        if (line.startsWith("counted batch") && ++seen == progress) {
          process.destroyForcibly();
          break;
        }
      }
    }
    process.waitFor();
    return seen == progress;
  }
}
