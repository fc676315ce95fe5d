package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.fixtures.Shape;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * G5, G6: a process that is killed with -9 under load, ten times, against a ledger outside of it:
 * what it said that was acknowledged is there, and nothing is there twice.
 */
class CrashTest {
  private static final int ROUNDS = 10;
  private static final int CALLERS = 8;

  @TempDir Path directory;

  /** The process that is killed: each caller increments a counter of its own and says so. */
  static final class Load {
    private Load() {}

    public static void main(String[] args) throws Exception {
      try (Abide abide = Shape.DISK.open(Path.of(args[0]), options -> {})) {
        Thread[] callers = new Thread[CALLERS];
        for (int n = 0; n < CALLERS; n++) {
          String id = "counter-" + n;
          callers[n] =
              Thread.ofVirtual()
                  .start(() -> {
                    while (true) {
                      long value = abide.get(Counter.class, id).increment(1);
                      synchronized (Load.class) {
                        System.out.println(id + " " + value);
                        System.out.flush();
                      }
                    }
                  });
        }
        for (Thread caller : callers) {
          caller.join();
        }
      }
    }
  }

  @Test
  void killUnderLoad_tenTimes_keepsWhatWasAcknowledged_andDoublesNothing() throws Exception {
    long seed = System.nanoTime();
    System.out.println("CrashTest seed " + seed);
    Random random = new Random(seed);
    Map<String, Long> ledger = new HashMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      runAndKill(50 + random.nextInt(800), ledger);
      try (Abide abide = Shape.DISK.open(directory, options -> {})) {
        ledger.replaceAll((id, acknowledged) -> {
          long value = abide.get(Counter.class, id).value();
          // One call of each caller may have been on its way: done and not said.
          assertThat(value).as(id).isBetween(acknowledged, acknowledged + 1);
          return value;
        });
      }
    }
    assertThat(ledger).isNotEmpty();
  }

  private void runAndKill(int lines, Map<String, Long> ledger) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("abide.jvmargs"),
                Engines.option(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Load.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    int seen = 0;
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      StringBuilder line = new StringBuilder();
      // A line counts when its end is there: one cut off by the kill is none.
      for (int next = out.read(); next >= 0; next = out.read()) {
        if (next != '\n') {
          line.append((char) next);
          continue;
        }
        String[] words = line.toString().split(" ");
        ledger.put(words[0], Long.parseLong(words[1]));
        line.setLength(0);
        if (++seen == lines) {
          process.toHandle().destroyForcibly();
        }
      }
    }
    process.waitFor();
    assertThat(seen)
        .as("lines that the process said before it was killed")
        .isGreaterThanOrEqualTo(lines);
  }
}
