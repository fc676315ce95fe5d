package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.Living;
import dev.abide.engine.fixtures.LivingObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** G9 and G3: the hooks of waking and sleeping. */
final class WakeAndSleepTest extends ShapedTest {
  private List<String> events() {
    return LivingObject.events(id);
  }

  private String text() throws Exception {
    return living("").look((context, self) -> self.text.get());
  }

  @Test
  void onWake_andTheConstructor_areOneCommit_beforeTheCallThatWoke() throws Exception {
    LivingObject.HOOKS.put(
        "construct/" + id,
        (context, self) -> context.storage().cell("c", Long.class, 0L).update(n -> n + 1) + "");
    LivingObject.HOOKS.put("wake/" + id, (context, self) -> self.text.update(t -> t + "w"));

    // A read-only call that throws: what the wake wrote is kept all the same.
    assertThatThrownBy(() ->
            living("")
                .look((context, self) -> {
                  throw new IllegalArgumentException(self.text.get());
                }))
        .hasMessage("w");
    abide.sleep(Living.class, id);
    assertThat(text()).isEqualTo("ww");
    assertThat(
            living("").run((context, self) -> context.storage().cell("c", Long.class).get() + ""))
        .isEqualTo("" + events().stream().filter("wake"::equals).count());
  }

  @Test
  void onWake_thatThrows_isAWakeException_andKeepsNothingOfTheConstructorEither() throws Exception {
    LivingObject.HOOKS.put(
        "construct/" + id, (context, self) -> self.number.update(n -> n + 1) + "");
    LivingObject.HOOKS.put(
        "wake/" + id,
        (context, self) -> {
          self.text.set("half");
          throw new IllegalStateException("not today");
        });
    assertThatThrownBy(this::text)
        .isInstanceOfSatisfying(
            WakeException.class,
            failed -> {
              assertThat(failed.applied()).isEqualTo(AbideException.Applied.NO);
              assertThat(failed.retryable()).isTrue();
            })
        .hasMessageContaining("onWake of living/" + id)
        .hasRootCauseMessage("not today");
    LivingObject.HOOKS.remove("wake/" + id);

    assertThat(living("").run((context, self) -> self.text.get() + self.number.get()))
        .isEqualTo("1");
  }

  @Test
  void onSleep_afterTheIdleTimeout_mayWriteAndCallOthers() throws Exception {
    LivingObject.HOOKS.put(
        "sleep/" + id,
        (context, self) -> {
          context.get(Counter.class, id).increment(1);
          return self.text.update(t -> t + "z");
        });
    living("").run((context, self) -> "");
    clock.advance(Duration.ofSeconds(11));
    await(() -> assertThat(events()).hasSizeGreaterThanOrEqualTo(2));

    assertThat(events().get(1)).isIn("sleep IDLE", "sleep AWAKE_MAX");
    assertThat(text()).startsWith("z");
    assertThat(counter().value()).isPositive();
  }

  @Test
  void onSleep_isToldWhyTheObjectSleeps() throws Exception {
    living("").run((context, self) -> "");
    abide.sleep(Living.class, id);
    living("other").run((context, self) -> "");
    abide.close();

    if (shape.name().endsWith("IDLE_ZERO")) {
      // Two sleeps are on their way at once; the first one is told.
      assertThat(events()).containsAnyOf("sleep IDLE", "sleep ASKED");
    } else {
      assertThat(events()).contains("sleep ASKED");
      assertThat(LivingObject.events(id + "other").getLast()).isEqualTo("sleep CLOSE");
    }
  }

  @Test
  void onSleep_thatThrows_isReported_andTheObjectSleepsWithoutWhatItWrote() throws Exception {
    LivingObject.HOOKS.put(
        "sleep/" + id,
        (context, self) -> {
          self.text.set("half");
          throw new IllegalStateException("no sleep");
        });
    living("").run((context, self) -> "");
    abide.sleep(Living.class, id);
    await(() -> assertThat(reports).isNotEmpty());

    assertThat(reports.peek().kind()).isEqualTo(Report.Kind.SLEEP_FAILED);
    assertThat(reports.peek().cause()).hasMessage("no sleep");
    assertThat(text()).isEmpty();
    assertThat(events()).filteredOn("wake"::equals).hasSizeGreaterThan(1);
  }

  @Test
  void reset_andDeletion_callNoOnSleep() throws Exception {
    Assumptions.assumeFalse(shape.name().contains("IDLE_ZERO") || shape.name().contains("ONE"));
    living("").run((context, self) -> self.text.update(t -> "x"));
    assertThatThrownBy(() ->
            living("")
                .run((context, self) -> {
                  self.text.set("y");
                  throw new IllegalStateException("reset");
                }))
        .hasMessage("reset");
    assertThat(text()).isEqualTo("x");
    abide.delete(Living.class, id);

    assertThat(events()).containsExactly("wake", "wake");
  }

  @Test
  void awakeMax_putsTheLongestIdleToSleep() throws Exception {
    try (Abide own =
        shape.open(directory.resolve("own"), options -> options(options.awakeMax(2)))) {
      Assumptions.assumeFalse(shape.name().contains("IDLE_ZERO"));
      clock.drive(own);
      for (String name : List.of("a", "b", "a", "c")) {
        own.get(Living.class, id + name).run((context, self) -> "");
        clock.advance(Duration.ofSeconds(1));
      }
      await(() -> assertThat(LivingObject.events(id + "b")).contains("sleep AWAKE_MAX"));

      assertThat(LivingObject.events(id + "a")).containsExactly("wake");
      assertThat(LivingObject.events(id + "c")).containsExactly("wake");
    }
  }
}
