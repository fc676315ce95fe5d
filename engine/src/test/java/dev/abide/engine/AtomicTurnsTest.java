package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.Counter.CounterException;
import org.junit.jupiter.api.Test;

/** G4: what a turn wrote stays all together, or not at all; deletion too. */
final class AtomicTurnsTest extends ShapedTest {
  @Test
  void turn_thatThrows_keepsNothingOfWhatItWrote() throws Exception {
    script("")
        .run((context, self) -> {
          self.text.set("before");
          self.map.put("a", 1L);
          return "";
        });
    assertThatThrownBy(() ->
            script("")
                .run((context, self) -> {
                  self.text.set("after");
                  self.map.clear();
                  self.map.put("b", 2L);
                  throw new IllegalStateException("no");
                }))
        .hasMessage("no");

    assertThat(script("").run((context, self) -> self.text.get() + self.map.entries()))
        .isEqualTo("before[a=1]");
  }

  @Test
  void commit_inATurnThatThrowsLater_stays() {
    assertThatThrownBy(() -> counter().commitAndFail(7)).isInstanceOf(CounterException.class);
    assertThat(counter().value()).isEqualTo(7);
  }

  @Test
  void commits_afterReopen_areThere() {
    assumeTrue(shape.onDisk(), "what is in memory ends with its engine");
    counter().increment(3);
    abide.close();
    abide = shape.open(directory, this::options);
    clock.drive(abide);

    assertThat(counter().increment(1)).isEqualTo(4);
  }

  @Test
  void delete_ofAnObject_removesAllAndSaysWhetherThereWasAnything() {
    counter().increment(1);

    assertThat(abide.delete(Counter.class, id)).isTrue();
    assertThat(counter().value()).isZero();
    assertThat(abide.delete(Counter.class, id)).isFalse();
    assertThat(abide.ids(Counter.class, id)).isEmpty();
    assertThat(counter().increment(2)).isEqualTo(2);
  }

  @Test
  void delete_byTheObjectItself_happensAtTheEndOfTheTurn() {
    counter().increment(1);
    counter().remove();

    assertThat(counter().value()).isZero();
    assertThat(abide.delete(Counter.class, id)).isFalse();
  }
}
