package dev.abide.jmh;

import dev.abide.jmh.report.Environment;
import dev.abide.jmh.report.Figure;
import dev.abide.jmh.report.Results;
import dev.abide.jmh.report.Study;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.util.Statistics;

/**
 * Runs questions by JMH, one after the other: throughput first with what is allocated, then, where
 * the pace says so, the time of single calls.
 */
final class Measuring {
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  /** As the field of {@link HeapBenchmark.Found} is named. */
  private static final String HEAP_BYTES = "heapBytes";

  private static final Map<String, Double> PERCENTILES =
      Map.of("p50", 50.0, "p90", 90.0, "p99", 99.0, "p99.9", 99.9);

  private static final String SPEED = "speed";
  private static final String HEAP = "heap";

  /** With fewer its figures could not be compared: each JVM has one. */
  private static final int HEAP_FORKS_MIN = 2;

  /** Each has the times of thousands of calls. */
  private static final int TIMED_ITERATIONS = 3;

  private final Pace pace;
  private final Path log;
  private final PrintStream progress;

  Measuring(Pace pace, Path log, PrintStream progress) {
    this.pace = pace;
    this.log = log;
    this.progress = progress;
  }

  Results run(List<Suite.Chosen> chosen) throws IOException, RunnerException {
    Files.createDirectories(Directories.root());
    Environment environment = Environment.here(Directories.root());
    String made = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    List<Study> studies = new ArrayList<>();
    List<Figure> figures = new ArrayList<>();
    for (Suite.Chosen one : chosen) {
      Question question = one.question();
      progress.printf("%d of %d: %s%n", studies.size() + 1, chosen.size(), question.value());
      studies.add(
          new Study(
              one.name(),
              question.value(),
              question.yardstick(),
              unit(question),
              question.durability(),
              one.flags()));
      figures.addAll(figures(one));
    }
    return new Results(Results.FORMAT, made, pace.mode(), environment, studies, figures);
  }

  private String unit(Question question) {
    return pace.timedForks() > 0 && !question.timed().isEmpty()
        ? question.unit() + "; times: of " + question.timed()
        : question.unit();
  }

  private List<Figure> figures(Suite.Chosen one) throws IOException, RunnerException {
    if (one.question().heap()) {
      int forks = Math.max(HEAP_FORKS_MIN, pace.forks());
      return jmh(one, one.methods(), Mode.SingleShotTime, forks, HEAP).stream()
          .map(Measuring::heap)
          .toList();
    }
    Map<String, Figure> figures = new LinkedHashMap<>();
    for (RunResult result : jmh(one, one.methods(), Mode.Throughput, pace.forks(), SPEED)) {
      Figure figure = figure(result);
      figures.put(figure.key(), figure);
    }
    if (pace.timedForks() > 0 && !one.lone().isEmpty()) {
      for (RunResult result : jmh(one, one.lone(), Mode.SampleTime, pace.timedForks(), "times")) {
        Result<?> primary = result.getPrimaryResult();
        double perUnit = nanosPerUnit(primary.getScoreUnit());
        figures.computeIfPresent(
            key(result.getParams()),
            (same, figure) -> timed(figure, primary.getStatistics(), perUnit));
      }
    }
    if (pace.timedForks() > 0 && !one.crowds().isEmpty()) {
      Path times = Path.of(log + "-" + one.name() + "-times");
      if (Files.exists(times)) {
        Directories.delete(times);
      }
      Files.createDirectories(times);
      jmh(
          one,
          one.crowds(),
          Mode.Throughput,
          pace.timedForks(),
          "crowds",
          "-D" + CrowdTimes.WANTED + "=" + times.toAbsolutePath());
      CrowdTimes.read(times)
          .forEach((key, found) ->
              figures.computeIfPresent(key, (same, figure) -> timed(figure, found, 1)));
    }
    return List.copyOf(figures.values());
  }

  private List<RunResult> jmh(
      Suite.Chosen one, List<String> methods, Mode mode, int forks, String what, String... flags)
      throws RunnerException {
    List<RunResult> results = new ArrayList<>();
    int set = 0;
    for (Map<String, List<String>> params : one.sets(pace.brief())) {
      set++;
      ChainedOptionsBuilder options =
          new OptionsBuilder()
              .mode(mode)
              .forks(forks)
              .warmupIterations(what.equals(HEAP) ? 0 : Pace.WARMUPS)
              .warmupTime(pace.warmUp(one.question()))
              .measurementIterations(
                  switch (what) {
                    case SPEED -> pace.iterations();
                    case HEAP -> 1;
                    default -> Math.min(pace.iterations(), TIMED_ITERATIONS);
                  })
              .measurementTime(pace.time())
              .addProfiler(GCProfiler.class)
              .shouldFailOnError(true)
              .output(log + "-" + one.name() + "-" + what + "-" + set + ".log");
      if (mode == Mode.SampleTime) {
        // The whole invocation is what the caller waits for.
        options.operationsPerInvocation(1);
      }
      if (flags.length > 0) {
        // What is appended is the question's own.
        options.jvmArgsPrepend(flags);
      }
      for (String method : methods) {
        options.include("^" + Pattern.quote(one.type().getName() + "." + method) + "$");
      }
      params.forEach((name, values) -> options.param(name, values.toArray(String[]::new)));
      results.addAll(new Runner(options.build()).run());
    }
    return results;
  }

  private Figure figure(RunResult result) {
    BenchmarkParams params = result.getParams();
    Result<?> primary = result.getPrimaryResult();
    Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
    return new Figure(
        study(params),
        method(params),
        params(params),
        primary.getScore(),
        primary.getScoreError(),
        samples(result, Optional.empty()),
        allocated == null ? Double.NaN : allocated.getScore(),
        samples(result, Optional.of(ALLOCATED)),
        pace.forks(),
        Map.of());
  }

  private static Figure heap(RunResult result) {
    BenchmarkParams params = result.getParams();
    List<Double> samples = samples(result, Optional.of(HEAP_BYTES));
    return new Figure(
        study(params),
        method(params),
        params(params),
        Double.NaN,
        Double.NaN,
        List.of(),
        samples.stream().mapToDouble(Double::doubleValue).average().orElseThrow(),
        samples,
        params.getForks(),
        Map.of());
  }

  /** The key of the figure that is measured with these. */
  static String key(BenchmarkParams params) {
    return new Figure(
            study(params),
            method(params),
            params(params),
            0,
            0,
            List.of(),
            0,
            List.of(),
            0,
            Map.of())
        .key();
  }

  private static Figure timed(Figure figure, Statistics times, double nanosPerUnit) {
    Map<String, Double> nanos = new LinkedHashMap<>();
    PERCENTILES.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .forEach(percentile ->
            nanos.put(
                percentile.getKey(), times.getPercentile(percentile.getValue()) * nanosPerUnit));
    return new Figure(
        figure.study(),
        figure.method(),
        figure.params(),
        figure.perSecond(),
        figure.error(),
        figure.samples(),
        figure.bytes(),
        figure.bytesSamples(),
        figure.forks(),
        nanos);
  }

  private static double nanosPerUnit(String unit) {
    return switch (unit) {
      case "s/op" -> 1e9;
      case "ms/op" -> 1e6;
      case "us/op" -> 1e3;
      case "ns/op" -> 1;
      default -> throw new IllegalStateException("a time in " + unit);
    };
  }

  /** What iterations found under a second name, or under the first. */
  private static List<Double> samples(RunResult result, Optional<String> name) {
    List<Double> samples = new ArrayList<>();
    for (BenchmarkResult fork : result.getBenchmarkResults()) {
      for (IterationResult iteration : fork.getIterationResults()) {
        Result<?> found =
            name.isPresent()
                ? iteration.getSecondaryResults().get(name.get())
                : iteration.getPrimaryResult();
        if (found != null) {
          samples.add(found.getScore());
        }
      }
    }
    return Collections.unmodifiableList(samples);
  }

  private static String study(BenchmarkParams params) {
    String name = params.getBenchmark();
    String type = name.substring(0, name.lastIndexOf('.'));
    return Suite.name(type.substring(type.lastIndexOf('.') + 1));
  }

  private static String method(BenchmarkParams params) {
    String name = params.getBenchmark();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static Map<String, String> params(BenchmarkParams params) {
    Map<String, String> values = new LinkedHashMap<>();
    params.getParamsKeys().stream().sorted().forEach(key -> values.put(key, params.getParam(key)));
    return values;
  }
}
