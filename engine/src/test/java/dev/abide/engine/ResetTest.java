package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.Counter.CounterException;
import dev.abide.engine.fixtures.ScriptObject;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** G7: after which failures an object begins anew, and what belongs to a dead instance. */
final class ResetTest extends ShapedTest {
  @Test
  void exception_afterAWrite_resetsTheObject() {
    int before = counter().instance();
    assertThatThrownBy(() -> counter().incrementAndFail(1, "x"))
        .isInstanceOf(CounterException.class);
    assertThat(counter().instance()).isGreaterThan(before);
  }

  @Test
  void exception_afterACommittedWrite_resetsTheObject() {
    int before = counter().instance();
    assertThatThrownBy(() -> counter().commitAndFail(1)).isInstanceOf(CounterException.class);
    assertThat(counter().instance()).isGreaterThan(before);
  }

  @Test
  void exception_withoutAWrite_keepsTheInstance() {
    assumeObjectsStayAwake();
    int before = counter().instance();
    assertThatThrownBy(() -> counter().fail("x")).isInstanceOf(CounterException.class);
    assertThat(counter().instance()).isEqualTo(before);
  }

  @Test
  void error_withoutAWrite_resetsTheObject() {
    int before = counter().instance();
    assertThatThrownBy(() -> counter().failHard()).isInstanceOf(AssertionError.class);
    assertThat(counter().instance()).isGreaterThan(before);
  }

  @Test
  void deadInstance_itsCellsAndContext_throwIllegalState() throws Exception {
    AtomicReference<ScriptObject> dead = new AtomicReference<>();
    AtomicReference<ObjectContext> context = new AtomicReference<>();
    assertThatThrownBy(() ->
            script("")
                .run((own, self) -> {
                  dead.set(self);
                  context.set(own);
                  self.number.set(1L);
                  throw new ResetException("reset me");
                }))
        .isInstanceOf(ResetException.class);

    script("")
        .run((own, self) -> {
          assertThatThrownBy(() -> dead.get().number.get())
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("gone");
          assertThatThrownBy(() -> context.get().storage())
              .isInstanceOf(IllegalStateException.class);
          assertThat(self.number.get()).isZero();
          return "";
        });
  }

  @Test
  void storage_outsideOfItsTurns_throwsIllegalState() throws Exception {
    AtomicReference<ScriptObject> leaked = new AtomicReference<>();
    script("")
        .run((context, self) -> {
          leaked.set(self);
          Thread thread =
              Thread.ofVirtual()
                  .start(() ->
                      reports.add(
                          new Report(
                              Report.Kind.INTERNAL,
                              "",
                              "",
                              "" + catchThrowable(self.number::get),
                              null)));
          thread.join();
          return "";
        });

    assertThat(reports.poll().message()).contains("outside of its turns");
    assertThatThrownBy(() -> leaked.get().number.get()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void readOnlyTurn_thatWrites_throwsAndChangesNothing() {
    counter().increment(2);
    assertThatThrownBy(() -> counter().cheat())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("@ReadOnly");
    assertThat(counter().value()).isEqualTo(2);
  }

  @Test
  void readOnlyTurn_thatCallsAWritingMethod_throws() {
    assertThatThrownBy(() ->
            script("").look((context, self) -> "" + context.get(Counter.class, id).increment(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("@ReadOnly");
    assertThat(counter().value()).isZero();
  }
}
