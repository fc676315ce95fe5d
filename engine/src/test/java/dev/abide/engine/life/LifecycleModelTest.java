package dev.abide.engine.life;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.Abide;
import dev.abide.engine.testing.ManualClock;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * G1, G2, G3, G4, G5, G6, G7, G9, G10: random lives of objects against a model: calls, one-way ones
 * among them, sleeps, resets, deletions, alarms, processes killed with -9, and opens. In every
 * shape: idle timeout zero, one object awake, queued. Longer: {@code -Dabide.lives=200}; again:
 * {@code -Dabide.seed=...}.
 */
@Timeout(3_600)
class LifecycleModelTest {
  private static final int LIVES = Integer.getInteger("abide.lives", 3);

  /** Numbers of operations that belong to one life. */
  private static final long SPAN = 10_000_000;

  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path directory;

  private final List<ActorModel> models = new ArrayList<>();
  private final long[] issued = new long[Life.ACTORS];
  private final long[] kept = new long[Life.ACTORS];

  @BeforeEach
  void begin() {
    Watch.forget();
    Watch.VIOLATIONS.clear();
    for (int actor = 0; actor < Life.ACTORS; actor++) {
      models.add(new ActorModel());
    }
  }

  @Test
  void livesCutOffByKills_leaveStatesOfTheModel() throws Exception {
    long seed = Long.getLong("abide.seed", System.nanoTime());
    System.out.println("LifecycleModelTest -Dabide.seed=" + seed);
    Random random = new Random(seed);
    long operations = 0;
    for (int life = 1; life <= LIVES; life++) {
      long own = random.nextLong();
      long first = life * SPAN;
      Arrays.fill(issued, first - 1);
      Arrays.fill(kept, first - 1);
      runAndKill(own, first, BEGIN.plus(Duration.ofDays(2L * life)), 500 + random.nextInt(6_000));
      check(own, first, BEGIN.plus(Duration.ofDays(2L * life + 1)));
      operations += Arrays.stream(issued).sum() - Life.ACTORS * (first - 1);
    }
    System.out.println("%,d lives, %,d operations".formatted(LIVES, operations));
    settle(random.nextLong());
  }

  private void runAndKill(long seed, long first, Instant now, int lines) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("abide.jvmargs"),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Life.class.getName(),
                directory.toString(),
                Long.toString(seed),
                Long.toString(first),
                now.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
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
        heard(line.toString());
        line.setLength(0);
        if (++seen == lines) {
          process.toHandle().destroyForcibly();
        }
      }
    }
    // 128 + 9: killed, not failed.
    assertThat(process.waitFor()).isEqualTo(137);
  }

  private void heard(String line) {
    if (line.startsWith("! ")) {
      Watch.VIOLATIONS.add(line);
      return;
    }
    String[] words = line.split(" ");
    int actor = Integer.parseInt(words[1]);
    long n = Long.parseLong(words[2]);
    if (words[0].equals("i")) {
      issued[actor] = Math.max(issued[actor], n);
    } else {
      kept[actor] = Math.max(kept[actor], n);
    }
  }

  /** What is there is what the model says after an operation that may have been the last. */
  private void check(long seed, long first, Instant now) {
    Watch.forget();
    ManualClock clock = new ManualClock(now);
    try (Abide abide = Life.open(directory, clock, seed)) {
      TreeSet<String> expected = new TreeSet<>();
      for (int actor = 0; actor < Life.ACTORS; actor++) {
        ActorState state = abide.get(Actor.class, Life.id(actor)).state();
        match(actor, seed, first, state);
        if (state.last() != 0) {
          expected.add(Life.id(actor));
        }
        for (Map.Entry<String, Long> note : state.noted().entrySet()) {
          Long told = abide.get(Actor.class, note.getKey()).state().notes().get(Life.id(actor));
          assertThat(told)
              .as(Life.id(actor) + " told " + note.getKey())
              .isGreaterThanOrEqualTo(note.getValue());
        }
        models.set(actor, ActorModel.of(state));
      }
      try (Stream<String> ids = abide.ids(Actor.class, "actor-")) {
        assertThat(ids).containsExactlyElementsOf(expected);
      }
    }
    assertThat(Watch.VIOLATIONS).isEmpty();
  }

  private void match(int actor, long seed, long first, ActorState state) {
    ActorModel model = models.get(actor);
    for (long n = first; n <= kept[actor]; n++) {
      model.apply(Op.of(seed, actor, n));
    }
    List<String> differences = new ArrayList<>();
    for (long n = kept[actor]; ; ) {
      String difference = model.differs(state);
      if (difference == null) {
        return;
      }
      differences.add("after operation " + n + ": " + difference);
      if (++n > issued[actor]) {
        break;
      }
      model.apply(Op.of(seed, actor, n));
    }
    assertThat(differences).as(Life.id(actor) + " is in no state of its history").isEmpty();
  }

  /** A last life that ends by itself: then every alarm goes off, and a close keeps everything. */
  private void settle(long seed) throws Exception {
    ManualClock clock = new ManualClock(BEGIN.plus(Duration.ofDays(2L * LIVES + 2)));
    List<ActorState> states = new ArrayList<>();
    Watch.forget();
    try (Abide abide = Life.open(directory, clock, seed)) {
      new Life(abide, clock, seed, (_, _, _) -> {}).live((LIVES + 1) * SPAN, 400);
      // Past the last that was set, and past two failures.
      for (int minute = 0; minute < 3; minute++) {
        clock.advance(Duration.ofMinutes(1));
      }
      for (int actor = 0; actor < Life.ACTORS; actor++) {
        ActorState state = abide.get(Actor.class, Life.id(actor)).state();
        assertThat(state.armed()).as("alarms that did not go off").isEmpty();
        states.add(state);
      }
    }
    Watch.forget();
    try (Abide abide = Life.open(directory, clock, seed)) {
      for (int actor = 0; actor < Life.ACTORS; actor++) {
        assertThat(abide.get(Actor.class, Life.id(actor)).state()).isEqualTo(states.get(actor));
      }
    }
    assertThat(Watch.VIOLATIONS).isEmpty();
  }
}
