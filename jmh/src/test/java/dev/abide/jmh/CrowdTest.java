package dev.abide.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.jmh.baseline.CajunTallies;
import dev.abide.jmh.baseline.ExecutorTallies;
import dev.abide.jmh.baseline.JoxTallies;
import dev.abide.jmh.baseline.LockedTallies;
import dev.abide.jmh.baseline.PekkoTallies;
import dev.abide.jmh.baseline.RocksRows;
import dev.abide.jmh.baseline.SqliteRows;
import dev.abide.jmh.baseline.SynchronizedTallies;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Crowds count, and so do those whom they call. */
class CrowdTest {
  interface Maker {
    Tallies make(int count) throws Exception;
  }

  static Stream<Maker> makers() {
    return Stream.of(
        count -> new AbideTallies(Engines.memory(true), count),
        count -> new AbideTallies(Engines.memory(false), count),
        LockedTallies::new,
        SynchronizedTallies::new,
        ExecutorTallies::new,
        PekkoTallies::new,
        CajunTallies::new,
        JoxTallies::new);
  }

  @ParameterizedTest
  @MethodSource("makers")
  void everybody_countsAllCalls_andWhatWasTold(Maker maker) throws Exception {
    try (Tallies tallies = maker.make(3)) {
      Crowd.counted(tallies, 7, 100);
      for (int n = 0; n < 50; n++) {
        tallies.tell(2, 2);
      }

      // Seven callers, of whom three call the first and two each of the others; 100 is 7 * 14 + 2.
      assertThat(tallies.add(0, 0)).isEqualTo(43);
      assertThat(tallies.add(1, 0)).isEqualTo(29);
      assertThat(tallies.add(2, 0)).isEqualTo(28 + 100);
      assertThat(Crowd.sum(tallies)).isEqualTo(200);
    }
  }

  @Test
  void shares_addUp() throws Exception {
    AtomicIntegerArray made = new AtomicIntegerArray(4);

    Crowd.virtual(4, 10, made::incrementAndGet);

    assertThat(made).hasToString("[3, 3, 2, 2]");
  }

  @Test
  void callerThatFails_failsTheRun() {
    assertThatThrownBy(() ->
            Crowd.platform(
                3,
                30,
                caller -> {
                  if (caller == 1) {
                    throw new IllegalStateException("no");
                  }
                }))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("a caller failed")
        .hasRootCauseMessage("no");
  }

  @Test
  void tallyThatLosesACall_failsTheRun() {
    Tallies lossy =
        new Tallies() {
          private final Tallies all = new LockedTallies(1);
          private int calls;

          @Override
          public int size() {
            return 1;
          }

          @Override
          public synchronized long add(int tally, long by) {
            calls++;
            return all.add(tally, calls == 5 ? 0 : by);
          }

          @Override
          public void tell(int tally, long by) {
            all.tell(tally, by);
          }

          @Override
          public void close() {}
        };

    assertThatThrownBy(() -> Crowd.counted(lossy, 2, 10))
        .isInstanceOf(AssertionError.class)
        .hasMessage("calls counted by the objects: 9 instead of 10");
  }

  @Test
  void databases_keepTheirRows(@TempDir Path rocks, @TempDir Path sqlite) throws Exception {
    try (Rows one = new RocksRows(rocks, 20);
        Rows other = new SqliteRows(sqlite, 20)) {
      for (Rows rows : new Rows[] {one, other}) {
        Crowd.platform(10, 35, rows::store);

        assertThat(rows.read(0)).isEqualTo(4);
        assertThat(rows.read(9)).isEqualTo(3);
        assertThat(rows.read(10)).isZero();
      }
    }
  }
}
