package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.fixtures.Engines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application closes its engine in a shutdown hook: its libraries' hooks run at the same time.
 */
class ShutdownTest {
  private static final int OBJECTS = 200;

  @TempDir Path directory;
  @TempDir Path outputs;

  /** Writes to shards that have no map yet while the JVM is shutting down, and closes. */
  static final class Hook {
    public static void main(String[] args) {
      Abide abide =
          Engines.open(
              Path.of(args[0]), options -> options.host(Counter.class, CounterObject::new));
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(() -> {
                for (int n = 0; n < OBJECTS; n++) {
                  abide.get(Counter.class, "c" + n).increment(1);
                }
                abide.close();
                System.out.println("closed");
                Runtime.getRuntime().halt(0);
              }));
      System.exit(1);
    }
  }

  @Test
  void g5_engineThatIsClosedInAShutdownHook_servesUntilThen_andClosesWell() throws Exception {
    Path output = outputs.resolve("said");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("abide.jvmargs"),
                Engines.option(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Hook.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(2, TimeUnit.MINUTES);
    process.destroyForcibly();
    String said = Files.readString(output);

    assertThat(ended).as(said).isTrue();
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).contains("closed").doesNotContain("STORAGE_FAILED");
    try (Abide abide =
        Engines.open(directory, options -> options.host(Counter.class, CounterObject::new))) {
      for (int n = 0; n < OBJECTS; n++) {
        assertThat(abide.get(Counter.class, "c" + n).value()).isEqualTo(1);
      }
    }
  }
}
