package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.Script;
import org.junit.jupiter.api.Test;

/** G3: what applied() says where objects call each other. */
final class AppliedTest extends ShapedTest {
  @Test
  void nestedRefusal_throughTwoObjects_saysNoWhereNothingWasDone() throws Exception {
    try (Held held = new Held(script("busy"))) {
      for (int n = 1; n < 100; n++) {
        script("busy").send((context, self) -> "");
      }
      Throwable none =
          catchThrowable(() ->
              script("a")
                  .run((context, self) ->
                      context
                          .get(Script.class, id + "b")
                          .run((inner, other) -> inner.get(Script.class, id + "busy").name())));
      Throwable some =
          catchThrowable(() ->
              script("a")
                  .run((context, self) -> {
                    context.get(Counter.class, id).increment(1);
                    return context
                        .get(Script.class, id + "b")
                        .run((inner, other) -> inner.get(Script.class, id + "busy").name());
                  }));

      assertThat(none)
          .isInstanceOfSatisfying(
              NestedCallException.class,
              failure -> {
                assertThat(failure.getCause()).isInstanceOf(OverloadedException.class);
                assertThat(failure.applied()).isEqualTo(Applied.NO);
                assertThat(failure.retryable()).isTrue();
                assertThat(failure.getMessage()).contains(failure.getCause().getMessage());
              });
      assertThat(some)
          .isInstanceOfSatisfying(
              NestedCallException.class,
              failure -> {
                assertThat(failure.getCause()).isInstanceOf(OverloadedException.class);
                assertThat(failure.applied()).isEqualTo(Applied.UNKNOWN);
                assertThat(failure.retryable()).isFalse();
              });
    }
  }
}
