package dev.abide.engine.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.internal.compaction.CompactionOptions;
import dev.abide.engine.internal.compaction.Compactor;
import dev.abide.engine.internal.compaction.FileSet;
import dev.abide.engine.internal.disk.CrashingDisk;
import dev.abide.engine.internal.disk.MemoryDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A sorted segment that becomes a later one: a crash at each change, and what stood in it. */
@Timeout(60)
final class RecycledSegmentTest {
  private static final JournalOptions OPTIONS =
      new JournalOptions(1L << 30, Duration.ofSeconds(30), 2_048, 2_048);
  private static final Identity IDENTITY = new Identity(7, new byte[16]);
  private static final long OLD = 2;

  private long last;

  /** Sorted all but the last commits; the second segment's deletion got lost. */
  private MemoryDisk sorted() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Journal journal = recover(disk, new ArrayList<>());
    journal.start(_ -> {});
    for (int n = 0; n < 40; n++) {
      last = journal.append(JournalFaultTest.commit(100));
      journal.awaitDurable(last);
    }
    var _ = journal.close();
    byte[] old = disk.bytes(SegmentHeader.fileName(OLD));
    FileSet files = FileSet.open(disk, IDENTITY);
    Journal again = Journal.recover(disk, IDENTITY, OPTIONS, files.start(), 0, _ -> {}, _ -> {});
    files.segments(again.sealed(), again.current());
    Compactor.prepare(files, CompactionOptions.standard());
    var _ = again.close();
    disk.put(SegmentHeader.fileName(OLD), old);
    return disk;
  }

  private static Journal recover(MemoryDisk disk, List<Long> found) throws IOException {
    return Journal.recover(
        disk,
        IDENTITY,
        OPTIONS,
        FileSet.open(disk, IDENTITY).start(),
        0,
        commit -> found.add(commit.number()),
        _ -> {});
  }

  @Test
  void aCrashAtEachChangeLosesNothingAndIsNoDamage() throws IOException {
    long seed = Long.getLong("abide.seed", System.nanoTime());
    System.out.println("RecycledSegmentTest -Dabide.seed=" + seed);
    MemoryDisk before = sorted();
    SegmentHeader header = new SegmentHeader(IDENTITY.lineage(), 1_000, 99, null);
    int points = 0;
    for (boolean crashed = true; crashed; points++) {
      for (int loss = 0; loss < 8; loss++) {
        Random random = new Random(seed + 8L * points + loss);
        MemoryDisk disk = before.copy();
        CrashingDisk crashing = new CrashingDisk(disk, points + 1, random.nextBoolean());
        try {
          Segment.recycle(crashing, header, 2_048, OLD).file.close();
        } catch (IOException e) {
          assertThat(crashing.crashed()).isTrue();
        }
        crashed = crashing.crashed();
        disk.powerLoss(random);

        Journal journal = recover(disk, new ArrayList<>());
        assertThat(journal.last()).as("point %s, seed %s", points + 1, seed).isEqualTo(last);
        var _ = journal.close();
      }
    }
    assertThat(points).isGreaterThanOrEqualTo(7);
  }

  @Test
  void whatStoodInItIsNotTakenForNew() throws IOException {
    MemoryDisk disk = sorted();
    SegmentHeader header = new SegmentHeader(IDENTITY.lineage(), 1_000, 99, null);
    Segment.recycle(disk, header, 2_048, OLD).file.close();

    try (SegmentReader reader =
        new SegmentReader(header, disk.open(SegmentHeader.fileName(1_000), false))) {
      assertThat(reader.read(SegmentHeader.BYTES)).isNull();
      assertThat(reader.findVoucher(SegmentHeader.BYTES, 0)).isEqualTo(-1);
    }
    List<Long> found = new ArrayList<>();
    var _ = recover(disk, found).close();
    long sorted = FileSet.open(disk, IDENTITY).start().number();
    assertThat(found).allMatch(number -> number > sorted);
  }
}
