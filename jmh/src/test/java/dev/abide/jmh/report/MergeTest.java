package dev.abide.jmh.report;

import static dev.abide.jmh.report.Samples.figure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What several files may become one table. */
class MergeTest {
  private static final Map<String, String> NONE = Map.of();
  private static final Study OTHER =
      new Study("Chain", "What does a chain cost?", "lock", "calls", "none", List.of("-Xmx1g"));

  private static Figure ofOther(Figure figure) {
    return new Figure(
        "Chain",
        figure.method(),
        figure.params(),
        figure.perSecond(),
        figure.error(),
        figure.samples(),
        figure.bytes(),
        figure.bytesSamples(),
        figure.forks(),
        figure.nanos());
  }

  private static Results merge(Results... all) {
    return Merge.of(
        IntStream.range(0, all.length).mapToObj(n -> new Merge.Part("part" + n, all[n])).toList());
  }

  @Test
  void parts_areOneTable_andQuestionsStayTogether() {
    Results one = Samples.on("ext4", figure("lock", NONE, 1, 2));
    Results two = Samples.of("abc", "ext4", OTHER, ofOther(figure("lock", NONE, 3, 4)));
    Results three = Samples.on("ext4", figure("abide", NONE, 5, 6));

    Results merged = merge(one, two, three);

    assertThat(merged.studies()).containsExactly(Samples.IDLE, OTHER);
    assertThat(merged.figures())
        .extracting(Figure::key)
        .containsExactly("IdleCall.lock", "IdleCall.abide", "Chain.lock");
    assertThat(Table.of(merged)).contains("[calls; durability: none; flags: -Xmx1g]");
  }

  @Test
  void partsOfAnotherOrigin_areRefusedInWords() {
    Results one = Samples.on("ext4", figure("lock", NONE, 1, 2));

    assertThatThrownBy(
            () -> merge(one, Samples.of("def", "ext4", OTHER, ofOther(figure("lock", NONE, 3, 4)))))
        .isInstanceOf(MisuseException.class)
        .hasMessageStartingWith("part1 differs from part0 in its commit: def instead of abc; only");
    assertThatThrownBy(
            () -> merge(one, Samples.of("abc", "xfs", OTHER, ofOther(figure("lock", NONE, 3, 4)))))
        .isInstanceOf(MisuseException.class)
        .hasMessageContaining("in its file system: xfs instead of ext4");
  }

  @Test
  void sourcesThatNoCommitNames_areRefused() {
    for (String commit : List.of("unknown", "abc-dirty")) {
      Results one = Samples.of(commit, "ext4", Samples.IDLE, figure("lock", NONE, 1, 2));
      Results two = Samples.of(commit, "ext4", OTHER, ofOther(figure("lock", NONE, 3, 4)));

      assertThatThrownBy(() -> merge(one, two))
          .isInstanceOf(MisuseException.class)
          .hasMessageContaining("no commit names (" + commit + ")");
    }
  }

  @Test
  void figureThatWasMeasuredTwice_isRefused() {
    Results one = Samples.on("ext4", figure("lock", NONE, 1, 2), figure("abide", NONE, 1, 2));
    Results two = Samples.on("ext4", figure("lock", NONE, 3, 4));

    assertThatThrownBy(() -> merge(one, two))
        .isInstanceOf(MisuseException.class)
        .hasMessageStartingWith("IdleCall.lock is in part0 and in part1");
  }
}
