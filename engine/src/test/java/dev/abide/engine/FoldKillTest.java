package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.fixtures.OnDisk;
import dev.abide.engine.fixtures.Victim;
import dev.abide.engine.internal.compaction.CompactionOptions;
import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.disk.StepDisk;
import dev.abide.engine.internal.journal.JournalOptions;
import dev.abide.engine.internal.store.StateCheck;
import dev.abide.engine.internal.store.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * G5, G6: a process that is killed with -9 in the middle of a fold, or of a sort, at a step of it
 * that the test draws, against a ledger outside of it. More rounds: {@code -Dabide.kills=200}.
 */
@Timeout(3_600)
class FoldKillTest {
  private static final int ROUNDS = Integer.getInteger("abide.kills", 6);
  private static final int SORTS = Integer.getInteger("abide.kills", 3);
  private static final int CALLERS = 8;

  /** A fold of 64 shards takes some six hundred steps. */
  private static final int STEPS = 1_500;

  /** A sort of a small segment takes some ten steps. */
  private static final int SORT_STEPS = 30;

  /** Which shard is busy at the moment of a kill is up to chance; that few are is not. */
  private static final int KEPT_OF_EACH = 16;

  private static final String STOPPED = "stopped";

  @TempDir Path directory;

  private final Map<String, Long> ledger = new HashMap<>();

  /**
   * Small segments, nothing kept of the past: there is something to fold as soon as one is full.
   */
  private static OnDisk open(Path directory, UnaryOperator<Disk> disk) {
    return OnDisk.open(
        directory,
        new StoreOptions(
            new JournalOptions(64 << 20, Duration.ofSeconds(60), 16_384, 32_768),
            CompactionOptions.foldingAll(Duration.ZERO, 0)),
        disk,
        store -> store,
        options -> options.host(Counter.class, CounterObject::new).onReport(_ -> {}));
  }

  /** The process that is killed: it says so when its compaction has come to the step. */
  static final class Load {
    private Load() {}

    private static void stop() {
      Victim.say(STOPPED);
      StepDisk.standStill();
    }

    public static void main(String[] args) throws Exception {
      long step = Long.parseLong(args[1]);
      AtomicBoolean isOpen = new AtomicBoolean();
      // An open sorts too, and nobody calls meanwhile.
      UnaryOperator<Disk> disk =
          files ->
              new StepDisk(
                  files, name -> isOpen.get() && name.startsWith(args[2]), step, Load::stop);
      try (OnDisk engine = open(Path.of(args[0]), disk)) {
        isOpen.set(true);
        Thread[] callers = new Thread[CALLERS];
        for (int n = 0; n < CALLERS; n++) {
          String first = "counter-" + n + "-";
          callers[n] =
              Thread.ofVirtual()
                  .start(() -> {
                    for (int call = 0; ; call++) {
                      String id = first + call % 5;
                      Victim.say(id + " " + engine.abide().get(Counter.class, id).increment(1));
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
  void killInTheMiddleOfAFold_keepsWhatWasAcknowledged() throws Exception {
    long seed = Long.getLong("abide.seed", System.nanoTime());
    System.out.println("FoldKillTest -Dabide.seed=" + seed);
    Random random = new Random(seed);
    int halfDone = 0;
    int folded = 0;
    int kept = 0;
    for (int round = 0; round < ROUNDS; round++) {
      String before = basesTo().toString();
      killAt("base-", round == 0 ? STEPS : 1 + random.nextInt(STEPS));
      TreeSet<String> after = basesTo();
      folded += after.toString().equals(before) ? 0 : 1;
      halfDone += after.size() > 1 ? 1 : 0;
      kept += openAndCheck();
    }
    System.out.printf(
        "%d kills, %d of them behind the new base of a shard, %d between two such, %,d shards kept%n",
        ROUNDS, folded, halfDone, kept);
    assertThat(kept).as("shards kept").isGreaterThan(KEPT_OF_EACH * ROUNDS);
    assertThat(folded).as("kills behind the new base of a shard").isPositive();
    assertThat(halfDone).as("kills between the new bases of two shards").isPositive();
  }

  @Test
  void killInTheMiddleOfASort_keepsWhatWasAcknowledged() throws Exception {
    long seed = Long.getLong("abide.seed", System.nanoTime());
    System.out.println("FoldKillTest -Dabide.seed=" + seed);
    Random random = new Random(seed);
    int unfinished = 0;
    int kept = 0;
    for (int round = 0; round < SORTS; round++) {
      // The fourth: behind the file that was made, the bytes of its head, and those of a block.
      long answered = killAt("run-", round == 0 ? 4 : 1 + random.nextInt(SORT_STEPS));
      assertThat(answered).as("calls that were answered before it stood still").isPositive();
      unfinished += names().anyMatch(name -> name.matches("run-.*\\.tmp")) ? 1 : 0;
      kept += openAndCheck();
      assertThat(names().filter(name -> name.endsWith(".tmp"))).isEmpty();
    }
    System.out.printf(
        "%d kills in sorts, %d of them beside an unfinished run, %,d shards kept%n",
        SORTS, unfinished, kept);
    assertThat(unfinished).as("kills beside an unfinished run").isPositive();
    assertThat(kept).as("shards kept").isGreaterThan(KEPT_OF_EACH * SORTS);
  }

  /** What is there is what was answered; gives how many shards were kept. */
  private int openAndCheck() throws Exception {
    try (OnDisk engine = open(directory, files -> files)) {
      StateCheck.check(engine.store());
      for (Map.Entry<String, Long> acknowledged : ledger.entrySet()) {
        String id = acknowledged.getKey();
        long value = engine.abide().get(Counter.class, id).value();
        assertThat(value).as(id).isBetween(acknowledged.getValue(), acknowledged.getValue() + 1);
        acknowledged.setValue(value);
      }
      return StateCheck.kept(engine.store());
    }
  }

  /** Kills it right at the step, while calls come in; gives how many were answered. */
  private long killAt(String prefix, long step) throws Exception {
    boolean[] stopped = new boolean[1];
    long[] answered = new long[1];
    Victim.start(Load.class, directory, step, prefix)
        .listen(line -> {
          if (line.equals(STOPPED)) {
            stopped[0] = true;
            return true;
          }
          String[] words = line.split(" ");
          ledger.put(words[0], Long.parseLong(words[1]));
          answered[0]++;
          return false;
        });
    assertThat(stopped[0]).as("came to step %s of files %s", step, prefix).isTrue();
    return answered[0];
  }

  private Stream<String> names() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(file -> file.getFileName().toString()).toList().stream();
    }
  }

  /** The numbers that the bases of shards go to: more than one in the middle of a fold. */
  private TreeSet<String> basesTo() throws IOException {
    TreeSet<String> numbers = new TreeSet<>();
    names()
        .filter(name -> name.matches("base-.*-[0-9a-f]{16}"))
        .forEach(name -> numbers.add(name.substring(name.length() - 16)));
    return numbers;
  }
}
