package dev.abide.engine.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.soak.Round.Mix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * G1, G2, G3, G4, G7, G15: many callers on threads of both kinds, at few objects, each with all
 * that it may do: calls of every kind and with every end, one-way ones and such that are answered
 * later among them, calls of calls, deadlines, interrupts, sleep, deletion, a mailbox that is full,
 * and an engine that closes under them. In some rounds so many wait that their objects are lent,
 * and turns pass those that wait. Each answer is held against what the caller knows. Longer: {@code
 * -Dabide.soak=N}; again: {@code -Dabide.seed=...}.
 */
class ContentionSoakTest {
  /** Once each, in an order that the seed tells. */
  private static final List<Mix> MIXES =
      List.of(
          Mix.ALL,
          Mix.ALL,
          Mix.ALL,
          Mix.ALL,
          Mix.ALL,
          Mix.WAITING,
          Mix.WAITING,
          Mix.MOSTLY_WAITING);

  private static final int ROUNDS = MIXES.size() * Integer.getInteger("abide.soak", 1);

  @TempDir Path directory;

  @Test
  void callersWithoutEnd_getWhatTheModelSays() throws Exception {
    long seed = Long.getLong("abide.seed", System.nanoTime());
    System.out.println("ContentionSoakTest -Dabide.seed=" + seed);
    Random random = new Random(seed);
    long calls = 0;
    long borrowed = 0;
    List<Mix> mixes = new ArrayList<>();
    Map<String, Long> outcomes = new TreeMap<>();
    for (int n = 0; n < ROUNDS; n++) {
      Path own = directory.resolve("round-" + n);
      if (mixes.isEmpty()) {
        mixes.addAll(MIXES);
        Collections.shuffle(mixes, random);
      }
      Round round = new Round(random.nextLong(), mixes.removeLast(), own);
      round.run();
      assertThat(round.crowd.violations).as("round " + n + ", " + round).isEmpty();
      assertThat(round.lacksLoans()).as("round " + n + ", " + round + " lacks loans").isFalse();
      calls += round.crowd.calls.sum();
      borrowed += round.crowd.borrowed.sum();
      round.crowd.outcomes.forEach((what, count) -> outcomes.merge(what, count.sum(), Long::sum));
      remove(own);
      if (n % 20 == 19) {
        System.out.println(
            "%,d rounds, %,d calls, %,d past others".formatted(n + 1, calls, borrowed));
      }
    }
    System.out.println(
        "%,d rounds, %,d calls, %,d past others, of which %s"
            .formatted(ROUNDS, calls, borrowed, outcomes));
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
