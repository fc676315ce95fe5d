package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.fixtures.Engines;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** G2, G3, G7: callers that pass those that wait at a busy object: how many may, and past whom. */
@Timeout(60)
class PassingTest {
  @Test
  void drainThatYields_letsACallerPass_butNotForEver() throws Exception {
    assertThat(said("calling"))
        .containsExactly("passed behind 64", "waited behind 200 after 256", "ended");
  }

  @Test
  void senderOfAOneWayCall_doesNotPassItWithTheNext() throws Exception {
    assertThat(said("sending")).containsExactly("passed behind 64", "sent true", "ended");
  }

  @Test
  void turnThatNobodyWaitsFor_isNotPassed() throws Exception {
    assertThat(said("unattended")).containsExactly("waited behind 200 after 0", "ended");
  }

  @Test
  void turnThatFailsWhileItPasses_resetsTheObject_andTheNextWaits() throws Exception {
    assertThat(said("failing")).containsExactly("failed behind 64", "kept 0 behind 200", "ended");
  }

  private static List<String> said(String mode) throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("abide.jvmargs"),
                Engines.option(),
                "-Djdk.virtualThreadScheduler.parallelism=1",
                "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                "-cp",
                System.getProperty("java.class.path"),
                Passing.class.getName(),
                mode)
            // Where a JVM says what options the environment gave it.
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(child.waitFor()).as(said).isZero();
    return said.lines().toList();
  }
}
