package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.fixtures.OnDisk;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.ScriptObject;
import dev.abide.engine.internal.compaction.CompactionOptions;
import dev.abide.engine.internal.journal.JournalOptions;
import dev.abide.engine.internal.store.StateCheck;
import dev.abide.engine.internal.store.StoreOptions;
import dev.abide.engine.internal.store.chronicle.ChronicleStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * G5 beside growth: the thread that makes maps is held up for as long as the test likes, and calls
 * are answered meanwhile, durably, though what they store has no room in the maps.
 */
@Timeout(240)
final class SlowMapMakerTest {
  private static final int CALLERS = 4;
  private static final int CALLS = 400;

  /** Of each call; all of it is much more than a shard's first map can hold. */
  private static final int BYTES = 8_000;

  private static final Executor VIRTUAL = Thread::startVirtualThread;

  @TempDir Path directory;

  private final Gate gate = new Gate();

  /** Where the thread that makes maps comes by before each. */
  private static final class Gate implements Runnable {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean shut;
    private int held;

    void shut(boolean now) {
      lock.lock();
      try {
        shut = now;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    /** Returns when a map is waited for that is not made. */
    void awaitHeld() {
      lock.lock();
      try {
        while (held == 0) {
          changed.awaitUninterruptibly();
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void run() {
      lock.lock();
      try {
        held++;
        changed.signalAll();
        while (shut) {
          changed.awaitUninterruptibly();
        }
        held--;
      } finally {
        lock.unlock();
      }
    }
  }

  private interface Work {
    void with(OnDisk engine) throws Exception;
  }

  private void open(Work work) throws Exception {
    try (OnDisk engine = open()) {
      try {
        work.with(engine);
      } finally {
        // Also where the test has failed: the close waits for the thread.
        gate.shut(false);
      }
    }
  }

  private OnDisk open() {
    return OnDisk.open(
        directory,
        new StoreOptions(
            new JournalOptions(64 << 20, Duration.ofSeconds(60)), CompactionOptions.standard()),
        new ChronicleStore.Options(1, true, gate),
        options -> options.host(Script.class, ScriptObject::new).onReport(_ -> {}));
  }

  private static StoredMap<Long, byte[]> filler(ObjectContext context) {
    return context.storage().map("filler", Long.class, byte[].class);
  }

  private static void fill(OnDisk engine, String id, long call) {
    try {
      engine
          .abide()
          .get(Script.class, id)
          .run((context, self) -> {
            filler(context).put(call, new byte[BYTES]);
            return "";
          });
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ids of objects that all lie in one shard. */
  private static List<String> idsOfOneShard(OnDisk engine) {
    int shard = shard(engine, "id-0");
    return IntStream.iterate(0, n -> n + 1)
        .mapToObj(n -> "id-" + n)
        .filter(id -> shard(engine, id) == shard)
        .limit(CALLERS)
        .toList();
  }

  private static int shard(OnDisk engine, String id) {
    return engine.store().name("script", id).shard();
  }

  /** All are answered, which happens only when what they did is durable. */
  private static void call(OnDisk engine, List<String> ids, int from) throws Exception {
    List<CompletableFuture<Void>> callers = new ArrayList<>();
    for (String id : ids) {
      callers.add(
          CompletableFuture.runAsync(
              () -> {
                for (int call = from; call < CALLS; call++) {
                  fill(engine, id, call);
                }
              },
              VIRTUAL));
    }
    for (CompletableFuture<Void> caller : callers) {
      caller.get(120, TimeUnit.SECONDS);
    }
    assertThat(engine.store().durable()).isEqualTo(engine.store().last());
  }

  private List<Path> maps(int shard) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(
              file -> file.getFileName().toString().startsWith("map-%02d-".formatted(shard)))
          .toList();
    }
  }

  private static void check(OnDisk engine, List<String> ids) throws Exception {
    StateCheck.check(engine.store());
    for (String id : ids) {
      assertThat(
              engine
                  .abide()
                  .get(Script.class, id)
                  .run((context, self) -> "" + filler(context).keys().size()))
          .isEqualTo("" + CALLS);
    }
  }

  @Test
  void callsAreAnsweredDurably_whileTheNextMapOfTheirShardIsNotMade() throws Exception {
    open(engine -> {
      List<String> ids = idsOfOneShard(engine);
      int shard = shard(engine, ids.getFirst());
      for (String id : ids) {
        fill(engine, id, 0);
      }
      engine.store().awaitApplied();
      assertThat(maps(shard)).hasSize(1);
      gate.shut(true);

      call(engine, ids, 1);

      gate.awaitHeld();
      assertThat(maps(shard)).as("maps of the shard").hasSize(1);
      assertThat(Files.size(maps(shard).getFirst()))
          .as("bytes of a map that cannot hold what was stored")
          .isLessThan((long) CALLERS * CALLS * BYTES / 2);
      gate.shut(false);
      check(engine, ids);
      assertThat(maps(shard).getLast().getFileName().toString()).doesNotEndWith("-00000001");
    });
    open(engine -> check(engine, idsOfOneShard(engine)));
  }

  @Test
  void callsAreAnsweredDurably_whileNoMapIsMadeAtAll() throws Exception {
    gate.shut(true);
    open(engine -> {
      List<String> ids = idsOfOneShard(engine);

      call(engine, ids, 0);

      gate.awaitHeld();
      assertThat(maps(shard(engine, ids.getFirst()))).as("maps of the shard").isEmpty();
      gate.shut(false);
      check(engine, ids);
    });
  }
}
