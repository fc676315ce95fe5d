package dev.abide.jmh.report;

import static dev.abide.jmh.report.Samples.figure;
import static dev.abide.jmh.report.Samples.results;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What moved between two runs, and what is noise. */
class ComparisonTest {
  private static final Map<String, String> NONE = Map.of();

  @Test
  void figureThatMovedBeyondItsNoise_isTold() {
    String text =
        Comparison.of(
            results(figure("abide", NONE, 100, 102, 98), figure("lock", NONE, 300, 310, 290)),
            results(figure("abide", NONE, 150, 152, 148), figure("lock", NONE, 200, 210, 190)));

    assertThat(text).contains("faster:\n  IdleCall.abide ").contains("100 -> 150 (+50 %)");
    assertThat(text).contains("slower:\n  IdleCall.lock ").contains("300 -> 200 (-33 %)");
    assertThat(text).endsWith("2 figures compared, 2 moved beyond the noise\n");
  }

  @Test
  void figureWhoseIterationsOverlap_isNoise() {
    String text =
        Comparison.of(
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

    assertThat(Comparison.of(results(was), results(now))).contains("0 moved");
    assertThat(
            Comparison.of(
                results(Samples.allocating(was, 2, 24, 24)),
                results(Samples.allocating(now, 2, 24, 24))))
        .contains("1 moved");
    assertThat(Comparison.of(results(Samples.allocating(was, 2, 24, 24)), results(now)))
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
            Comparison.of(
                results(Samples.allocating(figure, 1, 0, 0, 0)),
                results(Samples.allocating(figure, 1, 24, 24, 24))))
        .contains("allocates otherwise:\n  IdleCall.abide")
        .contains("B/op 0 -> 24");
    assertThat(
            Comparison.of(
                results(Samples.allocating(figure, 1, 0, 0, 0)),
                results(Samples.allocating(figure, 1, 7, 7, 7))))
        .doesNotContain("allocates otherwise");
  }

  @Test
  void heap_movesFromEightBytesOn() {
    assertThat(
            Comparison.of(
                results(Samples.heap("abideAwake", 240, 240.1)),
                results(Samples.heap("abideAwake", 280, 280.1))))
        .isEqualTo(
            "keeps another amount of heap:\n"
                + "  IdleCall.abideAwake                                          B 240 -> 280 (+17 %)\n"
                + "1 figures compared, 1 moved beyond the noise\n");
    assertThat(
            Comparison.of(
                results(Samples.heap("abideAsleep", 0, 0.1)),
                results(Samples.heap("abideAsleep", 1, 1.1))))
        .isEqualTo("1 figures compared, 0 moved beyond the noise\n");
    assertThat(
            Comparison.of(
                results(Samples.heap("abideAwake", 240)), results(Samples.heap("abideAwake", 280))))
        .contains("fewer than two iterations");
  }

  @Test
  void figuresOfOneRunOnly_andThoseOfOneIteration_areNotCompared() {
    String text =
        Comparison.of(
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

    assertThat(Comparison.of(Samples.on("ext4", figure), Samples.on("xfs", figure)))
        .startsWith("WARNING: the runs differ in ");
    assertThat(Comparison.of(results(figure), results(figure))).doesNotContain("WARNING");
  }
}
