package dev.abide.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each Java sample of the README and of the pages in docs is a whole source file; here it is
 * compiled, with the processor and under all lints. What is refused on purpose, the processor's own
 * tests compile.
 */
class SamplesTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final List<Path> REFUSALS =
      List.of(
          ROOT.resolve("docs/reference/problems.md"),
          ROOT.resolve("docs/reference/problems-stored.md"));
  private static final Pattern SAMPLE = Pattern.compile("(?ms)^```java\\n(.*?)^```$");
  private static final Pattern PUBLIC_TYPE =
      Pattern.compile("(?m)^public (?:\\w+ )*?(?:class|interface|record|enum) (\\w+)");

  @TempDir Path directory;

  private record Sample(Path page, int line, String text) {
    String name() {
      return page + ", line " + line;
    }
  }

  @TestFactory
  Stream<DynamicTest> sample_ofAPage_compiles() throws IOException {
    return samples().stream()
        .map(sample ->
            DynamicTest.dynamicTest(
                sample.name(), () -> assertThat(problems(sample)).as(sample.name()).isEmpty()));
  }

  @Test
  void readme_hasASample_andABrokenOneIsNoticed() throws IOException {
    Path readme = Path.of("README.md");
    assertThat(samples()).anyMatch(sample -> sample.page().equals(readme));

    Sample broken =
        new Sample(
            readme,
            1,
            """
            import dev.abide.annotations.*;

            @DurableObject("list")
            interface Mutable {
              void take(StringBuilder text);
            }
            """);
    assertThat(problems(broken)).anyMatch(problem -> problem.contains("ABIDE"));
  }

  private static List<Sample> samples() throws IOException {
    List<Sample> samples = new ArrayList<>();
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      Stream<Path> pages =
          docs.filter(file -> file.toString().endsWith(".md"))
              .filter(file -> !REFUSALS.contains(file))
              .sorted();
      for (Path page : Stream.concat(Stream.of(ROOT.resolve("README.md")), pages).toList()) {
        String text = Files.readString(page);
        Matcher found = SAMPLE.matcher(text);
        while (found.find()) {
          int line = 1 + (int) text.substring(0, found.start(1)).lines().count();
          samples.add(new Sample(ROOT.relativize(page), line, found.group(1)));
        }
      }
    }
    return samples;
  }

  private List<String> problems(Sample sample) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    Path out = Files.createTempDirectory(directory, "sample");
    // A sample shows several files as one, so its types are auxiliary classes.
    List<String> options =
        List.of(
            "--release",
            "25",
            "-Xlint:all,-processing,-auxiliaryclass",
            "-parameters",
            "-classpath",
            System.getProperty("java.class.path"),
            "-processorpath",
            System.getProperty("java.class.path"),
            "-processor",
            "dev.abide.processor.DurableObjectProcessor",
            "-d",
            out.toString(),
            "-s",
            out.toString());
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(found, Locale.ROOT, null)) {
      JavaCompiler.CompilationTask task =
          compiler.getTask(null, files, found, options, null, List.of(source(sample)));
      boolean compiled = task.call();
      List<String> problems =
          found.getDiagnostics().stream()
              .filter(problem -> problem.getKind() != Diagnostic.Kind.NOTE)
              .map(problem -> problem.getLineNumber() + ": " + problem.getMessage(Locale.ROOT))
              .toList();
      assertThat(compiled || !problems.isEmpty()).as("a failure has a message").isTrue();
      return problems;
    }
  }

  private static JavaFileObject source(Sample sample) {
    Matcher type = PUBLIC_TYPE.matcher(sample.text());
    String name = type.find() ? type.group(1) : "Sample";
    return new SimpleJavaFileObject(
        URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return sample.text();
      }
    };
  }
}
