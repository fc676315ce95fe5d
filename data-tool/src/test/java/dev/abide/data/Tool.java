package dev.abide.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs the tool as a process of its own, without the application's classes. */
final class Tool {
  private Tool() {}

  record Answer(int exit, String out, String err) {}

  static Answer run(Path temp, Object... arguments) throws Exception {
    Path out = Files.createTempFile(temp, "out", "");
    Path err = Files.createTempFile(temp, "err", "");
    int exit = start(out, err, List.of(), arguments).waitFor();
    return new Answer(
        exit,
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  /**
   * Starts it.
   *
   * @param before what its command begins with
   */
  static Process start(Path out, Path err, List<String> before, Object... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(before);
    command.addAll(command(arguments));
    return new ProcessBuilder(command)
        .redirectOutput(out.toFile())
        .redirectError(err.toFile())
        .start();
  }

  /** What starts it. */
  static List<String> command(Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of("../engine/abide.jvmargs").toAbsolutePath());
    // For what has little to do; a third less of a processor.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-cp");
    command.add(
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(part -> !part.contains("test-classes"))
            .collect(Collectors.joining(File.pathSeparator)));
    command.add("dev.abide.data.DataTool");
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return command;
  }

  /** A refusal is one line, and says what is at fault. */
  static void isOneLine(Answer answer, int exit, String... parts) {
    assertThat(answer.exit()).as("%s", answer).isEqualTo(exit);
    assertThat(answer.err().lines()).as("%s", answer).hasSize(1);
    assertThat(answer.err()).startsWith("abide data: ").contains(parts);
  }

  /** The first file whose name begins so. */
  static Path file(Path directory, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }
}
