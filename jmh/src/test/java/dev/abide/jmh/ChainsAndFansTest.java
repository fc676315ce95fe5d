package dev.abide.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.jmh.baseline.CajunChain;
import dev.abide.jmh.baseline.CajunFan;
import dev.abide.jmh.baseline.ExecutorChain;
import dev.abide.jmh.baseline.ExecutorFan;
import dev.abide.jmh.baseline.JoxChain;
import dev.abide.jmh.baseline.JoxFan;
import dev.abide.jmh.baseline.PekkoChain;
import dev.abide.jmh.baseline.PekkoFan;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who stands in a row, or in a fan, is reached. */
class ChainsAndFansTest {
  interface FanMaker {
    Fanned make(int leaves, Runnable complete);
  }

  static Stream<IntFunction<Chained>> chains() {
    return Stream.of(ExecutorChain::new, PekkoChain::new, CajunChain::new, JoxChain::new);
  }

  static Stream<FanMaker> fans() {
    return Stream.of(ExecutorFan::new, PekkoFan::new, CajunFan::new, JoxFan::new);
  }

  @ParameterizedTest
  @MethodSource("chains")
  void chain_reachesAllInIt(IntFunction<Chained> maker) {
    try (Chained chain = maker.apply(5)) {
      assertThat(chain.follow()).isEqualTo(5);
      assertThat(chain.follow()).isEqualTo(5);
    }
    try (Chained chain = maker.apply(1)) {
      assertThat(chain.follow()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("fans")
  void fan_completesOnceForEachRound(FanMaker maker) throws Exception {
    Semaphore done = new Semaphore(0);

    try (Fanned fan = maker.make(20, done::release)) {
      for (int round = 0; round < 3; round++) {
        fan.out();
        assertThat(done.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
      }
    }

    assertThat(done.availablePermits()).isZero();
  }
}
