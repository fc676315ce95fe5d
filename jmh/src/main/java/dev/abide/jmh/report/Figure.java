package dev.abide.jmh.report;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one method answered with one set of parameters. Of a question for heap there are only bytes,
 * those that one object keeps; {@code perSecond} and {@code error} are NaN, {@code samples} empty.
 *
 * @param study the question
 * @param method who
 * @param params the parameters, in their order; empty if there are none
 * @param perSecond operations a second, the mean of the iterations
 * @param error half of the interval that holds the true mean with 99.9 %, as JMH has it; NaN for
 *     fewer than two iterations
 * @param samples operations a second, of each iteration
 * @param bytes bytes of heap allocated for an operation, or kept by an object
 * @param bytesSamples the same, of each iteration
 * @param forks how many JVMs measured it
 * @param nanos percentiles of the time that an operation took, by names like {@code p99}; empty if
 *     they were not measured
 */
public record Figure(
    String study,
    String method,
    Map<String, String> params,
    double perSecond,
    double error,
    List<Double> samples,
    double bytes,
    List<Double> bytesSamples,
    int forks,
    Map<String, Double> nanos) {

  /** The parameters as text. */
  public String paramsText() {
    return params.entrySet().stream()
        .map(param -> param.getKey() + "=" + param.getValue())
        .collect(Collectors.joining(" "));
  }

  /** What makes two figures of two runs the same figure. */
  public String key() {
    return (study + "." + method + " " + paramsText()).strip();
  }

  /** Whether it is of heap that is kept. */
  boolean ofHeap() {
    return samples.isEmpty();
  }

  /** Operations a second, or the bytes of heap that an object keeps. */
  double amount() {
    return ofHeap() ? bytes : perSecond;
  }

  /** The same, of each iteration. */
  List<Double> amounts() {
    return ofHeap() ? bytesSamples : samples;
  }

  /** Whether it is Abide's own. */
  public boolean abide() {
    return method.startsWith("abide");
  }
}
