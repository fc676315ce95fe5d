package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.Script;
import java.util.concurrent.atomic.AtomicReference;
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

  @Test
  void nestedRefusal_overAFurtherHop_keepsTheInnermostCause_andEachHopItsOwnAnswer()
      throws Exception {
    AtomicReference<Throwable> atB = new AtomicReference<>();
    try (Held held = new Held(script("busy"))) {
      for (int n = 1; n < 100; n++) {
        script("busy").send((context, self) -> "");
      }
      Throwable atA =
          catchThrowable(() ->
              script("a")
                  .run((context, self) -> {
                    try {
                      return context
                          .get(Script.class, id + "b")
                          .run((second, b) -> {
                            // What b does before makes its own answer UNKNOWN, and so a's.
                            second.get(Counter.class, id).increment(1);
                            return second
                                .get(Script.class, id + "c")
                                .run((third, c) -> {
                                  c.number.set(1L);
                                  return third.get(Script.class, id + "busy").name();
                                });
                          });
                    } catch (NestedCallException e) {
                      atB.set(e);
                      throw e;
                    }
                  }));
      Throwable quiet =
          catchThrowable(() ->
              script("a")
                  .run((context, self) ->
                      context
                          .get(Script.class, id + "b")
                          .run((second, b) ->
                              second
                                  .get(Script.class, id + "c")
                                  .run((third, c) -> {
                                    // Rolled back, so nothing was applied.
                                    c.number.set(1L);
                                    return third.get(Script.class, id + "busy").name();
                                  }))));

      assertHop(atB.get(), "script/" + id + "b", Applied.UNKNOWN);
      assertHop(atA, "script/" + id + "a", Applied.UNKNOWN);
      assertThat(atA).isNotSameAs(atB.get());
      assertHop(quiet, "script/" + id + "a", Applied.NO);
      assertThat(script("c").run((context, self) -> "" + self.number.get())).isEqualTo("0");
    }
  }

  private static void assertHop(Throwable failure, String hop, Applied applied) {
    assertThat(failure)
        .isInstanceOfSatisfying(
            NestedCallException.class,
            nested -> {
              assertThat(nested.getCause()).isInstanceOf(OverloadedException.class);
              assertThat(nested.applied()).isEqualTo(applied);
              assertThat(nested.retryable()).isEqualTo(applied == Applied.NO);
              assertThat(nested.getMessage())
                  .contains(hop)
                  .contains(nested.getCause().getMessage());
            });
  }
}
