package dev.abide.engine.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.internal.disk.MemoryDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a clean open makes of the segments that wait to be sorted, from their headers alone. */
@Timeout(60)
final class CleanEndTest {
  private static final JournalOptions OPTIONS =
      new JournalOptions(1L << 30, Duration.ofSeconds(30), 2_048, 2_048);
  private static final Identity IDENTITY = new Identity(7, new byte[16]);

  private final MemoryDisk disk = new MemoryDisk();

  private JournalEnd write(int commits) throws IOException {
    Journal journal = Journal.recover(disk, IDENTITY, OPTIONS, 0, _ -> {}, _ -> {});
    journal.start(_ -> {});
    for (int n = 0; n < commits; n++) {
      journal.awaitDurable(journal.append(JournalFaultTest.commit(100)));
    }
    return Objects.requireNonNull(journal.close());
  }

  private Journal resume(JournalStart start, JournalEnd end) throws IOException {
    return Journal.resume(disk, IDENTITY, OPTIONS, start, end, _ -> {});
  }

  @Test
  void fullSegmentsAreFoundWithTheirNumbers_andThoseInRunsAreDeleted() throws IOException {
    JournalEnd end = write(40);

    Journal all = Objects.requireNonNull(resume(JournalStart.NOTHING, end));
    List<JournalSegment> sealed = all.sealed();
    assertThat(sealed).hasSizeGreaterThan(2);
    long next = 1;
    for (JournalSegment segment : sealed) {
      assertThat(segment.first()).isEqualTo(next);
      assertThat(segment.last()).isGreaterThanOrEqualTo(next);
      next = segment.last() + 1;
    }
    assertThat(all.current().first()).isEqualTo(next);
    end = Objects.requireNonNull(all.close());

    JournalStart run = new JournalStart(sealed.get(1).last(), 1);
    Journal rest = Objects.requireNonNull(resume(run, end));
    assertThat(rest.sealed()).isEqualTo(sealed.subList(2, sealed.size()));
    assertThat(disk.list())
        .doesNotContain(sealed.get(0).fileName(), sealed.get(1).fileName())
        .contains(sealed.get(2).fileName());
    assertThat(rest.close()).isNotNull();
  }

  @Test
  void segmentsThatDoNotGoOnWhereTheRunsEnd_areNotResumed() throws IOException {
    JournalEnd end = write(40);
    Journal all = Objects.requireNonNull(resume(JournalStart.NOTHING, end));
    List<JournalSegment> sealed = all.sealed();
    end = Objects.requireNonNull(all.close());

    disk.delete(sealed.getFirst().fileName());
    assertThat(resume(JournalStart.NOTHING, end)).isNull();

    // Runs that reach into a segment: no sort ends there.
    assertThat(resume(new JournalStart(sealed.get(1).first(), 1), end)).isNull();
    assertThat(disk.list()).contains(sealed.get(1).fileName());
  }

  /** The segment that it has no room in stays empty, and is sealed so. */
  @Test
  void aFirstCommitThatIsLargerThanTheFirstSegment_isNoReasonNotToResume() throws IOException {
    Journal journal = Journal.recover(disk, IDENTITY, OPTIONS, 0, _ -> {}, _ -> {});
    journal.start(_ -> {});
    journal.awaitDurable(journal.append(JournalFaultTest.commit(9_000)));
    JournalEnd end = Objects.requireNonNull(journal.close());

    Journal again = resume(JournalStart.NOTHING, end);

    assertThat(again).as("the journal where its clean close has left it").isNotNull();
    assertThat(Objects.requireNonNull(again).close()).isEqualTo(end);
  }
}
