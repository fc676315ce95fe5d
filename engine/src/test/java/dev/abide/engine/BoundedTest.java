package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.ScriptObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** G11: limits, with what they say; and ids at their bounds. */
final class BoundedTest extends ShapedTest {
  @Test
  void mailbox_full_refusesAtOnceWithTheBound() throws Exception {
    try (Held held = new Held(script(""))) {
      for (int n = 1; n < 100; n++) {
        script("").send((context, self) -> "");
      }
      assertThatThrownBy(() -> script("").send((context, self) -> ""))
          .isInstanceOf(OverloadedException.class)
          .hasMessageContaining("100");
      assertThatThrownBy(() -> script("").name())
          .isInstanceOfSatisfying(
              OverloadedException.class,
              refused -> {
                assertThat(refused.applied()).isEqualTo(Applied.NO);
                assertThat(refused.retryable()).isTrue();
                assertThat(refused.retryAfter()).isPositive();
              });
    }
    abide.awaitDurable();
    assertThat(script("").name()).isEqualTo(id);
  }

  /** Nobody waits for it and no clock is read when it is sent; what bounds its wait is the same. */
  @Test
  void oneWayCall_isGivenUpWhenItHasWaitedAsLongAsItMay() throws Exception {
    Queue<String> ran = new ConcurrentLinkedQueue<>();
    try (Held held = new Held(script(""))) {
      clock.advance(Duration.ofSeconds(30));
      script("").send((context, self) -> note(ran, "early"));
      clock.advance(Duration.ofSeconds(30));
      script("").send((context, self) -> note(ran, "late"));
      clock.advance(Duration.ofSeconds(29));
      assertThat(reports).noneMatch(report -> report.kind() == Report.Kind.ONE_WAY_FAILED);

      clock.advance(Duration.ofSeconds(1));
      await(() ->
          assertThat(reports)
              .filteredOn(report -> report.kind() == Report.Kind.ONE_WAY_FAILED)
              .singleElement()
              .satisfies(
                  report -> assertThat(report.message()).contains("PT1M", "it has not run")));
    }
    abide.awaitDurable();
    assertThat(ran).containsExactly("late");
  }

  private static String note(Queue<String> notes, String what) {
    notes.add(what);
    return what;
  }

  @Test
  void mailboxOfAType_hasTheBoundThatTheTypeSays() throws Exception {
    try (Abide own =
        Engines.inMemory(options ->
            options
                .mailboxMax(50)
                .host(Script.class, ScriptObject::new, type -> type.mailboxMax(2)))) {
      Script script = own.get(Script.class, id);
      try (Held held = new Held(script)) {
        script.send((context, self) -> "");
        assertThatThrownBy(() -> script.send((context, self) -> ""))
            .isInstanceOf(OverloadedException.class)
            .hasMessageContaining("2 turns");
      }
      own.awaitDurable();
    }
  }

  @Test
  void value_overTheBound_isRefusedAndTheTurnMayGoOn() throws Exception {
    try (Abide own = shape.open(directory.resolve("own"), options -> options.valueBytesMax(100))) {
      Script script = own.get(Script.class, id);
      script.run((context, self) -> {
        assertThatThrownBy(() -> self.text.set("x".repeat(200)))
            .isInstanceOfSatisfying(
                LimitException.class, limit -> assertThat(limit.bound()).isEqualTo(100));
        self.text.set("short");
        return "";
      });
      assertThat(script.run((context, self) -> self.text.get())).isEqualTo("short");
    }
  }

  @Test
  void ids_outsideOfTheirBounds_areRefused() {
    assertThatThrownBy(() -> abide.get(Counter.class, ""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> abide.get(Counter.class, "x".repeat(1025)))
        .hasMessageContaining("1025");
    assertThatThrownBy(() -> abide.get(Counter.class, "\ud800")).hasMessageContaining("surrogate");
    assertThat(abide.get(Counter.class, "é".repeat(512)).increment(1)).isEqualTo(1);
  }

  @Test
  void ids_ofStrangeForm_neverCollideAndComeInUtf8Order() {
    List<String> strange =
        List.of("a", "a/", "a/b", "a|b", "a\0b", "\uffff", "\ud83d\ude00", "%2F", "é", " ");
    strange.forEach(name -> abide.get(Counter.class, id + name).increment(1));

    List<String> sorted =
        strange.stream()
            .sorted((x, y) ->
                Arrays.compareUnsigned(
                    x.getBytes(StandardCharsets.UTF_8), y.getBytes(StandardCharsets.UTF_8)))
            .map(name -> id + name)
            .toList();
    try (var ids = abide.ids(Counter.class, id)) {
      assertThat(ids.toList()).isEqualTo(sorted);
    }
    strange.forEach(name -> assertThat(abide.get(Counter.class, id + name).value()).isEqualTo(1));
  }
}
