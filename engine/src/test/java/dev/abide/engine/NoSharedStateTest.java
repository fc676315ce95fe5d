package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.Test;

/** G8: what crosses between objects is not shared. */
final class NoSharedStateTest extends ShapedTest {
  @Test
  void argument_thatIsAnImplementation_isRefused() throws Exception {
    assertThat(catchThrowable(() -> abide.get(Pairs.class, id)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Not annotated, never hosted. */
  private interface Pairs {}
}
