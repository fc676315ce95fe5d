package dev.abide.jmh;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

/** How all questions are measured where the command does not say otherwise. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 2)
public abstract class Measured {
  /** Times of calls count from the first iteration on that is not thrown away. */
  @Setup(Level.Iteration)
  public void beginTimes(IterationParams params) {
    CrowdTimes.begin(params.getType() == IterationType.MEASUREMENT);
  }

  /** Leaves them for whoever started this JVM. */
  @TearDown(Level.Trial)
  public void writeTimes(BenchmarkParams params) throws IOException {
    CrowdTimes.write(Measuring.key(params));
  }
}
