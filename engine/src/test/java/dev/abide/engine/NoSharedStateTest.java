package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.fixtures.Script;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

  @Test
  void storedValue_changedAfterPut_afterGet_orAsTheInitialOne_staysAsItWas() throws Exception {
    byte[] initial = {1};
    String said =
        script("")
            .run((context, self) -> {
              Cell<byte[]> cell = context.storage().cell("bytes", byte[].class, initial);
              initial[0] = 9;
              cell.get()[0] = 8;
              String unset = Arrays.toString(cell.get());
              byte[] put = {2};
              cell.set(put);
              put[0] = 7;
              cell.get()[0] = 6;
              StoredMap<String, List<Long>> map =
                  context.storage().map("lists", String.class, StoredType.listOf(Long.class));
              List<Long> list = new ArrayList<>(List.of(3L));
              map.put("k", list);
              list.set(0, 5L);
              return unset + Arrays.toString(cell.get()) + map.find("k").orElseThrow();
            });

    assertThat(said).isEqualTo("[1][2][3]");
  }

  /** Not annotated, never hosted. */
  private interface Pairs {}
}
