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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * G5, G6: a process that is killed with -9 while it opens a directory and rebuilds all of its
 * store, again and again, each time at another point; the open that is let alone has everything. At
 * each change of a file: {@code -Dabide.kills=1}.
 */
@Timeout(600)
class RebuildKillTest {
  /** Else more and more changes are passed over. */
  private static final boolean EACH = Integer.getInteger("abide.kills", 0) > 0;

  private static final int CALLERS = 8;

  /** Before nine segments are full, of which none is sorted while there are calls. */
  private static final int CALLS = 1_500;

  private static final String STOPPED = "stopped";
  private static final String OPEN = "open";

  @TempDir Path directory;

  private final Map<String, Long> ledger = new HashMap<>();

  private static OnDisk open(Path directory, UnaryOperator<Disk> disk, IntConsumer filled) {
    return OnDisk.open(
        directory,
        new StoreOptions(
                new JournalOptions(64 << 20, Duration.ofSeconds(60), 65_536, 65_536),
                new CompactionOptions(Duration.ofHours(1), 1L << 30, 4, 3, 1L << 30, 1L << 40))
            .telling(filled),
        disk,
        store -> store,
        options -> options.host(Counter.class, CounterObject::new).onReport(_ -> {}));
  }

  /** The process that writes. Its compaction stands still from the beginning. */
  static final class Load {
    private Load() {}

    public static void main(String[] args) throws Exception {
      UnaryOperator<Disk> disk = files -> new StepDisk(files, "run-", 1, StepDisk::standStill);
      try (OnDisk engine = open(Path.of(args[0]), disk, _ -> {})) {
        Thread[] callers = new Thread[CALLERS];
        for (int n = 0; n < CALLERS; n++) {
          String first = "counter-" + n + "-";
          callers[n] =
              Thread.ofVirtual()
                  .start(() -> {
                    for (int call = 0; ; call++) {
                      String id = first + call % 40;
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

  /** The process that opens, and stands still at a change of a file, or of so many shards. */
  static final class Opener {
    private Opener() {}

    private static void stop() {
      Victim.say(STOPPED);
      StepDisk.standStill();
    }

    public static void main(String[] args) {
      long change = Long.parseLong(args[1]);
      int shards = Integer.parseInt(args[2]);
      UnaryOperator<Disk> disk = files -> new StepDisk(files, "", change, Opener::stop);
      IntConsumer filled =
          count -> {
            if (count == shards) {
              stop();
            }
          };
      try (OnDisk _ = open(Path.of(args[0]), disk, filled)) {
        Victim.say(OPEN);
        StepDisk.standStill();
      }
    }
  }

  @BeforeEach
  void write() throws Exception {
    int[] calls = new int[1];
    Victim.start(Load.class, directory)
        .listen(line -> {
          String[] words = line.split(" ");
          ledger.put(words[0], Long.parseLong(words[1]));
          return ++calls[0] == CALLS;
        });
    assertThat(calls[0]).isGreaterThanOrEqualTo(CALLS);
    assertThat(runs()).as("runs before the first open").isZero();
  }

  private long runs() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(file -> file.getFileName().toString().startsWith("run-")).count();
    }
  }

  /**
   * As after a loss of power, no shard is kept.
   *
   * @return whether it was killed before it was open
   */
  private boolean killInOpen(long change, int shards) throws Exception {
    Files.deleteIfExists(directory.resolve("lines"));
    AtomicBoolean opened = new AtomicBoolean();
    int lines =
        Victim.start(Opener.class, directory, change, shards)
            .listen(line -> {
              opened.compareAndSet(false, line.equals(OPEN));
              return true;
            });
    assertThat(lines).as("lines of the process that opens").isPositive();
    return !opened.get();
  }

  private void openToTheEnd() throws Exception {
    Files.deleteIfExists(directory.resolve("lines"));
    try (OnDisk engine = open(directory, files -> files, _ -> {})) {
      assertThat(StateCheck.kept(engine.store())).isZero();
      StateCheck.check(engine.store());
      ledger.forEach((id, acknowledged) ->
          assertThat(engine.abide().get(Counter.class, id).value())
              .as(id)
              .isBetween(acknowledged, acknowledged + 1));
    }
  }

  @Test
  void killedAtOneChangeOfAFileAfterTheOther_theLastOpenHasEverything() throws Exception {
    int kills = 0;
    int more = 1;
    for (long change = 1; killInOpen(change, -1); change += more) {
      kills++;
      more = EACH ? 1 : 1 + kills * kills / 8;
    }
    System.out.println("RebuildKillTest: " + kills + " kills before it was open");
    assertThat(kills).isGreaterThan(7);
    assertThat(runs()).as("runs that those made which were killed").isPositive();
    openToTheEnd();
  }

  @Test
  void killedAfterMoreAndMoreShardsWereFilled_theLastOpenHasEverything() throws Exception {
    for (int shards : new int[] {1, 2, 9, 20, 33, 50, 63}) {
      assertThat(killInOpen(Long.MAX_VALUE, shards)).as("%s shards", shards).isTrue();
    }
    openToTheEnd();
  }
}
