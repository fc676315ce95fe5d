package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.Script;
import org.junit.jupiter.api.Test;

/** Turns of one engine that call objects of another. */
final class NestedEnginesTest extends ShapedTest {
  @Test
  void engines_nested_eachKeepsItsOwn_andACycleAcrossIsFound() throws Exception {
    try (Abide other = shape.open(directory.resolve("other"), options -> {})) {
      assertThat(
              script("")
                  .run((context, self) -> {
                    self.number.set(1L);
                    return "" + other.get(Counter.class, id).increment(4);
                  }))
          .isEqualTo("4");
      assertThat(other.get(Counter.class, id).value()).isEqualTo(4);
      assertThatThrownBy(() ->
              script("")
                  .run((context, self) ->
                      other.get(Script.class, id).run((inner, foreign) -> script("").name())))
          .hasRootCauseInstanceOf(CallCycleException.class);
    }
  }
}
