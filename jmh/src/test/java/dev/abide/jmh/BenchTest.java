package dev.abide.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.jmh.report.Figure;
import dev.abide.jmh.report.Results;
import dev.abide.jmh.report.ResultsFile;
import dev.abide.jmh.report.Study;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.runner.options.TimeValue;

/** The command as a whole. */
class BenchTest {
  @TempDir Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int bench(String... args) {
    return Bench.run(List.of(args), print(out), print(err));
  }

  private static PrintStream print(ByteArrayOutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }

  @Test
  void misuse_endsWithTwoAndOneLine() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));

    assertThat(bench("--fast")).isEqualTo(2);
    assertThat(bench("nothing-of-that-name")).isEqualTo(2);
    assertThat(bench("compare", "no-such.json", "no-such.json")).isEqualTo(2);
    assertThat(bench("idle", "--out", file.resolve("below").toString())).isEqualTo(2);

    assertThat(err.toString(StandardCharsets.UTF_8).lines())
        .hasSize(4)
        .allMatch(line -> line.startsWith("bench: "))
        .anyMatch(line ->
            line.contains("\"nothing-of-that-name\" matches no benchmark; questions: IdleCall "))
        .anyMatch(line -> line.contains("cannot read no-such.json"))
        .anyMatch(line -> line.contains("cannot be made a directory"));
    assertThat(out.size()).isZero();
  }

  @Test
  void smallRun_isMeasuredWrittenAndComparesToItself() throws Exception {
    Pace pace = new Pace(1, 1, 2, TimeValue.milliseconds(20), true);
    List<Suite.Chosen> chosen =
        Suite.choose(Optional.of(Pattern.compile("IdleCall.plainMethod")), true);

    Bench.write(
        directory,
        new Measuring(pace, directory.resolve("jmh"), print(out)).run(chosen),
        print(out));

    Path json = directory.resolve("results.json");
    Results results = ResultsFile.read(json);
    assertThat(results.figures())
        .extracting(Figure::method)
        .containsExactly("plainMethod", "reentrantLock");
    assertThat(results.figures())
        .allSatisfy(figure -> {
          assertThat(figure.perSecond()).isPositive();
          assertThat(figure.samples()).hasSize(2);
          assertThat(figure.nanos()).containsOnlyKeys("p50", "p90", "p99", "p99.9");
        });
    assertThat(results.environment().cores()).isPositive();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("  reentrantLock *  ");
    assertThat(directory.resolve("results.html")).content().contains("plainMethod");
    assertThat(bench("compare", json.toString(), json.toString())).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .endsWith("2 figures compared, 0 moved beyond the noise\n");
  }

  @Test
  void questions_nameMethodsAndParamsThatExist() throws Exception {
    List<Suite.Chosen> all = Suite.choose(Optional.empty(), false);

    assertThat(all).extracting(Suite.Chosen::name).startsWith("IdleCall").hasSize(22);
    for (Suite.Chosen one : all) {
      Question question = one.question();
      assertThat(one.methods()).contains(question.yardstick());
      if (question.briefMethods().length > 0) {
        assertThat(one.methods()).contains(question.briefMethods());
        assertThat(question.briefMethods()).contains(question.yardstick());
      }
      for (Map<String, List<String>> set : one.sets(true)) {
        for (Map.Entry<String, List<String>> param : set.entrySet()) {
          assertThat(one.type().getDeclaredField(param.getKey()).getAnnotation(Param.class).value())
              .containsAll(param.getValue());
        }
      }
    }
  }

  @Test
  void everyMethod_isTimedInTheLongMode_butThoseOfHeap() {
    assertThat(Suite.choose(Optional.empty(), false))
        .filteredOn(one -> !one.question().heap())
        .hasSize(21)
        .allSatisfy(one -> {
          List<String> timed = new ArrayList<>(one.lone());
          timed.addAll(one.crowds());
          assertThat(timed).containsExactlyInAnyOrderElementsOf(one.methods());
        });
  }

  @Test
  void shortMode_asksWhatIsBrief_unlessAPatternSaysMore() {
    assertThat(Suite.choose(Optional.empty(), true))
        .filteredOn(one -> one.name().equals("ContendedCall"))
        .singleElement()
        .satisfies(one -> {
          assertThat(one.methods())
              .containsExactly("abideInline", "abideQueued", "pekkoAsk", "reentrantLock");
          assertThat(one.sets(true))
              .containsExactly(
                  Map.of("callers", List.of("64"), "objects", List.of("own", "one")),
                  Map.of("callers", List.of("1000"), "objects", List.of("one")));
          assertThat(one.sets(false)).containsExactly(Map.of());
        });
    assertThat(Suite.choose(Optional.of(Pattern.compile("ContendedCall")), true))
        .singleElement()
        .satisfies(one -> assertThat(one.methods()).contains("joxChannel", "cajunAsk"));
  }

  @Test
  void crowds_haveThePercentilesOfTheirCalls() throws Exception {
    Pace pace = new Pace(1, 1, 2, TimeValue.milliseconds(20), true);
    List<Suite.Chosen> chosen =
        Suite.choose(Optional.of(Pattern.compile("CallerThread.reentrantLock")), true);

    Results results = new Measuring(pace, directory.resolve("jmh"), print(out)).run(chosen);

    assertThat(results.figures())
        .singleElement()
        .satisfies(figure -> {
          assertThat(figure.params()).containsExactly(Map.entry("caller", "virtual"));
          assertThat(figure.nanos()).containsOnlyKeys("p50", "p90", "p99", "p99.9");
          assertThat(figure.nanos().get("p99.9")).isGreaterThanOrEqualTo(figure.nanos().get("p50"));
        });
  }

  @Test
  void chain_hasThePercentilesOfWholeChains() throws Exception {
    Pace pace = new Pace(1, 1, 2, TimeValue.milliseconds(20), true);
    List<Suite.Chosen> chosen =
        Suite.choose(Optional.of(Pattern.compile("Chain.reentrantLock")), true);

    Results results = new Measuring(pace, directory.resolve("jmh"), print(out)).run(chosen);

    assertThat(results.studies())
        .extracting(Study::unit)
        .containsExactly("calls; times: of a whole chain of eight");
    assertThat(results.figures())
        .singleElement()
        .satisfies(figure -> assertThat(figure.nanos()).containsKey("p50"));
  }

  @Test
  void heap_isMeasuredInTwoJvms_andShownInBytes() throws Exception {
    List<Suite.Chosen> chosen =
        Suite.choose(Optional.of(Pattern.compile("Heap.lockInMap")), true).stream()
            .map(one -> new Suite.Chosen(one.type(), List.of("lockInMap")))
            .toList();

    Results results = new Measuring(Pace.SHORT, directory.resolve("jmh"), print(out)).run(chosen);

    assertThat(results.figures())
        .singleElement()
        .satisfies(figure -> {
          assertThat(figure.bytes()).isBetween(50.0, 500.0);
          assertThat(figure.bytesSamples()).hasSize(2);
          assertThat(figure.samples()).isEmpty();
          assertThat(figure.forks()).isEqualTo(2);
        });
    Bench.write(directory, results, print(out));
    String json = directory.resolve("results.json").toString();
    assertThat(bench("compare", json, json)).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .endsWith("1 figures compared, 0 moved beyond the noise\n");
  }

  @Test
  void questionsMeasuredApart_areMergedIntoOneTable() throws Exception {
    Pace pace = new Pace(1, 0, 2, TimeValue.milliseconds(20), true);
    List<String> files = new ArrayList<>();
    for (String pattern : List.of("Arguments.reentrantLockOne", "IdleCall.plainMethod")) {
      Path at = Files.createDirectory(directory.resolve(pattern));
      Results apart =
          new Measuring(pace, at.resolve("jmh"), print(out))
              .run(Suite.choose(Optional.of(Pattern.compile(pattern)), true));
      Bench.write(at, apart, print(out));
      files.add(at.resolve("results.json").toString());
    }

    String to = directory.resolve("merged").toString();
    assertThat(bench("merge", files.get(0), files.get(1), "--out", to)).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("no commit names (unknown)");
    for (String file : files) {
      String text = Files.readString(Path.of(file));
      Files.writeString(Path.of(file), text.replace("\"unknown\"", "\"0123456789ab\""));
    }
    assertThat(bench("merge", files.get(0), files.get(1), "--out", to)).isZero();

    assertThat(ResultsFile.read(directory.resolve("merged/results.json")).studies())
        .extracting(Study::name)
        .containsExactly("Arguments", "IdleCall");
    assertThat(directory.resolve("merged/results.html")).content().contains("plainMethod");
  }

  @Test
  void warmUp_takesAsLongAsTheQuestionSays() {
    Question question = SleepWakeBenchmark.class.getAnnotation(Question.class);

    assertThat(Pace.SHORT.warmUp(question)).isEqualTo(TimeValue.milliseconds(1_000));
    assertThat(Pace.LONG.warmUp(question)).isEqualTo(TimeValue.milliseconds(1_500));
  }
}
