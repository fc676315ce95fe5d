package dev.abide.engine.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.StorageException;
import dev.abide.engine.internal.disk.DiskFile;
import dev.abide.engine.internal.disk.MemoryDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class JournalRecoveryTest {
  private static final JournalOptions OPTIONS =
      new JournalOptions(1L << 30, Duration.ofSeconds(30));
  private static final Identity IDENTITY = new Identity(7, new byte[16]);

  private static Journal recover(MemoryDisk disk, List<Long> found) throws IOException {
    return Journal.recover(
        disk, IDENTITY, OPTIONS, 0, commit -> found.add(commit.number()), _ -> {});
  }

  private static MemoryDisk with(byte[] segment) throws IOException {
    MemoryDisk disk = new MemoryDisk();
    try (DiskFile file = disk.open(SegmentHeader.fileName(1), true)) {
      file.write(ByteBuffer.wrap(segment), 0);
      file.force();
    }
    disk.force();
    return disk;
  }

  /**
   * Recovers, and checks that what is served is a prefix with at least so many commits, or refused.
   */
  private static void check(byte[] segment, long least, String what) throws IOException {
    List<Long> found = new ArrayList<>();
    MemoryDisk disk = with(segment);
    String unfinished = SegmentHeader.fileName(2) + ".tmp";
    disk.put(unfinished, new byte[9]);
    List<String> before = disk.list();
    try {
      var _ = recover(disk, found).close();
    } catch (StorageException e) {
      assertThat(e)
          .as(what)
          .hasMessageContaining(SegmentHeader.fileName(1))
          .hasMessageContaining("offset")
          .hasMessageContaining("Nothing was changed");
      assertThat(disk.list()).as(what).isEqualTo(before);
      return;
    }
    assertThat(disk.list()).as(what).doesNotContain(unfinished);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i)).as(what).isEqualTo(i + 1L);
    }
    assertThat((long) found.size()).as(what).isBetween(least, 3L);
  }

  @Test
  void damageAtAnyByteIsRefusedOrHarmless() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Journal journal = recover(disk, new ArrayList<>());
    journal.start(_ -> {});
    for (int n = 0; n < 3; n++) {
      journal.awaitDurable(journal.append(JournalFaultTest.commit(8)));
    }
    JournalEnd end = Objects.requireNonNull(journal.close());
    byte[] whole = new byte[(int) end.offset() + 64];
    try (DiskFile file = disk.open(SegmentHeader.fileName(1), false)) {
      file.read(ByteBuffer.wrap(whole), 0);
    }
    for (int at = 0; at < end.offset(); at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 1;
      // The last header vouches for all three; if it is the one hit, they are still whole.
      check(flipped, 3, "bit flipped at " + at);
      check(java.util.Arrays.copyOf(whole, at), vouched(whole, at), "cut at " + at);
    }
  }

  /** What the headers that end before the cut vouch for. */
  private static long vouched(byte[] whole, int cut) throws IOException {
    MemoryDisk disk = with(whole);
    SegmentHeader header = Recovery.header(disk, IDENTITY, 1);
    long vouched = 0;
    try (SegmentReader reader =
        new SegmentReader(header, disk.open(SegmentHeader.fileName(1), false))) {
      long at = SegmentHeader.BYTES;
      for (Batch batch = reader.read(at); batch != null; batch = reader.read(at)) {
        at += Batch.HEADER_BYTES + batch.bytes();
        if (at <= cut) {
          vouched = batch.durable();
        }
      }
    }
    return vouched;
  }
}
