package dev.abide.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.jmh.report.MisuseException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the command understands, and what it refuses. */
class ArgumentsTest {
  private static Arguments of(String... words) {
    return Arguments.of(List.of(words));
  }

  @Test
  void run_takesAPatternAndOptionsInAnyOrder() {
    assertThat(of())
        .isInstanceOfSatisfying(
            Arguments.Run.class,
            run -> {
              assertThat(run.pattern()).isEmpty();
              assertThat(run.longMode()).isFalse();
              assertThat(run.out()).isEmpty();
            });
    assertThat(of("--out", "there", "idle", "--long"))
        .isInstanceOfSatisfying(
            Arguments.Run.class,
            run -> {
              assertThat(run.pattern().orElseThrow().matcher("IdleCall.abide").find()).isTrue();
              assertThat(run.longMode()).isTrue();
              assertThat(run.out()).contains(Path.of("there"));
            });
  }

  @Test
  void compareMergeAndFootprint_takeTheirOwn() {
    assertThat(of("compare", "a.json", "b.json"))
        .isEqualTo(new Arguments.Compare(List.of(Path.of("a.json")), List.of(Path.of("b.json"))));
    assertThat(of("compare", "a", "b", "--", "c", "d", "e"))
        .isEqualTo(
            new Arguments.Compare(
                List.of(Path.of("a"), Path.of("b")),
                List.of(Path.of("c"), Path.of("d"), Path.of("e"))));
    assertThat(of("merge", "a.json", "--out", "there", "b.json"))
        .isEqualTo(
            new Arguments.Merge(List.of(Path.of("a.json"), Path.of("b.json")), Path.of("there")));
    assertThat(of("footprint")).isEqualTo(new Arguments.Memory(200_000, 200_000));
    assertThat(of("footprint", "5")).isEqualTo(new Arguments.Memory(5, 5));
    assertThat(of("footprint", "5", "--sleeping", "7")).isEqualTo(new Arguments.Memory(5, 7));
  }

  @Test
  void misuse_isToldInOneLine() {
    refused("there is no option --fast; options here: --long and --out DIR", "--fast");
    refused("--out needs a directory", "--out");
    refused("--out needs a directory", "--out", "--long");
    refused("one PATTERN is enough, but there is another one: b", "a", "b");
    refused("\"(\" is no regular expression: ", "(");
    refused("compare takes two files of results, but got 1", "compare", "a.json");
    refused("compare takes two files of results, but got 3", "compare", "a", "b", "c");
    refused("a file stands twice on one side: [b, b]", "compare", "a", "c", "--", "b", "b");
    refused("two files or more on either side, but got 1 and 2", "compare", "a", "--", "b", "c");
    refused("there is no option --long", "compare", "a", "b", "--long");
    refused("more and where to write, but got 1; usage: merge", "merge", "a", "--out", "there");
    refused("more and where to write, but got 2 and no --out", "merge", "a", "b");
    refused("there is no option --long", "merge", "a", "b", "--long");
    refused("\"0\" is not a number of objects", "footprint", "0");
    refused("\"many\" is not a number of objects", "footprint", "many");
    refused("\"99999999999\" is not a number", "footprint", "1", "--sleeping", "99999999999");
    refused("--sleeping needs a number of objects", "footprint", "--sleeping");
    refused("one COUNT is enough", "footprint", "1", "2");
  }

  private static void refused(String because, String... words) {
    assertThatThrownBy(() -> of(words))
        .isInstanceOf(MisuseException.class)
        .hasMessageContaining(because)
        .message()
        .hasLineCount(1);
  }
}
