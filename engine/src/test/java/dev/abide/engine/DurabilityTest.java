package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.CounterObject;
import dev.abide.engine.fixtures.Script;
import dev.abide.engine.fixtures.ScriptObject;
import dev.abide.engine.fixtures.Shape;
import dev.abide.engine.internal.Access;
import dev.abide.engine.internal.activation.Engine;
import dev.abide.engine.internal.activation.EngineOptions;
import dev.abide.engine.internal.disk.GatedDisk;
import dev.abide.engine.internal.journal.JournalOptions;
import dev.abide.engine.internal.store.DiskStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** G5, G6, G13, G14: a journal file whose sync blocks or fails. */
class DurabilityTest {
  @TempDir Path directory;

  private final AtomicReference<GatedDisk> disk = new AtomicReference<>();
  private DiskStore store;
  private Abide abide;

  @BeforeEach
  void open() {
    AtomicReference<Engine> engine = new AtomicReference<>();
    store =
        DiskStore.open(
            directory,
            JournalOptions.standard(),
            files -> {
              disk.set(new GatedDisk(files));
              return disk.get();
            },
            failure -> engine.get().storageFailed(failure));
    engine.set(
        Engine.over(
            store,
            EngineOptions.of(options ->
                options
                    .host(Counter.class, CounterObject::new)
                    .host(Script.class, ScriptObject::new)
                    .onReport(report -> {}))));
    abide = Access.get().abide(engine.get());
  }

  @AfterEach
  void close() {
    disk.get().open();
    abide.close();
  }

  private static <T> CompletableFuture<T> call(Callable<T> call) {
    CompletableFuture<T> outcome = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            outcome.complete(call.call());
          } catch (Throwable failure) {
            outcome.completeExceptionally(failure);
          }
        });
    return outcome;
  }

  private void awaitCommits(long number) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> store.last() == number);
  }

  @Test
  void g5_whileTheSyncBlocks_noReplyLeaves_andTheObjectTakesItsNextTurn() {
    Counter counter = abide.get(Counter.class, "a");
    counter.increment(1);
    disk.get().shut();
    CompletableFuture<Long> second = call(() -> counter.increment(1));
    awaitCommits(2);
    CompletableFuture<Long> third = call(() -> counter.increment(1));
    awaitCommits(3);
    CompletableFuture<Long> read = call(counter::value);
    CompletableFuture<Throwable> failed = call(() -> catchThrowable(() -> counter.fail("x")));
    // A later turn of another object, which has seen nothing, answers: the engine itself goes on.
    assertThat(abide.get(Counter.class, "b").value()).isZero();

    assertThat(second).isNotDone();
    assertThat(third).isNotDone();
    assertThat(read).isNotDone();
    assertThat(failed).as("an exception passes the gate too").isNotDone();
    assertThat(store.durable()).isEqualTo(1);

    disk.get().open();
    assertThat(second.join()).isEqualTo(2);
    assertThat(third.join()).isEqualTo(3);
    assertThat(read.join()).isEqualTo(3);
    assertThat(failed.join()).hasMessage("x");
  }

  @Test
  void g5_foreignReplyKeptInAField_twoTurnsLater_stillWaits() throws Exception {
    Script keeper = abide.get(Script.class, "keeper");
    assertThat(keeper.name()).isEqualTo("keeper");
    disk.get().shut();
    CompletableFuture<String> first =
        call(() ->
            keeper.run((context, self) -> {
              self.memory = "" + context.get(Counter.class, "a").increment(7);
              return self.memory;
            }));
    awaitCommits(1);
    // Two turns that write nothing and call nobody; what they say depends on the commit all the
    // same.
    CompletableFuture<String> second = call(keeper::name);
    CompletableFuture<String> third = call(() -> keeper.look((context, self) -> self.memory));
    assertThat(abide.get(Counter.class, "other").value()).isZero();

    assertThat(first).isNotDone();
    assertThat(second).isNotDone();
    assertThat(third).isNotDone();
    disk.get().open();
    assertThat(third.join()).isEqualTo("7");
    assertThat(first.join()).isEqualTo("7");
  }

  @Test
  void g13_afterAFailedSync_nothingIsAcknowledged_andTheSyncIsNotTriedAgain() {
    Counter counter = abide.get(Counter.class, "a");
    counter.increment(1);
    disk.get().shut();
    CompletableFuture<Long> written = call(() -> counter.increment(1));
    awaitCommits(2);
    disk.get().fail();

    assertThat(catchThrowable(written::join).getCause())
        .isInstanceOfSatisfying(
            StorageException.class,
            failure -> assertThat(failure.applied()).isEqualTo(Applied.UNKNOWN));
    assertThatThrownBy(() -> counter.increment(1)).isInstanceOf(StorageException.class);
    assertThatThrownBy(counter::value).isInstanceOf(StorageException.class);
    assertThat(abide.ready()).isFalse();
    assertThat(disk.get().failures).hasValue(1);

    abide.close();
    try (Abide again = Shape.DISK.open(directory, options -> {})) {
      assertThat(again.get(Counter.class, "a").value()).isBetween(1L, 2L);
    }
  }

  @Test
  void g14_secondOpen_isRefusedAndNamesTheHolder_andTheFirstGoesOn() {
    assertThatThrownBy(() -> Shape.DISK.open(directory, options -> {}))
        .isInstanceOf(DirectoryInUseException.class)
        .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));

    assertThat(abide.get(Counter.class, "a").increment(1)).isEqualTo(1);
    abide.close();
    try (Abide again = Shape.DISK.open(directory, options -> {})) {
      assertThat(again.get(Counter.class, "a").value()).isEqualTo(1);
    }
  }

  @Test
  void cleanClose_thenOpen_readsLessThanAMegabyteOfJournal() {
    Counter counter = abide.get(Counter.class, "a");
    for (int n = 0; n < 2_000; n++) {
      abide.get(Counter.class, "of-" + n % 100).add(1);
    }
    abide.awaitDurable();
    counter.increment(5);
    abide.close();
    open();

    assertThat(disk.get().bytesRead).hasValueLessThan(1 << 20);
    assertThat(abide.get(Counter.class, "a").value()).isEqualTo(5);
    assertThat(abide.get(Counter.class, "of-7").value()).isEqualTo(20);
    try (var ids = abide.ids(Counter.class)) {
      assertThat(ids.count()).isEqualTo(101);
    }
  }
}
