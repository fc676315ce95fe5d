package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.fixtures.Script;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** G12: a cycle of waiting calls fails at once. */
final class DeadlockTest extends ShapedTest {
  @Test
  void chain_thatMeetsItself_failsAtOnceAndPrintsTheCycle() throws Exception {
    String a = id + "a";
    String b = id + "b";
    Throwable failure =
        catchThrowable(() ->
            script("a")
                .run((context, self) ->
                    context
                        .get(Script.class, b)
                        .run((inner, other) -> inner.get(Script.class, a).name())));

    assertThat(failure)
        .isInstanceOf(NestedCallException.class)
        .hasRootCauseInstanceOf(CallCycleException.class);
    assertThat(failure.getMessage())
        .contains("script/" + a + " -> script/" + b + " -> script/" + a);
  }

  @Test
  void callToItself_throughItsOwnStub_isACycle() throws Exception {
    script("")
        .run((context, self) -> {
          assertThatThrownBy(() -> context.get(Script.class, id).name())
              .isInstanceOf(CallCycleException.class);
          return "";
        });
  }

  @Test
  void oneWay_toItself_isNone() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    script("")
        .run((context, self) -> {
          context.get(Script.class, id).send((later, same) -> "" + runs.incrementAndGet());
          return "";
        });
    await(() -> assertThat(runs).hasValue(1));
  }
}
