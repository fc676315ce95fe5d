package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.fixtures.Later;
import dev.abide.engine.fixtures.LaterObject;
import dev.abide.engine.fixtures.Lobby;
import dev.abide.engine.fixtures.LobbyObject;
import dev.abide.engine.fixtures.OnDisk;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.ScriptObject;
import dev.abide.engine.internal.compaction.CompactionOptions;
import dev.abide.engine.internal.disk.MemoryDisk;
import dev.abide.engine.internal.disk.SlowSyncDisk;
import dev.abide.engine.internal.journal.Identity;
import dev.abide.engine.internal.journal.Journal;
import dev.abide.engine.internal.journal.JournalOptions;
import dev.abide.engine.internal.store.Change;
import dev.abide.engine.internal.store.Commit;
import dev.abide.engine.internal.store.StoreOptions;
import dev.abide.engine.internal.stored.StorageKeys;
import dev.abide.engine.internal.stored.StoredValues;
import dev.abide.engine.testing.TestSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * G5, by an observer: whatever leaves the engine says how far a counter had come. At that instant
 * the disk is taken as a loss of power would leave it, recovered, and has that much. Of counters
 * that are only written, as the end of the process would leave it.
 */
@Timeout(300)
class GateObserverTest {
  private static final int CALLERS = 5;
  private static final int CALLS = 20;
  private static final Pattern COUNTED = Pattern.compile("(c\\d)=(\\d+)");

  /** One segment takes all of it, so that recovery replays all of it. */
  private static final StoreOptions STORE =
      new StoreOptions(
          new JournalOptions(64 << 20, Duration.ofSeconds(60), 1 << 20, 1 << 20),
          CompactionOptions.standard());

  @TempDir Path directory;

  private final MemoryDisk disk = new MemoryDisk();
  private final AtomicInteger observed = new AtomicInteger();

  /** What the listener of reports found: nobody is told what that throws. */
  private final Queue<Throwable> inReports = new ConcurrentLinkedQueue<>();

  private final AtomicInteger reports = new AtomicInteger();
  private boolean killOnly;
  private long seed;

  /** Something has left that says how far one counter, or several, had come. */
  private void left(String what, String said) {
    MemoryDisk after;
    if (killOnly) {
      after = disk.copy();
    } else {
      after = disk.afterPowerLoss(new Random(seed + observed.get()));
    }
    Map<String, Long> counts = recovered(after);
    Matcher counted = COUNTED.matcher(said);
    while (counted.find()) {
      assertThat(counts.getOrDefault(counted.group(1), 0L))
          .as("what is kept of %s, which %s had told: %s", counted.group(1), what, said)
          .isGreaterThanOrEqualTo(Long.parseLong(counted.group(2)));
      observed.incrementAndGet();
    }
  }

  private static Map<String, Long> recovered(MemoryDisk after) {
    Map<String, Long> counts = new HashMap<>();
    byte[] cell = StorageKeys.cell("count");
    try {
      Identity identity = Identity.of(after);
      var _ =
          Journal.recover(
                  after,
                  identity,
                  STORE.journal(),
                  0,
                  numbered -> {
                    Commit commit = numbered.commit();
                    for (Change change : commit.changes()) {
                      byte[] value = change.value();
                      if (commit.name().type().equals("counter")
                          && Arrays.equals(change.key(), cell)
                          && value != null) {
                        counts.put(
                            commit.name().id(),
                            StoredValues.decode(
                                StoredType.of(Long.class), value, commit.name()::toString));
                      }
                    }
                  },
                  _ -> {})
              .close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return counts;
  }

  private static String said(String id, long value) {
    return id + "=" + value;
  }

  private Abide open(boolean inline) {
    LobbyObject.BEHAVIOURS.put(
        "observed",
        new LobbyObject.Behaviour() {
          @Override
          public void text(
              ObjectContext context, LobbyObject self, ClientSocket socket, String id) {
            socket.send(said(id, context.get(Counter.class, id).increment(1)));
          }
        });
    return OnDisk.open(
            directory,
            STORE,
            files -> new SlowSyncDisk(disk, 300_000),
            store -> store,
            options ->
                options
                    .host(
                        Counter.class,
                        CounterObject::new,
                        own -> own.durability(killOnly ? Durability.PROCESS : Durability.SYNC))
                    .host(Script.class, ScriptObject::new)
                    .host(Later.class, LaterObject::new)
                    .host(Lobby.class, LobbyObject::new)
                    .inline(inline)
                    .onReport(report -> {
                      Throwable found = catchThrowable(() -> left("a report", "" + report.cause()));
                      if (found != null) {
                        inReports.add(found);
                      }
                      reports.incrementAndGet();
                    }))
        .abide();
  }

  @ParameterizedTest
  @CsvSource({"true, false", "false, false", "true, true", "false, true"})
  void whateverLeaves_isOnTheDiskAtThatInstant(boolean inline, boolean process) throws Exception {
    seed = Long.getLong("abide.seed", System.nanoTime());
    System.out.println("GateObserverTest -Dabide.seed=" + seed);
    killOnly = process;
    try (Abide abide = open(inline)) {
      List<FutureTask<Void>> callers = new ArrayList<>();
      for (int n = 0; n < CALLERS; n++) {
        Random random = new Random(seed + n);
        FutureTask<Void> caller =
            new FutureTask<>(() -> {
              try (TestSocket socket =
                  TestSocket.connect(abide, Lobby.class, "observed", options -> {})) {
                // Not left to chance: with one of a hundred seeds there would be no report.
                call(abide, socket, "c0", 6);
                for (int call = 1; call < CALLS; call++) {
                  call(abide, socket, "c" + random.nextInt(3), random.nextInt(7));
                }
              }
              return null;
            });
        callers.add(caller);
        Thread.ofVirtual().start(caller);
      }
      for (FutureTask<Void> caller : callers) {
        caller.get();
      }
    } finally {
      LobbyObject.BEHAVIOURS.remove("observed");
    }
    assertThat(inReports).isEmpty();
    assertThat(reports.get()).as("reports").isPositive();
    System.out.println(observed.get() + " things that left were compared");
    assertThat(observed.get()).isGreaterThan(CALLERS * CALLS / 2);
  }

  private void call(Abide abide, TestSocket socket, String id, int kind) throws Exception {
    Counter counter = abide.get(Counter.class, id);
    Script script = abide.get(Script.class, "s");
    switch (kind) {
      case 0 -> left("a reply", said(id, counter.increment(1)));
      case 1 -> left("a reply that wrote nothing", said(id, counter.value()));
      case 2 ->
          // A foreign reply, kept in a field, and told by another turn later.
          left(
              "a reply of an object that called it",
              script.run((context, self) ->
                  self.memory = said(id, context.get(Counter.class, id).increment(1))));
      case 3 -> left("a reply that looked at a field", script.look((context, self) -> self.memory));
      case 4 -> {
        Throwable thrown =
            catchThrowable(() ->
                script.run((context, self) -> {
                  throw new IllegalArgumentException(
                      said(id, context.get(Counter.class, id).increment(1)));
                }));
        left("an exception", String.valueOf(thrown.getMessage()));
      }
      case 5 ->
          abide
              .get(Later.class, "l")
              .run((context, self) -> {
                String value = said(id, context.get(Counter.class, id).increment(1));
                return CompletableFuture.completedFuture(value);
              })
              .thenAccept(value -> left("a stage", value))
              .toCompletableFuture()
              .get();
      default -> {
        if (id.equals("c0")) {
          script.send((context, self) -> {
            throw new IllegalStateException(said(id, context.get(Counter.class, id).increment(1)));
          });
        } else {
          socket.send(id);
          left("a frame", socket.next());
        }
      }
    }
  }
}
