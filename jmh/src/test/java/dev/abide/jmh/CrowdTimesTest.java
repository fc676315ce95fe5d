package dev.abide.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.util.SampleBuffer;
import org.openjdk.jmh.util.Statistics;

/** What several JVMs measured is read together. */
class CrowdTimesTest {
  @TempDir Path directory;

  private static SampleBuffer of(long... nanos) {
    SampleBuffer times = new SampleBuffer();
    for (long one : nanos) {
      times.add(one);
    }
    return times;
  }

  @Test
  void filesOfOneFigure_areOne() throws Exception {
    CrowdTimes.write(directory, "A.b callers=1", of(10, 10, 10, 20));
    CrowdTimes.write(directory, "A.b callers=1", of(30, 30));
    CrowdTimes.write(directory, "A.b callers=2", of(7));

    Map<String, Statistics> times = CrowdTimes.read(directory);

    assertThat(times).containsOnlyKeys("A.b callers=1", "A.b callers=2");
    assertThat(times.get("A.b callers=1").getN()).isEqualTo(6);
    assertThat(times.get("A.b callers=1").getSum()).isEqualTo(110);
    assertThat(times.get("A.b callers=1").getPercentile(50)).isBetween(10.0, 20.0);
    assertThat(times.get("A.b callers=1").getPercentile(100)).isEqualTo(30);
  }
}
