package dev.abide.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What is refused: {@code problems/<folder>} holds sources and, in {@code expected.txt}, every
 * error as {@code File.java:line: message}. Folders are named by code; others show several codes at
 * once, or none.
 */
final class ProblemsTest {
  /** Not to be had from sources alone: {@link RoundsTest} shows them. */
  private static final Set<Problem> ELSEWHERE =
      Set.of(Problem.UNEXPECTED, Problem.MISSING_TYPE, Problem.NO_CODEC);

  private static final List<Path> DOCS =
      List.of(
          Path.of("../docs/reference/problems.md"),
          Path.of("../docs/reference/problems-stored.md"));

  @TestFactory
  Stream<DynamicTest> example_isRefusedAsExpected() throws IOException {
    return Sources.folders("problems").stream()
        .map(folder ->
            DynamicTest.dynamicTest(folder.getFileName().toString(), () -> compare(folder)));
  }

  @Test
  void everyProblem_hasAnExampleAndASection() throws IOException {
    String docs = Sources.text(DOCS.getFirst()) + Sources.text(DOCS.getLast());
    List<String> codes =
        Arrays.stream(Problem.values())
            .filter(problem -> !ELSEWHERE.contains(problem))
            .map(Problem::code)
            .toList();
    assertThat(ELSEWHERE).allMatch(problem -> docs.contains("## " + problem.code() + " "));

    assertThat(codes).doesNotHaveDuplicates();
    assertThat(codes)
        .allSatisfy(code -> {
          Path expected = Sources.RESOURCES.resolve("problems/" + code + "/expected.txt");
          assertThat(Sources.text(expected)).contains(code + ": ");
          assertThat(docs).contains("## " + code + " ");
        });
  }

  private static void compare(Path folder) throws IOException {
    Sources.Run run = Sources.process(Sources.in(folder));

    Path expected = folder.resolve("expected.txt");
    String errors = String.join("\n", run.errors()) + "\n";
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(expected, errors);
    }
    assertThat(errors).isEqualTo(Sources.text(expected));
    assertThat(run.generated().keySet())
        .as("nothing is generated for what is refused")
        .allMatch(name -> name.startsWith("Good"));
  }
}
