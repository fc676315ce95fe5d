package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.fixtures.Shape;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * G3: who abuses an engine does not starve others, whatever the number of processors: one object
 * that a thousand call, mailboxes that are never empty, turns that only compute, a storm of wakes.
 * Each abuse ends when those others are through, so what starves them shows as a hang.
 */
@Timeout(180)
class LivenessTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(names = {"MEMORY", "MEMORY_QUEUED", "DISK", "DISK_QUEUED"})
  void oneObjectThatIsHammered_doesNotKeepOthersFromTheirTurns(Shape shape) throws Exception {
    Liveness.oneObjectIsHammered(shape, directory);
  }

  @ParameterizedTest
  @EnumSource(names = {"MEMORY", "MEMORY_QUEUED", "DISK", "DISK_QUEUED"})
  void drainsThatNeverEnd_letOthersHaveTheirCarriers(Shape shape) throws Exception {
    Liveness.mailboxesNeverEmpty(shape, directory);
  }

  @Test
  void turnsThatCompute_doNotStallTheEngine() throws Exception {
    Liveness.turnsThatCompute(Shape.DISK, directory);
  }

  @ParameterizedTest
  @EnumSource(names = {"MEMORY", "DISK"})
  void callersThatNeverRest_doNotKeepPlatformThreadsFromCalling(Shape shape) throws Exception {
    Liveness.hammeredWithoutRest(shape, directory);
  }

  @Test
  void turnsThatHaveAllCarriers_areReportedNevertheless() throws Exception {
    Liveness.longTurnsOnAllCarriers(directory);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void allOfIt_withThisNumberOfProcessors_andAStormOfWakes(int processors) throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("abide.jvmargs"),
                Engines.option(),
                "-XX:ActiveProcessorCount=" + processors,
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                Liveness.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(child.waitFor()).as(said).isZero();
    assertThat(said.lines().toList())
        .containsAll(List.of(processors + " processors", "woken DISK_QUEUED"));
  }
}
