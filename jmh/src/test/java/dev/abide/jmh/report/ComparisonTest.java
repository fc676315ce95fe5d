package dev.abide.jmh.report;

import static dev.abide.jmh.report.Samples.figure;
import static dev.abide.jmh.report.Samples.results;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What moved between two runs, and what is noise. */
class ComparisonTest {
  private static final Map<String, String> NONE = Map.of();
  private static final String ONE_EACH =
      "one run of each: what a JVM or the machine did just then may be among these; see whether it"
          + " stays so with three of each, made in turn: compare A1 A2 A3 -- B1 B2 B3\n";

  private static String compare(Results before, Results after) {
    return Comparison.of(List.of(before), List.of(after));
  }

  @Test
  void figureThatMovedBeyondItsNoise_isTold() {
    String text =
        compare(
            results(figure("abide", NONE, 100, 102, 98), figure("lock", NONE, 300, 310, 290)),
            results(figure("abide", NONE, 150, 152, 148), figure("lock", NONE, 200, 210, 190)));

    assertThat(text).contains("faster:\n  IdleCall.abide ").contains("100 -> 150 (+50 %)");
    assertThat(text).contains("slower:\n  IdleCall.lock ").contains("300 -> 200 (-33 %)");
    assertThat(text).endsWith("2 figures compared, 2 moved beyond the noise\n");
  }

  @Test
  void figureWhoseIterationsOverlap_isNoise() {
    String text =
        compare(
            results(figure("abide", NONE, 100, 160, 60)),
            results(figure("abide", NONE, 150, 90, 180)));

    assertThat(text).isEqualTo("1 figures compared, 0 moved beyond the noise\n");
  }

  @Test
  void smallMoveOfSteadyIterations_isNoiseOfASingleJvm() {
    List<Double> before = List.of(100.0, 100.1, 99.9);
    List<Double> after = List.of(107.0, 107.1, 106.9);

    assertThat(Comparison.moved(before, after, 0.10)).isFalse();
    assertThat(Comparison.moved(before, after, 0.05)).isTrue();
  }

  @Test
  void marginIsSmaller_whereBothRunsHadMoreJvmsThanOne() {
    Figure was = figure("abide", NONE, 100, 100.1, 99.9);
    Figure now = figure("abide", NONE, 107, 107.1, 106.9);

    assertThat(compare(results(was), results(now))).contains("0 moved");
    assertThat(
            compare(
                results(Samples.allocating(was, 2, 24, 24)),
                results(Samples.allocating(now, 2, 24, 24))))
        .contains("1 moved");
    assertThat(compare(results(Samples.allocating(was, 2, 24, 24)), results(now)))
        .contains("0 moved");
  }

  @Test
  void iterationsWithoutSpread_areComparedByTheirMeans() {
    assertThat(Comparison.moved(List.of(5.0, 5.0), List.of(5.0, 5.0), 0.05)).isFalse();
    assertThat(Comparison.moved(List.of(5.0, 5.0), List.of(9.0, 9.0), 0.05)).isTrue();
  }

  @Test
  void allocation_isToldFromEightBytesOn() {
    Figure figure = figure("abide", NONE, 100, 102, 98);

    assertThat(
            compare(
                results(Samples.allocating(figure, 1, 0, 0, 0)),
                results(Samples.allocating(figure, 1, 24, 24, 24))))
        .contains("allocates otherwise:\n  IdleCall.abide")
        .contains("B/op 0 -> 24");
    assertThat(
            compare(
                results(Samples.allocating(figure, 1, 0, 0, 0)),
                results(Samples.allocating(figure, 1, 7, 7, 7))))
        .doesNotContain("allocates otherwise");
  }

  @Test
  void heap_movesFromEightBytesOn() {
    assertThat(
            compare(
                results(Samples.heap("abideAwake", 240, 240.1)),
                results(Samples.heap("abideAwake", 280, 280.1))))
        .isEqualTo(
            "keeps another amount of heap:\n"
                + "  IdleCall.abideAwake                                          B 240 -> 280 (+17 %)\n"
                + ONE_EACH
                + "1 figures compared, 1 moved beyond the noise\n");
    assertThat(
            compare(
                results(Samples.heap("abideAsleep", 0, 0.1)),
                results(Samples.heap("abideAsleep", 1, 1.1))))
        .isEqualTo("1 figures compared, 0 moved beyond the noise\n");
    assertThat(
            compare(
                results(Samples.heap("abideAwake", 240)), results(Samples.heap("abideAwake", 280))))
        .contains("fewer than two iterations");
  }

  @Test
  void figuresOfOneRunOnly_andThoseOfOneIteration_areNotCompared() {
    String text =
        compare(
            results(figure("gone", NONE, 1, 2), figure("abide", Map.of("callers", "1"), 1, 2)),
            results(figure("new", NONE, 1, 2), figure("abide", Map.of("callers", "1"), 1000)));

    assertThat(text)
        .contains("IdleCall.new: only in the second")
        .contains("IdleCall.gone: only in the first")
        .contains("IdleCall.abide callers=1: fewer than two iterations")
        .endsWith("0 figures compared, 0 moved beyond the noise\n");
  }

  @Test
  void runsOfDifferentPlaces_areWarnedOf() {
    Figure figure = figure("abide", NONE, 1, 2);

    assertThat(compare(Samples.on("ext4", figure), Samples.on("xfs", figure)))
        .startsWith("WARNING: the runs differ in ");
    assertThat(compare(results(figure), results(figure))).doesNotContain("WARNING");
  }

  private static Results run(double abide) {
    // Iterations that agree far better than runs do.
    return results(figure("abide", NONE, abide - 0.1, abide, abide + 0.1));
  }

  @Test
  void ofSeveralRuns_onlyWhatLiesBeyondAllOfThemIsAMove() {
    assertThat(Comparison.of(List.of(run(100), run(130)), List.of(run(140), run(170))))
        .as("40 apart, and 30 within each; in between only 10")
        .isEqualTo("1 figures compared, 0 moved beyond the noise\n");
    assertThat(compare(run(130), run(170))).contains("1 moved");
    assertThat(Comparison.of(List.of(run(100), run(103)), List.of(run(120), run(125))))
        .isEqualTo(
            "faster:\n"
                + "  IdleCall.abide                                                102 -> 123 (+21 %)\n"
                + "two runs of each: by chance alone some 1 of these may be, with three fewer than 2\n"
                + "1 figures compared, 1 moved beyond the noise\n");
    assertThat(Comparison.of(List.of(run(120), run(125)), List.of(run(100), run(103))))
        .contains("slower:")
        .contains("1 moved");
    assertThat(Comparison.of(List.of(run(100), run(100)), List.of(run(104), run(104))))
        .as("less than 5 %")
        .contains("0 moved");
  }

  @Test
  void runsOfOneSideThatAreOfSeveralCommits_areWarnedOf() {
    Results other = Samples.of("other", "ext4", Samples.IDLE, figure("abide", NONE, 1, 2));

    assertThat(Comparison.of(List.of(run(1), other), List.of(run(1), run(2))))
        .startsWith("WARNING: the runs of one side are of several commits");
    assertThat(compare(run(1), other)).doesNotContain("WARNING");
  }

  @Test
  void figureThatNotEveryRunHas_isNotCompared() {
    Results other = results(figure("lock", NONE, 1, 2));

    assertThat(Comparison.of(List.of(run(100), other), List.of(run(1), run(2))))
        .contains("IdleCall.abide: not in every run")
        .contains("IdleCall.lock: only in the first")
        .endsWith("0 figures compared, 0 moved beyond the noise\n");
  }

  @Test
  void ofOneCommit_oneFigureInTenMovesWithTwoRunsOfEach_andOneInAHundredWithThree() {
    long seed = Long.getLong("abide.seed", System.nanoTime());
    System.out.println("ComparisonTest -Dabide.seed=" + seed);
    Random random = new Random(seed);

    // Of 10,000, where 960 and 83 are to be expected: ten standard deviations lie in between.
    assertThat(movesOfNothing(2, random)).isBetween(600, 1_300);
    assertThat(movesOfNothing(3, random)).isBetween(10, 200);
  }

  private static int movesOfNothing(int runs, Random random) {
    int moves = 0;
    for (int n = 0; n < 10_000; n++) {
      moves += Comparison.apart(noise(runs, random), noise(runs, random)) ? 1 : 0;
    }
    return moves;
  }

  /** With so much of it that the margin is no matter. */
  private static List<Double> noise(int runs, Random random) {
    return random.doubles(runs).map(_ -> 100 + 30 * random.nextGaussian()).boxed().toList();
  }
}
