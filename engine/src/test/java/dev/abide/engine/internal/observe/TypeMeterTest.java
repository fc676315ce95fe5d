package dev.abide.engine.internal.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Sums over a table that changes while it is walked. */
class TypeMeterTest {
  private final TypeMeter meter = new TypeMeter();

  @Test
  void recordThatLeavesBehindTheWalk_isNotCountedTwice() {
    meter.retired(3);
    long turns =
        meter.turns(() -> {
          meter.retired(5);
          return 5;
        });
    long calls =
        meter.calls(() -> {
          meter.retired(7);
          return 7;
        });

    assertThat(turns).isEqualTo(8);
    assertThat(calls).isEqualTo(15);
    assertThat(meter.turns(() -> 0)).isEqualTo(15);
  }

  @Test
  void recordThatLeavesBeforeTheWalk_isMissed_andTheCounterDoesNotFall() {
    assertThat(meter.turns(() -> 5)).isEqualTo(5);
    assertThat(
            meter.turns(() -> {
              meter.retired(5);
              return 0;
            }))
        .isEqualTo(5);
    assertThat(meter.turns(() -> 1)).isEqualTo(6);
  }

  @Test
  void turnOfTheEnginesOwn_thatBeginsDuringTheWalk_isNoCall() {
    long calls =
        meter.calls(() -> {
          meter.ownTurns.increment();
          return 1;
        });

    assertThat(calls).isZero();
  }
}
