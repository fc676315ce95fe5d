package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.ScriptObject;
import dev.abide.engine.fixtures.Setting;
import dev.abide.engine.fixtures.Undescribed;
import dev.abide.engine.internal.Access;
import dev.abide.engine.internal.activation.Engine;
import dev.abide.engine.internal.activation.EngineOptions;
import dev.abide.engine.internal.disk.GatedDisk;
import dev.abide.engine.internal.store.DiskStore;
import dev.abide.engine.internal.store.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * G5 by level: counters are written and not synced, scripts are synced, with a sync that blocks or
 * fails; and objects that are in memory only.
 */
@Timeout(120)
class DurabilityLevelsTest {
  private static final Consumer<Abide.TypeOptions> WRITTEN =
      own -> own.durability(Durability.PROCESS);
  private static final Consumer<Abide.TypeOptions> QUEUED_WRITTEN =
      own -> own.durability(Durability.PROCESS).inline(false);
  private static final Consumer<Abide.TypeOptions> IN_MEMORY =
      own -> own.durability(Durability.MEMORY);

  @TempDir Path directory;

  private final AtomicReference<GatedDisk> disk = new AtomicReference<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private @Nullable DiskStore store;
  private @Nullable Abide opened;

  private Abide open(Consumer<Abide.Options> types) {
    AtomicReference<Engine> engine = new AtomicReference<>();
    store =
        DiskStore.open(
            directory,
            StoreOptions.standard(),
            files -> {
              disk.set(new GatedDisk(files));
              return disk.get();
            },
            thrown -> {
              failure.set(thrown);
              engine.get().storageFailed(thrown);
            });
    engine.set(
        Engine.over(
            Undescribed.over(store),
            EngineOptions.of(
                Engines.with(options -> {
                  types.accept(options);
                  options.onReport(report -> {});
                }))));
    opened = Access.get().abide(engine.get());
    return opened;
  }

  private Abide openMixed(boolean inline) {
    return open(options ->
        options
            .host(Counter.class, CounterObject::new, inline ? WRITTEN : QUEUED_WRITTEN)
            .host(Script.class, ScriptObject::new, own -> own.inline(inline)));
  }

  @AfterEach
  void close() {
    GatedDisk files = disk.get();
    if (files != null) {
      files.open();
    }
    Abide last = opened;
    if (last != null) {
      last.close();
    }
  }

  private DiskStore store() {
    return Objects.requireNonNull(store);
  }

  private static <T> CompletableFuture<T> call(Callable<T> call) {
    CompletableFuture<T> outcome = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            outcome.complete(call.call());
          } catch (Throwable thrown) {
            outcome.completeExceptionally(thrown);
          }
        });
    return outcome;
  }

  private void awaitWritten(long number) {
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> store().written() >= number);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aWrittenReplyLeaves_whileTheSyncBlocks_andTheSyncComesByItself(boolean inline) {
    Counter counter = openMixed(inline).get(Counter.class, "a");
    disk.get().shut();

    assertThat(counter.increment(1)).isEqualTo(1);

    assertThat(store().written()).isEqualTo(1);
    assertThat(store().durable()).isZero();
    disk.get().awaitHeld();
    disk.get().open();
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> store().durable() == 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSyncedObjectThatCallsAWrittenOne_waitsForItsOwnCommit(boolean inline) {
    Abide abide = openMixed(inline);
    Script script = abide.get(Script.class, "s");
    disk.get().shut();
    CompletableFuture<String> both =
        call(() ->
            script.run((context, self) -> {
              context.storage().cell("own", Long.class).set(1L);
              return "" + context.get(Counter.class, "a").increment(7);
            }));
    awaitWritten(2);

    assertThat(both).isNotDone();
    disk.get().open();
    assertThat(both.join()).isEqualTo("7");
    assertThat(store().durable()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatAWrittenObjectHasSeenOfASyncedOne_waitsForTheSync(boolean inline) {
    Abide abide =
        open(options ->
            options
                .host(Counter.class, CounterObject::new, own -> own.inline(inline))
                .host(Script.class, ScriptObject::new, inline ? WRITTEN : QUEUED_WRITTEN));
    Script keeper = abide.get(Script.class, "keeper");
    assertThat(keeper.name()).isEqualTo("keeper");
    disk.get().shut();
    CompletableFuture<String> first =
        call(() ->
            keeper.run((context, self) -> {
              self.memory = "" + context.get(Counter.class, "a").increment(7);
              context.storage().cell("own", Long.class).set(1L);
              return self.memory;
            }));
    awaitWritten(1);
    disk.get().awaitHeld();
    // A later turn that neither writes nor calls.
    CompletableFuture<String> second = call(() -> keeper.look((context, self) -> self.memory));
    // One that has seen nothing: the engine goes on.
    assertThat(abide.get(Counter.class, "other").value()).isZero();

    assertThat(first).isNotDone();
    assertThat(second).isNotDone();
    disk.get().open();
    assertThat(first.join()).isEqualTo("7");
    assertThat(second.join()).isIn(Setting.field("7", ""));
  }

  @Test
  void awaitDurableWaitsForTheSyncOfWrittenCommitsToo() throws Exception {
    Abide abide =
        open(options ->
            options
                .durability(Durability.PROCESS)
                .host(Counter.class, CounterObject::new)
                .host(Script.class, ScriptObject::new));
    abide.get(Counter.class, "a").increment(1);
    abide.awaitDurable();
    assertThat(store().durable()).isEqualTo(1);

    String inTurn =
        abide
            .get(Script.class, "s")
            .run((context, self) -> {
              context.storage().cell("own", Long.class).set(1L);
              context.awaitDurable();
              return store().durable() + " of " + store().last();
            });
    assertThat(inTurn).isEqualTo("2 of 2");
  }

  @Test
  void idsListsWhatWasAnsweredAndIsNotSynced() {
    Abide abide = openMixed(true);
    abide.get(Counter.class, "a").increment(1);

    try (var ids = abide.ids(Counter.class)) {
      assertThat(ids).containsExactly("a");
    }
  }

  @Test
  void g13_aFailedSyncStopsTheEngine_andWhatWasWrittenIsThereAtTheNextOpen() {
    Counter counter = openMixed(true).get(Counter.class, "a");
    disk.get().shut();
    assertThat(counter.increment(5)).isEqualTo(5);
    disk.get().fail();
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> failure.get() != null);

    assertThatThrownBy(() -> counter.increment(1)).isInstanceOf(StorageException.class);
    close();
    assertThat(openMixed(true).get(Counter.class, "a").value()).isEqualTo(5);
  }

  @Test
  void objectsInMemory_takeNoNumbers_sleep_andAreGoneAtTheNextOpen() throws Exception {
    Abide abide =
        open(options ->
            options
                .host(Counter.class, CounterObject::new, IN_MEMORY)
                .host(Script.class, ScriptObject::new));
    disk.get().shut();
    Counter counter = abide.get(Counter.class, "a");
    assertThat(counter.increment(1)).isEqualTo(1);
    abide.sleep(Counter.class, "a");
    assertThat(counter.increment(1)).isEqualTo(2);
    assertThat(store().last()).isZero();
    try (var ids = abide.ids(Counter.class)) {
      assertThat(ids).containsExactly("a");
    }
    assertThat(abide.delete(Counter.class, "a")).isTrue();
    counter.increment(1);
    disk.get().open();
    abide
        .get(Script.class, "kept")
        .run((context, self) -> {
          context.storage().cell("own", Long.class).set(1L);
          return "";
        });
    close();

    Abide again =
        open(options ->
            options
                .host(Counter.class, CounterObject::new, IN_MEMORY)
                .host(Script.class, ScriptObject::new));
    assertThat(again.get(Counter.class, "a").value()).isZero();
    try (var ids = again.ids(Script.class)) {
      assertThat(ids).containsExactly("kept");
    }
  }

  @Test
  void aDirectoryWithStoredObjectsOfAType_refusesToHostItInMemory() {
    openMixed(true).get(Counter.class, "a").increment(1);
    close();
    opened = null;

    assertThatThrownBy(() ->
            Engines.open(
                directory, options -> options.host(Counter.class, CounterObject::new, IN_MEMORY)))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("\"counter\"")
        .hasMessageContaining("\"a\"")
        .hasMessageContaining("MEMORY");
    // And has given the directory back, unharmed.
    assertThat(openMixed(true).get(Counter.class, "a").value()).isEqualTo(1);
  }

  @Test
  void aDirectoryInMemory_isReported() throws IOException {
    Path memory = Path.of("/dev/shm");
    assumeTrue(
        Files.isDirectory(memory) && Files.getFileStore(memory).type().equals("tmpfs"),
        "this machine has no tmpfs at /dev/shm");
    Path inMemory = Files.createTempDirectory(memory, "abide");
    Queue<String> reports = new ConcurrentLinkedQueue<>();
    try {
      Engines.open(
              inMemory,
              options ->
                  options
                      .host(Counter.class, CounterObject::new)
                      .onReport(report -> reports.add(report.message())))
          .close();
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !reports.isEmpty());
      assertThat(reports.peek()).contains("tmpfs").contains(inMemory.toString());
    } finally {
      try (var files = Files.list(inMemory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(inMemory);
    }
  }
}
