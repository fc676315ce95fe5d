package dev.abide.engine.internal.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which runs are merged, and how often that writes a byte again. */
final class MergeChoiceTest {
  private static final int RUNS_MAX = 64;
  private static final int MERGE_RUNS = 32;
  private static final long SEGMENT = 64 << 20;

  private enum Sizes {
    EQUAL(1.6, random -> SEGMENT),
    NEARLY_EQUAL(2.2, random -> SEGMENT - random.nextInt(2 << 20)),
    ONE_IN_FIVE_SMALL(3.2, random -> random.nextInt(5) == 0 ? SEGMENT / 10 : SEGMENT),
    OVER_TWO_ORDERS(3.2, random -> (long) (SEGMENT * Math.pow(10, -2 * random.nextDouble())));

    /** How often each byte is written again, with 2,500 segments; by the fewest bytes 7.6 times. */
    final double most;

    final ToLongFunction<Random> next;

    Sizes(double most, ToLongFunction<Random> next) {
      this.most = most;
      this.next = next;
    }
  }

  private record Run(long bytes, int merges) {}

  @ParameterizedTest
  @EnumSource
  void aByteIsWrittenAgain_onceToThreeTimes_andNoneMoreThanFourTimes(Sizes sizes) {
    long seed = Long.getLong("abide.seed", System.nanoTime());
    System.out.println("MergeChoiceTest " + sizes + " -Dabide.seed=" + seed);
    Random random = new Random(seed);
    List<Run> runs = new ArrayList<>();
    long came = 0;
    long written = 0;
    for (int segment = 0; segment < 2_500; segment++) {
      runs.add(new Run(sizes.next.applyAsLong(random), 0));
      came += runs.getLast().bytes;
      if (runs.size() > RUNS_MAX) {
        MergeChoice chosen =
            MergeChoice.of(runs.stream().mapToLong(Run::bytes).toArray(), 0, MERGE_RUNS);
        List<Run> window = runs.subList(chosen.from(), chosen.to());
        Run merged =
            new Run(
                window.stream().mapToLong(Run::bytes).sum(),
                1 + window.stream().mapToInt(Run::merges).max().orElseThrow());
        written += merged.bytes;
        window.clear();
        runs.add(chosen.from(), merged);
      }
    }

    assertThat(written / (double) came).isBetween(1.0, sizes.most);
    assertThat(runs).allMatch(run -> run.merges <= 4);
  }

  @Test
  void whereOneRunIsLarge_thoseBesideItAreMerged() {
    assertThat(MergeChoice.of(new long[] {1, 1, 1_000, 1, 1, 1, 1, 1}, 0, 4))
        .isEqualTo(new MergeChoice(3, 7, 4, 1));
  }

  @Test
  void ofSeveralThatAreAlike_theSmallestAreMerged_thoughTheLargeOnesAreMoreAlike() {
    assertThat(MergeChoice.of(new long[] {800, 800, 800, 800, 7, 8, 9, 10}, 0, 4))
        .isEqualTo(new MergeChoice(4, 8, 34, 10));
  }

  @Test
  void whereNoneAreAlike_thoseWhoseLargestIsTheSmallestPartAreMerged() {
    assertThat(MergeChoice.of(new long[] {1, 10, 100, 1_000, 10_000, 8_000}, 0, 8))
        .isEqualTo(new MergeChoice(0, 6, 19_111, 10_000));
  }

  @Test
  void forAnOpenAndALackOfRoom_thoseWithTheFewestBytesAreMerged() {
    assertThat(MergeChoice.smallest(new long[] {50, 50, 50, 50, 1, 90, 1, 60}, 0, 4))
        .isEqualTo(new MergeChoice(3, 5, 51, 50));
  }

  @Test
  void thoseOnBothSidesOfTheHorizon_areNeverMergedWithEachOther() {
    long[] equal = {1, 1, 1, 1, 1, 1, 1};
    for (int old = 0; old <= equal.length; old++) {
      for (MergeChoice chosen :
          List.of(MergeChoice.of(equal, old, 4), MergeChoice.smallest(equal, old, 4))) {
        assertThat(chosen.to() - chosen.from()).as("%d are old", old).isGreaterThanOrEqualTo(2);
        assertThat(chosen.from() >= old || chosen.to() <= old).as("%d are old", old).isTrue();
      }
    }
  }

  @Test
  void tooFewRuns_areRefused() {
    assertThatThrownBy(() -> MergeChoice.of(new long[] {1, 1}, 1, 4))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("2 runs, 1 of them old: too few to merge 4");
  }
}
