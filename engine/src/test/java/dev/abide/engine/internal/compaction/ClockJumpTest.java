package dev.abide.engine.internal.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.internal.disk.MemoryDisk;
import dev.abide.engine.internal.journal.Journal;
import dev.abide.engine.internal.journal.JournalOptions;
import dev.abide.engine.internal.journal.JournalSegment;
import dev.abide.engine.internal.store.ApplyListener;
import dev.abide.engine.internal.store.Change;
import dev.abide.engine.internal.store.Commit;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A calendar that is wrong for a minute, 73 years ahead, while commits are written. */
@Timeout(60)
final class ClockJumpTest {
  private static final Instant RIGHT = Instant.parse("2026-11-27T12:00:00Z");
  private static final Instant WRONG = Instant.parse("2099-11-27T12:00:00Z");

  private final AtomicReference<Instant> now = new AtomicReference<>(RIGHT);
  private final InstantSource clock = now::get;
  private final MemoryDisk disk = new MemoryDisk();
  private FileSet files;
  private Journal journal;
  private Compactor compactor;

  @BeforeEach
  void open() throws IOException {
    files = FileSet.open(disk, History.IDENTITY);
    JournalOptions options =
        new JournalOptions(1L << 30, Duration.ofSeconds(30), 1_024, 1_536, clock);
    journal = Journal.recover(disk, History.IDENTITY, options, files.start(), 0, _ -> {}, _ -> {});
    files.segments(journal.sealed(), journal.current());
    compactor =
        new Compactor(
            files,
            new CompactionOptions(
                Duration.ofHours(24), Long.MAX_VALUE, 4, 3, Long.MIN_VALUE / 4, Long.MAX_VALUE),
            new Around(),
            clock);
    journal.start(_ -> {}, files::begun, 0);
    // An hour of right times, a wrong minute, and right ones again.
    commits(10);
    now.set(RIGHT.plusSeconds(3_600));
    commits(10);
    now.set(WRONG);
    commits(10);
    now.set(RIGHT.plusSeconds(3_660));
    commits(10);
  }

  private void commits(int count) throws IOException {
    for (int n = 0; n < count; n++) {
      journal.awaitDurable(
          journal.append(
              new Commit(
                  History.OBJECTS.getFirst(),
                  false,
                  List.of(),
                  List.of(new Change(new byte[] {1}, new byte[200])),
                  ApplyListener.NONE)));
      // As the background thread does: what is old goes at the next opportunity.
      while (compactor.sort(Pace.FREE) || compactor.merge(Pace.FREE)) {
        // All.
      }
      compactor.fold(Pace.FREE);
    }
  }

  /** The maps have all there is, and much of it is not live: what is old is folded at once. */
  private final class Around implements Surroundings {
    @Override
    public void sorted() {
      journal.sorted();
    }

    @Override
    public boolean recycle(JournalSegment segment) {
      return journal.recycle(segment);
    }

    @Override
    public boolean applied(long number) {
      return true;
    }

    @Override
    public long liveBytes() {
      return 1;
    }

    @Override
    public void correctLiveBytes(long difference) {}

    @Override
    public void unreadable(Throwable cause) {
      throw new AssertionError(cause);
    }
  }

  @AfterEach
  void close() throws IOException {
    journal.close();
  }

  @Test
  void nothingOfTheRetentionIsDropped() throws IOException {
    try (FileSet.Pinned pinned = files.pin()) {
      assertThat(pinned.oldest()).isZero();
    }
  }

  @Test
  void anInstantBeforeTheJumpIsFound_andOneBehindItIsRefused() throws IOException {
    try (FileSet.Pinned pinned = files.pin()) {
      Moments moments = new Moments(pinned, journal.last(), clock);
      assertThat(moments.numberAt(RIGHT.minusSeconds(1))).isZero();
      assertThat(moments.numberAt(RIGHT.plusSeconds(9))).isEqualTo(10);
      assertThat(moments.numberAt(RIGHT.plusSeconds(3_600))).isEqualTo(20);
      for (Instant unknown : List.of(RIGHT.plusSeconds(3_601), now.get(), WRONG.minusSeconds(1))) {
        assertThatThrownBy(() -> moments.numberAt(unknown))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("the commits behind 20 have times from " + WRONG)
            .hasMessageContaining("not later than that");
      }
      assertThat(moments.numberAt(Instant.MAX)).isEqualTo(40);
      assertThat(moments.numberAt(Instant.MIN)).isZero();
      now.set(WRONG.plusSeconds(60));
      assertThat(moments.numberAt(WRONG.minusSeconds(1))).isEqualTo(20);
    }
  }
}
