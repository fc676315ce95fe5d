package dev.abide.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an operator types: {@code ./abide data} runs the jar that was built, with the libraries that
 * lie beside it. Runs behind the phase that builds it.
 */
@Timeout(240)
final class PackagedIT {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final Path JAR = Path.of("target", "abide-data-tool.jar").toAbsolutePath();

  @TempDir Path temp;

  private String run(int exit, List<String> command) throws Exception {
    Path out = Files.createTempFile(temp, "out", "");
    Path err = Files.createTempFile(temp, "err", "");
    ProcessBuilder process =
        new ProcessBuilder(command)
            .directory(temp.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    process.environment().put("JAVA_HOME", System.getProperty("java.home"));
    assertThat(process.start().waitFor())
        .as(Files.readString(err, StandardCharsets.UTF_8))
        .isEqualTo(exit);
    return Files.readString(exit == 0 ? out : err, StandardCharsets.UTF_8);
  }

  @Test
  void theJar_hasAllThatItNeeds() throws Exception {
    Path data = LedgerObject.written(temp.resolve("data"));
    List<String> java =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@" + HOME.resolve("engine/abide.jvmargs"),
            "-jar",
            JAR.toString());

    assertThat(run(0, with(java, "show", data.toString(), "ledger", "ann")))
        .contains("cell sum = 650");
    assertThat(run(0, with(java, "backup", data.toString(), temp.resolve("backup").toString())))
        .contains("backed up");
  }

  /**
   * The script in a home of its own, where all is built: what it builds otherwise would wait for
   * the build that this test is part of.
   */
  @Test
  void theScript_runsTheJar() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/env")), "there is no shell to run it");
    Path home = Files.createDirectory(temp.resolve("home"));
    Path script = Files.copy(HOME.resolve("abide"), home.resolve("abide"));
    for (String part :
        List.of("annotations", "processor", "engine", "micrometer-adapter", "undertow-adapter")) {
      Files.createSymbolicLink(home.resolve(part), HOME.resolve(part));
    }
    Files.createSymbolicLink(home.resolve("pom.xml"), HOME.resolve("pom.xml"));
    Path module = Files.createDirectory(home.resolve("data-tool"));
    Files.createSymbolicLink(module.resolve("pom.xml"), HOME.resolve("data-tool/pom.xml"));
    Files.createSymbolicLink(module.resolve("src"), HOME.resolve("data-tool/src"));
    Path target = Files.createDirectory(module.resolve("target"));
    Files.createSymbolicLink(target.resolve("lib"), JAR.resolveSibling("lib"));
    Files.createSymbolicLink(target.resolve("abide-data-tool.jar"), JAR);
    Files.writeString(target.resolve("abide-built"), "");
    Path data = LedgerObject.written(temp.resolve("data"));

    List<String> tool = List.of(script.toString(), "data");
    try {
      assertThat(run(0, with(tool, "show", data.toString(), "ledger", "ann")))
          .contains("cell sum = 650");
      assertThat(run(2, with(tool, "frobnicate", data.toString())))
          .startsWith("abide data: there is no verb \"frobnicate\"");
    } finally {
      deleteLinks(home);
    }
  }

  /** Before somebody else deletes what they lead to. */
  private static void deleteLinks(Path in) throws IOException {
    try (Stream<Path> all = Files.walk(in)) {
      for (Path link : all.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }

  private static List<String> with(List<String> command, String... arguments) {
    return Stream.concat(command.stream(), Stream.of(arguments)).toList();
  }
}
