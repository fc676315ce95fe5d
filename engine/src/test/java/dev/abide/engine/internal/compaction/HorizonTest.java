package dev.abide.engine.internal.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HorizonTest {
  private static final FileTail.Section NONE = new FileTail.Section(0, 0, 0);

  /** Three runs of 1,000 bytes, whose last commits are of 10, 20 and 30 seconds. */
  private static final List<SortedFile> RUNS =
      List.of(run(1, 10, 10_000), run(11, 20, 20_000), run(21, 30, 30_000));

  private static SortedFile run(long first, long last, long timeMs) {
    return new SortedFile(
        FileHead.run(History.IDENTITY, first, last, first),
        new FileTail(new long[65], 0, 0, timeMs, NONE, NONE, 1_000));
  }

  private static Horizon at(long nowMs, long retentionBytes, long segmentBytes) {
    return at(RUNS, nowMs, retentionBytes, segmentBytes, Long.MAX_VALUE);
  }

  private static Horizon at(
      List<SortedFile> runs, long nowMs, long retentionBytes, long segmentBytes, long seenMs) {
    CompactionOptions options = CompactionOptions.keeping(Duration.ofSeconds(5), retentionBytes);
    return Horizon.of(runs, segmentBytes, options, nowMs, seenMs);
  }

  @Test
  void aRunIsOldWhenItsLastCommitIs() {
    assertThat(at(14_999, 1 << 20, 0).number()).isZero();
    assertThat(at(15_000, 1 << 20, 0).number()).isEqualTo(10);
    assertThat(at(34_999, 1 << 20, 0).number()).isEqualTo(20);
    assertThat(at(35_000, 1 << 20, 0).number()).isEqualTo(30);
  }

  @Test
  void whatTakesMoreThanTheSpaceBoundMovesItUp_andThatIsTold() {
    assertThat(at(0, 3_000, 0)).isEqualTo(new Horizon(0, false));
    assertThat(at(0, 2_999, 0)).isEqualTo(new Horizon(10, true));
    assertThat(at(0, 3_000, 500)).isEqualTo(new Horizon(10, true));
    assertThat(at(0, 0, 500)).isEqualTo(new Horizon(30, true));
    assertThat(at(15_000, 2_000, 0)).isEqualTo(new Horizon(10, false));
  }

  /** The retention is five seconds. */
  @Test
  void aJumpOfTheCalendar_takesAwayHalfOfWhatIsKept_atMost() {
    List<SortedFile> runs =
        List.of(run(1, 10, 25_000), run(11, 20, 27_000), run(21, 30, 28_000), run(31, 40, 30_000));
    long jumped = 4_000_000_000_000L;
    assertThat(at(runs, 30_000, 1 << 20, 0, 0).number()).isEqualTo(10);
    // Nothing was written since, or nothing but this.
    assertThat(at(runs, jumped, 1 << 20, 0, 0).number()).isEqualTo(20);
    List<SortedFile> more = new ArrayList<>(runs);
    more.add(run(41, 50, jumped));
    assertThat(at(more, jumped, 1 << 20, 0, 0).number()).isEqualTo(20);
    // Back again: times do not go back.
    assertThat(at(more, 31_000, 1 << 20, 0, 0).number()).isEqualTo(10);
  }

  @Test
  void whatWasSeenToPass_countsAsItIs_andWhatWasNot_upToHalf() {
    assertThat(at(RUNS, 35_000, 1 << 20, 0, 4_999).number()).isEqualTo(20);
    assertThat(at(RUNS, 35_000, 1 << 20, 0, 5_000).number()).isEqualTo(30);
    assertThat(at(RUNS, 4_000_000, 1 << 20, 0, 0).number()).isEqualTo(20);
  }

  @Test
  void keptForEver_nothingIsOld() {
    CompactionOptions forEver =
        CompactionOptions.keeping(ChronoUnit.FOREVER.getDuration(), Long.MAX_VALUE);
    assertThat(Horizon.of(RUNS, 0, forEver, 4_000_000_000_000L, Long.MAX_VALUE))
        .isEqualTo(new Horizon(0, false));
  }

  @Test
  void withoutRetention_everythingIsOld_butForWhatIsAheadOfTheCalendar() {
    CompactionOptions none = CompactionOptions.keeping(Duration.ZERO, 1 << 20);
    assertThat(Horizon.of(RUNS, 0, none, 30_000, 0).number()).isEqualTo(30);
    assertThat(Horizon.of(RUNS, 0, none, 29_999, 0).number()).isEqualTo(20);
  }
}
