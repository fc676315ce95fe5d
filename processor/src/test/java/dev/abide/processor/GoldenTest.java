package dev.abide.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What is generated, as text: {@code cases/<name>/input} against {@code cases/<name>/expected}.
 *
 * <p>After a change that is meant, run with {@code -Dgolden.write=true} and read the difference.
 */
final class GoldenTest {
  @TestFactory
  Stream<DynamicTest> generatedText_isAsExpected() throws IOException {
    return Sources.folders("cases").stream()
        .map(folder -> DynamicTest.dynamicTest(name(folder), () -> compare(folder)));
  }

  @TestFactory
  Stream<DynamicTest> twoRuns_giveTheSameBytes() throws IOException {
    return Sources.folders("cases").stream()
        .map(folder ->
            DynamicTest.dynamicTest(
                name(folder),
                () -> assertThat(generate(folder)).isNotEmpty().isEqualTo(generate(folder))));
  }

  private static void compare(Path folder) throws IOException {
    Map<String, String> generated = generate(folder);

    Path expected = folder.resolve("expected");
    if (Boolean.getBoolean("golden.write")) {
      Files.createDirectories(expected);
      for (Map.Entry<String, String> file : generated.entrySet()) {
        Files.writeString(expected.resolve(file.getKey()), file.getValue());
      }
    }
    assertThat(generated).isEqualTo(texts(expected));
  }

  private static Map<String, String> generate(Path folder) throws IOException {
    Sources.Run run = Sources.process(Sources.in(folder.resolve("input")));
    assertThat(run.errors()).isEmpty();
    return run.generated();
  }

  private static Map<String, String> texts(Path folder) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      for (Path file : all) {
        texts.put(file.getFileName().toString(), Sources.text(file));
      }
    }
    return texts;
  }

  private static String name(Path folder) {
    return folder.getFileName().toString();
  }
}
