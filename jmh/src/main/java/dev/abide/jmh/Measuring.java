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
  private static final Map<String, Double> PERCENTILES =
      Map.of("p50", 50.0, "p90", 90.0, "p99", 99.0, "p99.9", 99.9);

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
              question.unit(),
              question.durability()));
      figures.addAll(figures(one));
    }
    return new Results(Results.FORMAT, made, pace.mode(), environment, studies, figures);
  }

  private List<Figure> figures(Suite.Chosen one) throws RunnerException {
    Map<String, Figure> figures = new LinkedHashMap<>();
    for (RunResult result : jmh(one, one.methods(), Mode.Throughput, pace.forks())) {
      Figure figure = figure(one.name(), result);
      figures.put(figure.key(), figure);
    }
    if (pace.timedForks() > 0 && !one.timed().isEmpty()) {
      for (RunResult result : jmh(one, one.timed(), Mode.SampleTime, pace.timedForks())) {
        BenchmarkParams params = result.getParams();
        String key = bare(one.name(), method(params), params(params)).key();
        figures.computeIfPresent(key, (same, figure) -> timed(figure, result));
      }
    }
    return List.copyOf(figures.values());
  }

  private List<RunResult> jmh(Suite.Chosen one, List<String> methods, Mode mode, int forks)
      throws RunnerException {
    List<RunResult> results = new ArrayList<>();
    int set = 0;
    for (Map<String, List<String>> params : one.sets(pace.brief())) {
      set++;
      ChainedOptionsBuilder options =
          new OptionsBuilder()
              .mode(mode)
              .forks(forks)
              .warmupIterations(Pace.WARMUPS)
              .warmupTime(pace.warmUp(one.question()))
              .measurementIterations(pace.iterations())
              .measurementTime(pace.time())
              .addProfiler(GCProfiler.class)
              .shouldFailOnError(true)
              .output(log + "-" + one.name() + "-" + mode.shortLabel() + "-" + set + ".log");
      for (String method : methods) {
        options.include("^" + Pattern.quote(one.type().getName() + "." + method) + "$");
      }
      params.forEach((name, values) -> options.param(name, values.toArray(String[]::new)));
      results.addAll(new Runner(options.build()).run());
    }
    return results;
  }

  private Figure figure(String study, RunResult result) {
    BenchmarkParams params = result.getParams();
    Result<?> primary = result.getPrimaryResult();
    Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
    return new Figure(
        study,
        method(params),
        params(params),
        primary.getScore(),
        primary.getScoreError(),
        samples(result, false),
        allocated == null ? Double.NaN : allocated.getScore(),
        samples(result, true),
        pace.forks(),
        Map.of());
  }

  private static Figure bare(String study, String method, Map<String, String> params) {
    return new Figure(study, method, params, 0, 0, List.of(), 0, List.of(), 0, Map.of());
  }

  private static Figure timed(Figure figure, RunResult result) {
    Statistics times = result.getPrimaryResult().getStatistics();
    double perUnit = nanosPerUnit(result.getPrimaryResult().getScoreUnit());
    Map<String, Double> nanos = new LinkedHashMap<>();
    PERCENTILES.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .forEach(percentile ->
            nanos.put(percentile.getKey(), times.getPercentile(percentile.getValue()) * perUnit));
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

  private static List<Double> samples(RunResult result, boolean allocated) {
    List<Double> samples = new ArrayList<>();
    for (BenchmarkResult fork : result.getBenchmarkResults()) {
      for (IterationResult iteration : fork.getIterationResults()) {
        Result<?> found =
            allocated
                ? iteration.getSecondaryResults().get(ALLOCATED)
                : iteration.getPrimaryResult();
        if (found != null) {
          samples.add(found.getScore());
        }
      }
    }
    return Collections.unmodifiableList(samples);
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
