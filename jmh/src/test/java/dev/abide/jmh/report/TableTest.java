package dev.abide.jmh.report;

import static dev.abide.jmh.report.Samples.figure;
import static dev.abide.jmh.report.Samples.results;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The table, and the page that shows the same. */
class TableTest {
  private static final Map<String, String> NONE = Map.of();

  @Test
  void lines_haveTheRatioToTheirYardstick() {
    String table =
        Table.of(
            results(
                figure("abideInline", NONE, 47_123_456, 47_123_456),
                figure("lock", NONE, 94_246_912)));

    assertThat(table.lines())
        .contains(
            "What does a call cost?",
            "[calls; durability: none]",
            "  abideInline  47,100,000  2 %  24.0  0.500",
            "  lock *       94,200,000  2 %  24.0   1.00");
    assertThat(table)
        .contains(
            "commit abc",
            "A <fast> machine, 2 cores",
            "JVM 25, 512 MB of heap at most, Serial, flags: -Xmx1g");
  }

  @Test
  void ratio_isTakenWithTheSameParameters_elseWithNone() {
    Figure four = figure("abide", Map.of("callers", "4"), 10);
    Figure eight = figure("abide", Map.of("callers", "8"), 10);
    Figure lockOfFour = figure("lock", Map.of("callers", "4"), 20);
    Figure lock = figure("lock", NONE, 40);

    Results both = results(four, eight, lockOfFour, lock);
    assertThat(both.ratio(Samples.IDLE, four)).contains(0.5);
    assertThat(both.ratio(Samples.IDLE, eight)).contains(0.25);
    assertThat(results(four, eight, lockOfFour).ratio(Samples.IDLE, eight)).isEmpty();
  }

  @Test
  void heap_isShownInBytes_andSmallerIsBetter() {
    Results heap =
        results(
            Samples.heap("abideAwake", 240, 240),
            Samples.heap("abideAsleep", 0, 0),
            Samples.heap("lock", 480, 480));

    assertThat(Table.of(heap).lines())
        .contains(
            "  abideAwake            -   -   240   2.00",
            "  abideAsleep           -   -     0      -",
            "  lock *                -   -   480   1.00");
    assertThat(Page.of(heap))
        .contains("width:79.3%", "width:0.5%")
        .doesNotContain("NaN", "Infinity", "per second: ");
  }

  @Test
  void percentiles_haveColumnsWhereTheyWereMeasured() {
    Figure figure = figure("abideInline", NONE, 1_000);

    assertThat(Table.of(results(figure))).doesNotContain("p99");
    assertThat(
            Table.of(results(Samples.timed(figure, 42, 4_200, 42_000_000), figure("x", NONE, 1))))
        .contains("p50", "p99.9", "42.0 ns", "4.20 us", "42.0 ms");
  }

  @Test
  void fileSystemInMemory_isWarnedOf() {
    Figure figure = figure("abideInline", NONE, 1_000);

    assertThat(Table.of(Samples.on("tmpfs", figure))).contains("WARNING: tmpfs is memory");
    assertThat(Page.of(Samples.on("tmpfs", figure))).contains("tmpfs is memory");
    assertThat(Table.of(results(figure))).doesNotContain("WARNING");
  }

  @Test
  void page_standsAlone_andEscapesWhatItShows() {
    String page = Page.of(results(figure("abideInline", NONE, 100), figure("lock", NONE, 10_000)));

    assertThat(page)
        .contains("A &lt;fast> machine", "width:33.3%", "width:100.0%", "--step:33.333%", "0.0100")
        .doesNotContain("<fast>", "http", "src=", "<script", "url(");
  }

  @Test
  void numbers_areRoundedToThreeDigits() {
    assertThat(Numbers.rough(0)).isEqualTo("0");
    assertThat(Numbers.rough(47_123_456)).isEqualTo("47,100,000");
    assertThat(Numbers.rough(999.6)).isEqualTo("1,000");
    assertThat(Numbers.rough(0.0123)).isEqualTo("0.0123");
    assertThat(Numbers.rough(0.00000252)).isEqualTo("0.00000252");
    assertThat(Numbers.rough(Double.NaN)).isEqualTo("-");
    assertThat(Numbers.bytes(0.0003)).isEqualTo("0");
    assertThat(Numbers.percent(Double.NaN, 5)).isEqualTo("-");
  }
}
