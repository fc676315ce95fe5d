package dev.abide.engine.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.disk.FaultyDisk;
import dev.abide.engine.internal.disk.FileDisk;
import dev.abide.engine.internal.store.ApplyListener;
import dev.abide.engine.internal.store.Change;
import dev.abide.engine.internal.store.Commit;
import dev.abide.engine.internal.store.ObjectName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class JournalFaultTest {
  private static final JournalOptions OPTIONS =
      new JournalOptions(1L << 30, Duration.ofSeconds(30));

  @TempDir Path directory;

  static Commit commit(int bytes) {
    return commit(bytes, true);
  }

  static Commit commit(int bytes, boolean synced) {
    return new Commit(
        new ObjectName("T", "id", 1, 2),
        false,
        List.of(),
        List.of(new Change(new byte[] {1}, new byte[bytes])),
        new ApplyListener() {
          @Override
          public void applied(long number) {}

          @Override
          public boolean synced() {
            return synced;
          }
        });
  }

  private static Journal recover(FaultyDisk disk, List<Long> numbers) throws IOException {
    return Journal.recover(
        disk, Identity.of(disk), OPTIONS, 0, commit -> numbers.add(commit.number()), _ -> {});
  }

  @Test
  void nothingIsAnsweredWhileASyncIsStuck() throws Exception {
    FaultyDisk disk = new FaultyDisk(new FileDisk(directory));
    Journal journal = recover(disk, new ArrayList<>());
    journal.start(_ -> {});
    disk.blockForce();
    long first = journal.append(commit(10));
    disk.awaitBlocked();
    CountDownLatch answered = new CountDownLatch(1);
    FutureTask<Void> waiter =
        new FutureTask<>(() -> {
          journal.awaitDurable(first);
          answered.countDown();
          return null;
        });
    Thread.ofVirtual().start(waiter);
    long second = journal.append(commit(10));
    assertThat(second).isEqualTo(first + 1);
    assertThat(journal.durable()).isZero();
    assertThat(answered.getCount()).isEqualTo(1);
    disk.unblockForce();
    waiter.get();
    journal.awaitDurable(second);
    assertThat(journal.durable()).isEqualTo(second);
    assertThat(journal.close()).isNotNull();
  }

  @Test
  void aFailedSyncEndsTheJournal() throws Exception {
    FaultyDisk disk = new FaultyDisk(new FileDisk(directory));
    Journal journal = recover(disk, new ArrayList<>());
    List<Long> published = new ArrayList<>();
    // The thread that makes segments is done with its first one before the fault is set: a
    // segment is taken into use that is ready, and the one after it is made on demand.
    journal.start(batch -> batch.forEach(commit -> published.add(commit.number())));
    journal.awaitDurable(journal.append(commit(10)));
    awaitSegments(disk, 2);
    disk.failForce(1);
    long lost = journal.append(commit(10));
    assertThatThrownBy(() -> journal.awaitDurable(lost))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.applied()).isEqualTo(Applied.UNKNOWN));
    long forces = disk.forces();
    assertThatThrownBy(() -> journal.append(commit(10)))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.applied()).isEqualTo(Applied.NO));
    assertThat(journal.durable()).isEqualTo(1);
    assertThat(journal.close()).isNull();
    assertThat(disk.forces()).isEqualTo(forces);
    assertThat(published).containsExactly(1L);
    List<Long> found = new ArrayList<>();
    var _ = recover(disk, found).close();
    assertThat(found).startsWith(1L).hasSizeBetween(1, 2);
  }

  @Test
  void whoIsToldOfAFailureAndHasNoMemoryForIt_isToldAgain() throws Exception {
    FaultyDisk disk = new FaultyDisk(new FileDisk(directory));
    List<Throwable> told = new CopyOnWriteArrayList<>();
    CountDownLatch twice = new CountDownLatch(2);
    Journal journal =
        Journal.recover(
            disk,
            Identity.of(disk),
            OPTIONS,
            0,
            _ -> {},
            failure -> {
              told.add(failure);
              twice.countDown();
              if (told.size() == 1) {
                throw new OutOfMemoryError("injected");
              }
            });
    journal.start(_ -> {});
    journal.awaitDurable(journal.append(commit(10)));
    awaitSegments(disk, 2);
    disk.failForce(1);
    long lost = journal.append(commit(10));
    assertThatThrownBy(() -> journal.awaitDurable(lost)).isInstanceOf(StorageException.class);
    twice.await();
    assertThat(journal.close()).isNull();
    assertThat(told).hasSize(2);
    assertThat(told.getLast()).isSameAs(told.getFirst()).hasMessageContaining("injected");
  }

  @Test
  void whereMemoryEndsWhileSegmentsAreMade_theirThreadGoesOn() throws Exception {
    FaultyDisk disk = new FaultyDisk(new FileDisk(directory));
    Journal journal = recover(disk, new ArrayList<>());
    journal.start(_ -> {});
    journal.awaitDurable(journal.append(commit(10)));
    awaitSegments(disk, 2);
    disk.memoryEnded(true);
    // Too large for the one that is ready, which is given up for a larger one.
    journal.awaitDurable(journal.append(commit(3 << 20)));
    disk.memoryEnded(false);
    journal.awaitDurable(journal.append(commit(5 << 20)));
    assertThat(journal.durable()).isEqualTo(3);
    assertThat(journal.close()).isNotNull();
    List<Long> found = new ArrayList<>();
    var _ = recover(disk, found).close();
    assertThat(found).containsExactly(1L, 2L, 3L);
  }

  private static void awaitSegments(FaultyDisk disk, int count) throws IOException {
    while (disk.list().stream().filter(name -> SegmentHeader.sequenceOf(name) >= 0).count()
        < count) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aFullDiskRefusesAppendsAndNoMore() throws Exception {
    FaultyDisk disk = new FaultyDisk(new FileDisk(directory));
    Journal journal = recover(disk, new ArrayList<>());
    disk.full(true);
    journal.start(_ -> {});
    journal.awaitDurable(journal.append(commit(10)));
    assertThatThrownBy(() -> journal.append(commit(3 << 20)))
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> {
              assertThat(e.applied()).isEqualTo(Applied.NO);
              assertThat(e.retryable()).isTrue();
            });
    disk.full(false);
    journal.awaitDurable(journal.append(commit(3 << 20)));
    assertThat(journal.durable()).isEqualTo(2);
    assertThat(journal.close()).isNotNull();
    List<Long> found = new ArrayList<>();
    var _ = recover(disk, found).close();
    assertThat(found).containsExactly(1L, 2L);
  }
}
