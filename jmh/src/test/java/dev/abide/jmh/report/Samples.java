package dev.abide.jmh.report;

import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/** Results made by hand. */
final class Samples {
  static final Study IDLE =
      new Study("IdleCall", "What does a call cost?", "lock", "calls", "none", List.of());

  private Samples() {}

  static Figure figure(String method, Map<String, String> params, double... perSecond) {
    List<Double> samples = DoubleStream.of(perSecond).boxed().toList();
    double mean = samples.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    return new Figure(
        "IdleCall",
        method,
        params,
        mean,
        mean / 50,
        samples,
        24,
        List.of(24.0, 24.0, 24.0),
        1,
        Map.of());
  }

  static Figure allocating(Figure figure, int forks, double... bytes) {
    List<Double> samples = DoubleStream.of(bytes).boxed().toList();
    return new Figure(
        figure.study(),
        figure.method(),
        figure.params(),
        figure.perSecond(),
        figure.error(),
        figure.samples(),
        samples.stream().mapToDouble(Double::doubleValue).average().orElseThrow(),
        samples,
        forks,
        figure.nanos());
  }

  static Figure heap(String method, double... bytes) {
    List<Double> samples = DoubleStream.of(bytes).boxed().toList();
    return new Figure(
        "IdleCall",
        method,
        Map.of(),
        Double.NaN,
        Double.NaN,
        List.of(),
        DoubleStream.of(bytes).average().orElseThrow(),
        samples,
        samples.size(),
        Map.of());
  }

  static Figure timed(Figure figure, double p50, double p99, double p999) {
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
        Map.of("p50", p50, "p99", p99, "p99.9", p999));
  }

  static Results results(Figure... figures) {
    return on("ext4", figures);
  }

  static Results on(String fileSystem, Figure... figures) {
    return of("abc", fileSystem, IDLE, figures);
  }

  static Results of(String commit, String fileSystem, Study study, Figure... figures) {
    return new Results(
        Results.FORMAT,
        "2026-01-01T00:00:00Z",
        "short",
        new Environment(
            "A <fast> machine",
            2,
            "Linux 6",
            fileSystem,
            "JVM 25",
            "512 MB of heap at most, Serial",
            List.of("-Xmx1g"),
            commit),
        List.of(study),
        List.of(figures));
  }
}
