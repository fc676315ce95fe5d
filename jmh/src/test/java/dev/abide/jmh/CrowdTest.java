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
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Crowds count, and so do those whom they call. */
class CrowdTest {
  @TempDir Path directory;

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
      Asked asked = new Asked(tallies);
      asked.by(3, 100);
      asked.verify();

      assertThat(tallies.add(0, 0)).isEqualTo(34);
      assertThat(tallies.add(1, 0)).isEqualTo(33);
      assertThat(tallies.add(2, 0)).isEqualTo(33);
    }
    try (Tallies tallies = maker.make(1)) {
      Asked asked = new Asked(tallies);
      asked.by(7, 100);
      asked.told(50);
      asked.byOne(true, 10);
      asked.byOne(false, 10);
      asked.verify();

      assertThat(asked.once()).isEqualTo(171);
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

  /** Counts all calls but the fifth. */
  static final class Lossy implements Tallies {
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
      add(tally, by);
    }

    @Override
    public void close() {}
  }

  @Test
  void tallyThatLosesACall_isSeen() throws Exception {
    Asked crowd = new Asked(new Lossy());
    crowd.by(2, 10);
    assertThatThrownBy(crowd::verify)
        .isInstanceOf(AssertionError.class)
        .hasMessage("calls counted by the objects: 9 instead of 10");

    assertThatThrownBy(() -> new Asked(new Lossy()).told(10))
        .isInstanceOf(AssertionError.class)
        .hasMessage("messages that ran: 9 instead of 10");

    Asked one = new Asked(new Lossy());
    for (int n = 1; n <= 4; n++) {
      assertThat(one.once()).isEqualTo(n);
    }
    assertThatThrownBy(one::once)
        .isInstanceOf(AssertionError.class)
        .hasMessage("sum: 4 instead of 5");
  }

  @Test
  void callThatIsMissingAfterAnIteration_failsTheBenchmark() {
    Options once =
        new OptionsBuilder()
            .include(LossyBenchmark.class.getName() + ".crowd")
            .warmupIterations(0)
            .measurementIterations(1)
            .measurementTime(TimeValue.milliseconds(1))
            .shouldFailOnError(true)
            .output(directory.resolve("log").toString())
            .build();

    assertThatThrownBy(() -> new Runner(once).run()).isInstanceOf(RunnerException.class);

    assertThat(directory.resolve("log"))
        .content()
        .containsPattern("calls counted by the objects: [0-9]*9 instead of [0-9]*0");
  }

  @Test
  void databases_keepTheirRows(@TempDir Path rocks, @TempDir Path sqlite) throws Exception {
    try (Rows one = new RocksRows(rocks, 20);
        Rows other = new SqliteRows(sqlite, 20)) {
      for (Rows rows : new Rows[] {one, other}) {
        Crowd.platform(10, 35, rows::store);

        assertThat(rows.addAndReadSynced(9)).isEqualTo(Rows.FIRST + 4);

        assertThat(rows.read(0)).isEqualTo(Rows.FIRST + 4);
        assertThat(rows.read(9)).isEqualTo(Rows.FIRST + 4);
        assertThat(rows.read(10)).isEqualTo(Rows.FIRST);
      }
    }
  }
}
