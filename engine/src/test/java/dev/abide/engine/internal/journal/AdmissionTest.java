package dev.abide.engine.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.disk.FileDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Appends that wait in line until the store has applied earlier ones. */
@Timeout(60)
final class AdmissionTest {
  private static final int BYTES = 100;
  private static final long HELD =
      NumberedCommit.heapBytes(CommitCodec.encode(JournalFaultTest.commit(BYTES)).length);

  @TempDir Path directory;

  private Journal journal;
  private boolean closed;

  /** How often anybody asked whether commits are refused: whoever is woken does. */
  private final AtomicInteger asked = new AtomicInteger();

  private void open(int commits, Duration wait) throws IOException {
    FileDisk disk = new FileDisk(directory);
    JournalOptions options = new JournalOptions(commits * HELD, wait);
    journal = Journal.recover(disk, Identity.of(disk), options, 0, _ -> {}, _ -> {});
    journal.start(_ -> {});
    for (int i = 1; i <= commits; i++) {
      assertThat(journal.append(JournalFaultTest.commit(BYTES))).isEqualTo(i);
    }
  }

  @AfterEach
  void close() throws IOException {
    if (!closed) {
      closed = true;
      journal.close();
    }
  }

  /** One that waits in line, or will: who comes later stands behind it. */
  private FutureTask<Long> waiting(int bytes, AtomicReference<@Nullable StorageException> refusal) {
    AtomicInteger own = new AtomicInteger();
    FutureTask<Long> append =
        new FutureTask<>(() ->
            journal.append(
                JournalFaultTest.commit(bytes),
                () -> {
                  asked.incrementAndGet();
                  own.incrementAndGet();
                  return refusal.get();
                }));
    Thread.ofVirtual().start(append);
    // It asks under the lock, and lets go of this where it waits.
    while (own.get() == 0) {
      Thread.onSpinWait();
    }
    return append;
  }

  private FutureTask<Long> waiting() {
    return waiting(BYTES, new AtomicReference<>());
  }

  @Test
  void thoseThatWait_areAdmittedInOrder_andAreNotAllWokenForEach() throws Exception {
    open(1, Duration.ofSeconds(60));
    List<FutureTask<Long>> line = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      line.add(waiting());
    }
    asked.set(0);
    for (int i = 0; i < 200; i++) {
      journal.applied(HELD);
      assertThat(line.get(i).get()).isEqualTo(i + 2);
    }
    assertThat(asked).hasValueLessThan(200 * 10);
  }

  @Test
  void whatIsGivenBackAtOnce_admitsAllThatFit_withoutTheirHelp() throws Exception {
    open(10, Duration.ofSeconds(60));
    List<FutureTask<Long>> line = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      line.add(waiting());
    }
    journal.applied(7 * HELD);
    assertThat(journal.last()).isEqualTo(17);
    journal.applied(10 * HELD);
    assertThat(journal.last()).isEqualTo(27);
    journal.applied(10 * HELD);
    for (int i = 0; i < 20; i++) {
      assertThat(line.get(i).get()).isEqualTo(11 + i);
    }
  }

  @Test
  void smallOne_doesNotPassALargeOne_untilThatLeaves() throws Exception {
    open(4, Duration.ofSeconds(60));
    AtomicReference<@Nullable StorageException> refusal = new AtomicReference<>();
    FutureTask<Long> large = waiting((int) (3 * HELD), refusal);
    FutureTask<Long> small = waiting();
    journal.applied(HELD);
    assertThat(journal.last()).isEqualTo(4);

    refusal.set(new StorageException("meant", null, true, Applied.NO));
    journal.lookAgain();

    assertThatThrownBy(large::get)
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("meant");
    assertThat(small.get()).isEqualTo(5);
  }

  @Test
  void whoeverLeavesTheMiddleOrTheEnd_leavesTheOthersTheirPlaces() throws Exception {
    open(1, Duration.ofSeconds(60));
    List<AtomicReference<@Nullable StorageException>> refusals = new ArrayList<>();
    List<FutureTask<Long>> line = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      refusals.add(new AtomicReference<>());
      line.add(waiting(BYTES, refusals.get(i)));
    }
    refusals.get(1).set(new StorageException("meant", null, true, Applied.NO));
    refusals.get(3).set(new StorageException("meant", null, true, Applied.NO));
    journal.lookAgain();
    assertThatThrownBy(line.get(1)::get).isInstanceOf(ExecutionException.class);
    assertThatThrownBy(line.get(3)::get).isInstanceOf(ExecutionException.class);
    line.add(waiting());

    journal.applied(HELD);
    assertThat(line.get(0).get()).isEqualTo(2);
    journal.applied(HELD);
    assertThat(line.get(2).get()).isEqualTo(3);
    journal.applied(HELD);
    assertThat(line.get(4).get()).isEqualTo(4);
  }

  @Test
  void interrupt_isKeptForLater_andLosesNoPlace() throws Exception {
    open(1, Duration.ofSeconds(60));
    AtomicInteger own = new AtomicInteger();
    FutureTask<Boolean> append =
        new FutureTask<>(() -> {
          long number =
              journal.append(
                  JournalFaultTest.commit(BYTES),
                  () -> {
                    own.incrementAndGet();
                    return null;
                  });
          assertThat(number).isEqualTo(2);
          return Thread.currentThread().isInterrupted();
        });
    Thread thread = Thread.ofVirtual().start(append);
    thread.interrupt();
    // Asked once on coming, and again when the interrupt has ended its first wait.
    while (own.get() < 2) {
      Thread.onSpinWait();
    }
    journal.applied(HELD);
    assertThat(append.get()).isTrue();
  }

  @Test
  void whoeverWaits_isRefused_whenItsTimeIsOver() throws Exception {
    open(1, Duration.ofMillis(20));
    assertThatThrownBy(waiting()::get)
        .cause()
        .isInstanceOfSatisfying(
            StorageException.class,
            late -> {
              assertThat(late)
                  .hasMessageContaining("waited")
                  .hasMessageContaining("bytes of the heap");
              assertThat(late.retryable()).isTrue();
              assertThat(late.applied()).isEqualTo(Applied.NO);
            });
  }

  @Test
  void whoeverWaits_isRefused_whenTheJournalCloses() throws Exception {
    open(1, Duration.ofSeconds(60));
    List<FutureTask<Long>> line = List.of(waiting(), waiting(), waiting());
    close();
    for (FutureTask<Long> refused : line) {
      assertThatThrownBy(refused::get)
          .cause()
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("closed");
    }
    assertThat(journal.last()).isEqualTo(1);
  }
}
