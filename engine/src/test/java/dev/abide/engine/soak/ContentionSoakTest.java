package dev.abide.engine.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * G1, G2, G3, G4, G7, G15: many callers on threads of both kinds, at few objects, each with all
 * that it may do: calls of every kind and with every end, one-way ones among them, calls of calls,
 * deadlines, interrupts, sleep, a mailbox that is full, and an engine that closes under them. Each
 * answer is held against what the caller knows. Longer: {@code -Dabide.soak=N}; again: {@code
 * -Dabide.seed=...}.
 */
class ContentionSoakTest {
  private static final int ROUNDS = 8 * Integer.getInteger("abide.soak", 1);

  @TempDir Path directory;

  @Test
  void callersWithoutEnd_getWhatTheModelSays() throws Exception {
    long seed = Long.getLong("abide.seed", System.nanoTime());
    System.out.println("ContentionSoakTest -Dabide.seed=" + seed);
    Random random = new Random(seed);
    long calls = 0;
    Map<String, Long> outcomes = new TreeMap<>();
    for (int n = 0; n < ROUNDS; n++) {
      Path own = directory.resolve("round-" + n);
      Round round = new Round(random.nextLong(), own);
      round.run();
      assertThat(round.crowd.violations).as("round " + n + ", " + round).isEmpty();
      calls += round.crowd.calls.sum();
      round.crowd.outcomes.forEach((what, count) -> outcomes.merge(what, count.sum(), Long::sum));
      remove(own);
      if (n % 20 == 19) {
        System.out.println("%,d rounds, %,d calls".formatted(n + 1, calls));
      }
    }
    System.out.println("%,d rounds, %,d calls, of which %s".formatted(ROUNDS, calls, outcomes));
  }

  /** A long run would fill the disk. */
  private static void remove(Path own) throws Exception {
    if (Files.exists(own)) {
      try (var files = Files.walk(own)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
