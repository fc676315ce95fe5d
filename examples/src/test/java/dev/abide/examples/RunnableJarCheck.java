package dev.abide.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar, started as a user would: without a flag. Runs when the jar is there. */
class RunnableJarCheck {
  private static final Path JAR = Path.of(System.getProperty("abide.examples.jar"));

  @TempDir Path directory;

  @Test
  void jar_withoutFlags_opensADirectoryAndGoesOn() throws Exception {
    assertThat(run(0, "counter", "home-page", "2")).containsExactly("2");
    assertThat(run(0, "counter", "home-page", "3")).containsExactly("5");

    assertThat(run(0, "cart", "ann", "add", "tea", "2")).containsExactly("2");
    assertThat(run(0, "cart", "ann")).containsExactly("2 tea");
  }

  @Test
  void jar_misused_saysSoInOneLine() throws Exception {
    assertThat(run(1, "nobody"))
        .containsExactly(
            "examples: there is no example \"nobody\"; there are: " + String.join(" ", folders()));
    assertThat(run(1, "cart")).singleElement().asString().startsWith("cart: usage: ");
    assertThat(run(1, "cart", "ann", "add", "tea", "two"))
        .singleElement()
        .asString()
        .contains("\"two\" is not a quantity");
    assertThat(run(1, "counter", "a", "b")).containsExactly("counter: b is not a whole number");
  }

  @Test
  void jar_listsEveryExample() throws Exception {
    assertThat(run(0)).containsExactly("examples: " + String.join(" ", folders()));
  }

  @Test
  void manifest_saysWhatTheArgumentFileSays() throws IOException {
    List<String> said = new ArrayList<>();
    try (JarFile jar = new JarFile(JAR.toFile())) {
      Attributes manifest = jar.getManifest().getMainAttributes();
      add(said, "--add-opens ", "=ALL-UNNAMED", manifest.getValue("Add-Opens"));
      add(said, "--add-exports ", "=ALL-UNNAMED", manifest.getValue("Add-Exports"));
      add(said, "--enable-native-access=", "", manifest.getValue("Enable-Native-Access"));
    }
    // It only silences a warning, and a manifest has no word for it.
    said.add("--sun-misc-unsafe-memory-access=allow");

    assertThat(said)
        .containsExactlyInAnyOrderElementsOf(
            Files.readAllLines(Path.of("..", "engine", "abide.jvmargs")));
  }

  private static void add(List<String> flags, String before, String after, String values) {
    for (String value : values.split(" ", -1)) {
      flags.add(before + value + after);
    }
  }

  /** What the program printed, but for the warnings of the JVM itself. */
  private List<String> run(int exit, String... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-jar", JAR.toString()));
    command.addAll(List.of(args));
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    try (var out = process.inputReader()) {
      List<String> lines = out.lines().filter(line -> !line.startsWith("WARNING: ")).toList();
      assertThat(process.waitFor()).as(String.join("\n", lines)).isEqualTo(exit);
      return lines;
    }
  }

  /** The examples with a main class, which is what the jar can run. */
  private static List<String> folders() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/main/java/dev/abide/examples"))) {
      return files
          .filter(file -> Files.exists(file.resolve("Main.java")))
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    }
  }
}
