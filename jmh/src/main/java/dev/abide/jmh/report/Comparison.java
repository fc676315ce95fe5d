package dev.abide.jmh.report;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.inference.TestUtils;

/**
 * Tells which figures of one commit's runs moved against those of an older one's beyond the noise.
 *
 * <p>With one run of each, a figure moved if Welch's test gives less than one chance in a hundred
 * that the iterations of both have the same mean, and if the means differ by a margin. The margin
 * is there because iterations of one JVM agree with each other more than two JVMs do: what the
 * compiler happened to do stays for a JVM's life, and what the machine happened to do for a minute.
 * It is 5 % where both runs measured in two JVMs or more, and 10 % where one of them did in one.
 *
 * <p>With several runs of each, each run is one value: a figure moved if all values of one commit
 * lie beyond all of the other, by more than the values of either lie apart, and if the means differ
 * by 5 %. Of unchanged figures with noise of the normal distribution that is one in ten with two
 * runs of each, and one in a hundred with three.
 *
 * <p>Of bytes, fewer than 8 are never a move. Of heap that is kept, each JVM is an iteration.
 */
public final class Comparison {
  private static final double CHANCE_MAX = 0.01;
  private static final double MARGIN = 0.05;
  private static final double MARGIN_OF_ONE_FORK = 0.10;
  private static final double BYTES_MIN = 8;

  private Comparison() {}

  /** One figure on both sides, in words. */
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

  /** What there is of one figure in the runs of one side. */
  private record Side(List<Figure> runs) {
    double mean(ToDoubleFunction<Figure> amount) {
      return runs.stream().mapToDouble(amount).average().orElseThrow();
    }

    List<Double> values(ToDoubleFunction<Figure> amount) {
      return runs.stream().mapToDouble(amount).boxed().toList();
    }

    Figure one() {
      return runs.getFirst();
    }
  }

  /** What moved from the first to the second, for people; as many runs of each as there are. */
  public static String of(List<Results> before, List<Results> after) {
    Map<String, Side> old = sides(before);
    List<String> faster = new ArrayList<>();
    List<String> slower = new ArrayList<>();
    List<String> bytes = new ArrayList<>();
    List<String> heap = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    boolean single = before.size() == 1 && after.size() == 1;
    int compared = 0;
    for (Map.Entry<String, Side> entry : sides(after).entrySet()) {
      String key = entry.getKey();
      Side now = entry.getValue();
      Side was = old.remove(key);
      if (was == null) {
        unknown.add("  " + key + ": only in the second");
        continue;
      }
      if (was.runs.size() < before.size() || now.runs.size() < after.size()) {
        unknown.add("  " + key + ": not in every run");
        continue;
      }
      if (single && (was.one().amounts().size() < 2 || now.one().amounts().size() < 2)) {
        unknown.add("  " + key + ": fewer than two iterations");
        continue;
      }
      compared++;
      boolean ofHeap = now.one().ofHeap();
      if (!ofHeap && moved(was, now, Figure::perSecond, Figure::samples)) {
        Move move = move(key, "", was, now, Figure::perSecond);
        (move.after > move.before ? faster : slower).add(move.text());
      }
      Move move = move(key, ofHeap ? "B" : "B/op", was, now, Figure::bytes);
      if (Math.abs(move.after - move.before) >= BYTES_MIN
          && moved(was, now, Figure::bytes, Figure::bytesSamples)) {
        (ofHeap ? heap : bytes).add(move.text());
      }
    }
    old.keySet().forEach(key -> unknown.add("  " + key + ": only in the first"));
    int moves = faster.size() + slower.size() + heap.size();
    return warning(before, after)
        + list("faster", faster)
        + list("slower", slower)
        + list("allocates otherwise", bytes)
        + list("keeps another amount of heap", heap)
        + list("not compared", unknown)
        + note(Math.min(before.size(), after.size()), compared, moves)
        + compared
        + " figures compared, "
        + moves
        + " moved beyond the noise\n";
  }

  private static String note(int runs, int compared, int moves) {
    if (moves > 0 && runs == 1) {
      return "one run of each: what a JVM or the machine did just then may be among these; see"
          + " whether it stays so with three of each, made in turn:"
          + " compare A1 A2 A3 -- B1 B2 B3\n";
    }
    if (moves > 0 && runs == 2) {
      return String.format(
          Locale.ROOT,
          "two runs of each: by chance alone some %d of these may be, with three fewer than %d%n",
          Math.ceilDiv(compared, 10),
          Math.ceilDiv(compared, 100) + 1);
    }
    return "";
  }

  private static Map<String, Side> sides(List<Results> runs) {
    Map<String, Side> sides = new LinkedHashMap<>();
    for (Results run : runs) {
      for (Figure figure : run.figures()) {
        sides.computeIfAbsent(figure.key(), _ -> new Side(new ArrayList<>())).runs.add(figure);
      }
    }
    return sides;
  }

  private static Move move(
      String key, String what, Side was, Side now, ToDoubleFunction<Figure> amount) {
    return new Move(key, what, was.mean(amount), now.mean(amount));
  }

  private static boolean moved(
      Side was, Side now, ToDoubleFunction<Figure> amount, Function<Figure, List<Double>> samples) {
    if (was.runs.size() > 1 && now.runs.size() > 1) {
      return apart(was.values(amount), now.values(amount));
    }
    double margin =
        Math.min(was.one().forks(), now.one().forks()) > 1 ? MARGIN : MARGIN_OF_ONE_FORK;
    return moved(samples.apply(was.one()), samples.apply(now.one()), margin);
  }

  /** Whether all of one lie beyond all of the other, by more than either has among its own. */
  static boolean apart(List<Double> before, List<Double> after) {
    DoubleSummaryStatistics one = before.stream().mapToDouble(v -> v).summaryStatistics();
    DoubleSummaryStatistics other = after.stream().mapToDouble(v -> v).summaryStatistics();
    double between = Math.max(other.getMin() - one.getMax(), one.getMin() - other.getMax());
    double within = Math.max(one.getMax() - one.getMin(), other.getMax() - other.getMin());
    return between > within
        && Math.abs(other.getAverage() - one.getAverage()) >= MARGIN * Math.abs(one.getAverage());
  }

  private static String list(String title, List<String> lines) {
    return lines.isEmpty() ? "" : title + ":\n" + String.join("\n", lines) + "\n";
  }

  private static String warning(List<Results> before, List<Results> after) {
    Results first = before.getFirst();
    boolean same =
        Stream.concat(before.stream(), after.stream())
            .allMatch(run ->
                alike(first.environment(), run.environment()) && run.mode().equals(first.mode()));
    return (same
            ? ""
            : "WARNING: the runs differ in machine, JDK, memory, flags, file system or mode; a move"
                + " may be theirs\n")
        + (isOfOneCommit(before) && isOfOneCommit(after)
            ? ""
            : "WARNING: the runs of one side are of several commits; they are taken for one\n");
  }

  private static boolean isOfOneCommit(List<Results> runs) {
    return runs.stream().map(run -> run.environment().commit()).distinct().count() == 1;
  }

  private static boolean alike(Environment one, Environment other) {
    return one.machine().equals(other.machine())
        && one.cores() == other.cores()
        && one.jdk().equals(other.jdk())
        && one.memory().equals(other.memory())
        && one.flags().equals(other.flags())
        && one.fileSystem().equals(other.fileSystem());
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
