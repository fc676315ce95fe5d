package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.fixtures.Script;
import org.junit.jupiter.api.Test;

/** G8: what crosses between objects is not shared. */
final class NoSharedStateTest extends ShapedTest {
  @Test
  void argument_thatIsAnImplementation_isRefused() throws Exception {
    assertThat(catchThrowable(() -> abide.get(Pairs.class, id)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void thisOfAnImplementation_givenAsAnArgument_isRefused_andItsStubIsNot() throws Exception {
    String said =
        script("")
            .run((context, self) -> {
              Script other = context.get(Script.class, id + "other");
              assertThatThrownBy(() -> other.meet(self))
                  .isInstanceOf(IllegalArgumentException.class)
                  .hasMessageContaining("ScriptObject")
                  .hasMessageContaining("context.get(type, context.id())");
              return other.meet(context.get(Script.class, context.id()));
            });

    assertThat(said).isEqualTo("script/" + id);
  }

  @Test
  void thisOfAnImplementation_givenAsAResult_isRefused_andItsStubIsNot() throws Exception {
    assertThatThrownBy(() -> script("").own(true)).isInstanceOf(IllegalArgumentException.class);
    assertThat(script("").own(false)).isEqualTo(script(""));
    String said =
        script("other")
            .run((context, self) -> {
              Script giver = context.get(Script.class, id);
              assertThatThrownBy(() -> giver.own(true))
                  .isInstanceOf(IllegalArgumentException.class)
                  .hasMessageContaining("result of Script.own");
              return giver.own(false).name();
            });

    assertThat(said).isEqualTo(id);
  }

  /** Not annotated, never hosted. */
  private interface Pairs {}
}
