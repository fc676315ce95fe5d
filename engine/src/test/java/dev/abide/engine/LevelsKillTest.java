package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.fixtures.Living;
import dev.abide.engine.fixtures.LivingObject;
import dev.abide.engine.fixtures.OnDisk;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.ScriptObject;
import dev.abide.engine.fixtures.Victim;
import dev.abide.engine.internal.store.StateCheck;
import dev.abide.engine.internal.store.StoreOptions;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * G5, G6 by level: a process that is killed with -9 while one engine has counters of the level
 * {@code PROCESS}, scripts of {@code SYNC} and living objects of {@code MEMORY}, against a ledger
 * outside of it. More rounds: {@code -Dabide.kills=200}.
 */
@Timeout(3_600)
class LevelsKillTest {
  private static final int ROUNDS = Integer.getInteger("abide.kills", 6);
  private static final int CALLERS = 8;
  private static final int IDS = 5;

  @TempDir Path directory;

  /** The highest number that each object has answered with. */
  private final Map<String, Long> ledger = new HashMap<>();

  private static OnDisk open(Path directory) {
    return OnDisk.open(
        directory,
        StoreOptions.standard(),
        options ->
            options
                .host(Counter.class, CounterObject::new, own -> own.durability(Durability.PROCESS))
                .host(Script.class, ScriptObject::new)
                .host(Living.class, LivingObject::new, own -> own.durability(Durability.MEMORY))
                .onReport(_ -> {}));
  }

  /** Has its counter counted, and keeps what that said: more is synced than its own commit. */
  private static String copy(Abide abide, String id) throws Exception {
    return abide
        .get(Script.class, id)
        .run((context, self) -> {
          self.number.set(context.get(Counter.class, id).increment(1));
          return "" + self.number.get();
        });
  }

  private static long copied(Abide abide, String id) throws Exception {
    return Long.parseLong(
        abide.get(Script.class, id).look((context, self) -> "" + self.number.get()));
  }

  private static String remember(Abide abide, String id) throws Exception {
    return abide
        .get(Living.class, id)
        .run((context, self) -> "" + self.number.update(number -> number + 1));
  }

  private static <T> long count(Abide abide, Class<T> type) {
    try (Stream<String> ids = abide.ids(type)) {
      return ids.count();
    }
  }

  /** The process that is killed. With a second argument nothing in it is ever synced for a call. */
  static final class Load {
    private Load() {}

    private static String call(Abide abide, int kind, String id) throws Exception {
      return switch (kind) {
        case 2 -> copy(abide, id);
        case 3 -> remember(abide, id);
        default -> "" + abide.get(Counter.class, id).increment(1);
      };
    }

    public static void main(String[] args) throws Exception {
      boolean mixed = args.length == 1;
      try (OnDisk engine = open(Path.of(args[0]))) {
        Victim.say("empty " + count(engine.abide(), Living.class));
        Thread[] callers = new Thread[CALLERS];
        for (int n = 0; n < CALLERS; n++) {
          int kind = mixed || n % 4 != 2 ? n % 4 : 0;
          String first = (kind < 2 ? "counter-" : kind == 2 ? "script-" : "living-") + n + "-";
          callers[n] =
              Thread.ofVirtual()
                  .start(() -> {
                    for (int call = 0; ; call++) {
                      String id = first + call % IDS;
                      try {
                        Victim.say(id + " " + call(engine.abide(), kind, id));
                        if (kind == 3) {
                          // Else those in memory, which wait for nothing, would do all the talking.
                          String counted = "counter-" + id;
                          Victim.say(counted + " " + call(engine.abide(), 0, counted));
                        }
                      } catch (Exception e) {
                        throw new IllegalStateException(e);
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
  void kill_keepsWhatWasWrittenAndWhatWasSynced_andNothingOfWhatWasInMemory() throws Exception {
    long seed = Long.getLong("abide.seed", System.nanoTime());
    System.out.println("LevelsKillTest -Dabide.seed=" + seed);
    Random random = new Random(seed);
    int kept = 0;
    for (int round = 0; round < ROUNDS; round++) {
      boolean mixed = round % 2 == 0;
      runAndKill(mixed, 300 + random.nextInt(4_000));
      try (OnDisk engine = open(directory)) {
        kept += StateCheck.kept(engine.store());
        check(engine);
      }
    }
    System.out.printf("%d kills, %,d shards kept, at the end %s%n", ROUNDS, kept, ledger);
    // Which shard is busy at the moment of a kill is up to chance; that few are is not.
    assertThat(kept).as("shards kept").isGreaterThan(16 * ROUNDS);
    assertThat(ledger.keySet()).anyMatch(id -> id.startsWith("counter-"));
    assertThat(ledger.keySet()).anyMatch(id -> id.startsWith("script-"));
  }

  private void check(OnDisk engine) throws Exception {
    StateCheck.check(engine.store());
    Abide abide = engine.abide();
    assertThat(count(abide, Living.class)).as("objects in memory").isZero();
    for (Map.Entry<String, Long> entry : ledger.entrySet()) {
      String id = entry.getKey();
      long acknowledged = entry.getValue();
      long counted = abide.get(Counter.class, id).value();
      if (id.startsWith("counter-")) {
        // One call of each caller may have been on its way: done and not said.
        assertThat(counted).as(id).isBetween(acknowledged, acknowledged + 1);
        entry.setValue(counted);
      } else {
        long copied = copied(abide, id);
        // What a script says it got from its counter is there: the prefix is of both levels.
        assertThat(copied).as(id).isBetween(acknowledged, counted);
        entry.setValue(copied);
      }
    }
    // And begins from nothing once more, without a number.
    long last = engine.store().last();
    assertThat(remember(abide, "living-3-0")).isEqualTo("1");
    assertThat(engine.store().last()).isEqualTo(last);
  }

  private void runAndKill(boolean mixed, int lines) throws Exception {
    Victim victim =
        mixed
            ? Victim.start(Load.class, directory)
            : Victim.start(Load.class, directory, "written only");
    Map<String, Long> inMemory = new HashMap<>();
    AtomicInteger heard = new AtomicInteger();
    int all =
        victim.listen(line -> {
          String[] words = line.split(" ");
          long number = Long.parseLong(words[1]);
          if (words[0].equals("empty")) {
            assertThat(number).as("objects in memory when the process began").isZero();
          } else if (words[0].startsWith("living-")) {
            assertThat(number).as(words[0]).isEqualTo(inMemory.merge(words[0], 1L, Long::sum));
          } else {
            ledger.put(words[0], number);
          }
          return heard.incrementAndGet() == lines;
        });
    assertThat(all)
        .as("lines that the process said before it was killed")
        .isGreaterThanOrEqualTo(lines);
    assertThat(inMemory).as("objects in memory that had answered").isNotEmpty();
  }
}
