package dev.abide.jmh.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.math3.stat.inference.TestUtils;

/**
 * Tells which figures of a run moved against those of an older one beyond the noise.
 *
 * <p>A figure moved if Welch's test gives less than one chance in a hundred that the iterations of
 * both runs have the same mean, and if the means differ by a margin. The margin is there because
 * iterations of one JVM agree with each other more than two JVMs do: what the compiler happened to
 * do stays for a JVM's life. It is 5 % where both runs measured in two JVMs or more, and 10 % where
 * one of them did in one. Of bytes, fewer than 8 are never a move. Of heap that is kept, each JVM
 * is an iteration.
 */
public final class Comparison {
  private static final double CHANCE_MAX = 0.01;
  private static final double MARGIN = 0.05;
  private static final double MARGIN_OF_ONE_FORK = 0.10;
  private static final double BYTES_MIN = 8;

  private Comparison() {}

  /** One figure in both runs, in words. */
  private record Move(String key, String what, double before, double after) {
    String text() {
      return String.format(
          Locale.ROOT,
          "  %-60s %s %s -> %s (%+.0f %%)",
          key,
          what,
          Numbers.rough(before),
          Numbers.rough(after),
          100 * (after - before) / before);
    }
  }

  /** What moved from the first to the second, for people. */
  public static String of(Results before, Results after) {
    Map<String, Figure> old =
        before.figures().stream().collect(Collectors.toMap(Figure::key, Function.identity()));
    List<String> faster = new ArrayList<>();
    List<String> slower = new ArrayList<>();
    List<String> bytes = new ArrayList<>();
    List<String> heap = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    int compared = 0;
    for (Figure now : after.figures()) {
      Figure was = old.remove(now.key());
      if (was == null) {
        unknown.add("  " + now.key() + ": only in the second");
        continue;
      }
      if (was.amounts().size() < 2 || now.amounts().size() < 2) {
        unknown.add("  " + now.key() + ": fewer than two iterations");
        continue;
      }
      compared++;
      double margin = Math.min(was.forks(), now.forks()) > 1 ? MARGIN : MARGIN_OF_ONE_FORK;
      if (!now.ofHeap() && moved(was.samples(), now.samples(), margin)) {
        (now.perSecond() > was.perSecond() ? faster : slower)
            .add(new Move(now.key(), "", was.perSecond(), now.perSecond()).text());
      }
      if (Math.abs(now.bytes() - was.bytes()) >= BYTES_MIN
          && moved(was.bytesSamples(), now.bytesSamples(), margin)) {
        (now.ofHeap() ? heap : bytes)
            .add(new Move(now.key(), now.ofHeap() ? "B" : "B/op", was.bytes(), now.bytes()).text());
      }
    }
    old.keySet().forEach(key -> unknown.add("  " + key + ": only in the first"));
    return warning(before, after)
        + list("faster", faster)
        + list("slower", slower)
        + list("allocates otherwise", bytes)
        + list("keeps another amount of heap", heap)
        + list("not compared", unknown)
        + compared
        + " figures compared, "
        + (faster.size() + slower.size() + heap.size())
        + " moved beyond the noise\n";
  }

  private static String list(String title, List<String> lines) {
    return lines.isEmpty() ? "" : title + ":\n" + String.join("\n", lines) + "\n";
  }

  private static String warning(Results before, Results after) {
    Environment one = before.environment();
    Environment other = after.environment();
    boolean same =
        one.machine().equals(other.machine())
            && one.cores() == other.cores()
            && one.jdk().equals(other.jdk())
            && one.memory().equals(other.memory())
            && one.flags().equals(other.flags())
            && one.fileSystem().equals(other.fileSystem())
            && before.mode().equals(after.mode());
    return same
        ? ""
        : "WARNING: the runs differ in machine, JDK, memory, flags, file system or mode; a move may"
            + " be theirs\n";
  }

  static boolean moved(List<Double> before, List<Double> after, double margin) {
    double[] one = before.stream().mapToDouble(Double::doubleValue).toArray();
    double[] other = after.stream().mapToDouble(Double::doubleValue).toArray();
    if (one.length < 2 || other.length < 2) {
      return false;
    }
    double from = mean(one);
    double to = mean(other);
    if (Math.abs(to - from) < margin * Math.abs(from)) {
      return false;
    }
    double chance = TestUtils.tTest(one, other);
    // Without any spread on both sides the test divides by zero: the means do differ.
    return Double.isNaN(chance) || chance < CHANCE_MAX;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
