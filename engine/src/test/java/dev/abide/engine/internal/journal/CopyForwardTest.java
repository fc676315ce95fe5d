package dev.abide.engine.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.StorageException;
import dev.abide.engine.internal.disk.DiskFile;
import dev.abide.engine.internal.disk.MemoryDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A batch that nothing vouches for may have failed to sync, and the kernel would not write it
 * again: it is copied to a new segment before anything is served.
 */
@Timeout(120)
final class CopyForwardTest {
  private static final JournalOptions OPTIONS =
      new JournalOptions(1L << 30, Duration.ofSeconds(30));
  private static final Identity IDENTITY = new Identity(7, new byte[16]);
  private static final String FIRST = SegmentHeader.fileName(1);
  private static final String SECOND = SegmentHeader.fileName(2);

  /** Of a segment's zeros, so much is kept: the tests copy whole disks many times. */
  private static final int KEPT = 2048;

  private static List<Long> recover(MemoryDisk disk) throws IOException {
    List<Long> found = new ArrayList<>();
    // Not started, and not closed but by the end of its process.
    var _ =
        Journal.recover(disk, IDENTITY, OPTIONS, 0, commit -> found.add(commit.number()), _ -> {});
    return found;
  }

  private static MemoryDisk disk(Map<String, byte[]> files) throws IOException {
    MemoryDisk disk = new MemoryDisk();
    for (var file : files.entrySet()) {
      try (DiskFile out = disk.open(file.getKey(), true)) {
        out.write(ByteBuffer.wrap(file.getValue()), 0);
        out.force();
      }
    }
    disk.force();
    return disk;
  }

  private static byte[] read(MemoryDisk disk, String name) throws IOException {
    byte[] bytes = new byte[KEPT];
    try (DiskFile file = disk.open(name, false)) {
      file.read(ByteBuffer.wrap(bytes), 0);
    }
    return bytes;
  }

  /** Three batches of one commit each, of which headers vouch for two. */
  private static byte[] threeAndNoVoucher() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Journal journal = Journal.recover(disk, IDENTITY, OPTIONS, 0, _ -> {}, _ -> {});
    journal.start(_ -> {});
    for (int n = 0; n < 3; n++) {
      journal.awaitDurable(journal.append(JournalFaultTest.commit(8)));
    }
    JournalEnd end = Objects.requireNonNull(journal.close());
    byte[] bytes = read(disk, FIRST);
    Arrays.fill(bytes, (int) end.offset() - Batch.HEADER_BYTES, KEPT, (byte) 0);
    return bytes;
  }

  private static Map<String, byte[]> copied(byte[] first) throws IOException {
    MemoryDisk disk = disk(Map.of(FIRST, first));
    assertThat(recover(disk)).containsExactly(1L, 2L, 3L);
    return new TreeMap<>(Map.of(FIRST, read(disk, FIRST), SECOND, read(disk, SECOND)));
  }

  @Test
  void unvouchedBatch_standsInTheNextSegment_whichNamesTheEndOfTheOlder() throws IOException {
    byte[] first = threeAndNoVoucher();
    byte[] second = Objects.requireNonNull(copied(first).get(SECOND));

    SegmentHeader header = SegmentHeader.read(ByteBuffer.wrap(second), 2, IDENTITY.lineage());
    JournalEnd end = Objects.requireNonNull(header.continues());
    assertThat(end.sequence()).isEqualTo(1);
    assertThat(end.number()).isEqualTo(2);
    Batch copy = Batch.read(ByteBuffer.wrap(second).slice(SegmentHeader.BYTES, Batch.HEADER_BYTES));
    assertThat(copy.first()).isEqualTo(3);
    assertThat(copy.count()).isEqualTo(1);
    assertThat(copy.durable()).isEqualTo(2);
    Batch original =
        Batch.read(ByteBuffer.wrap(first).slice((int) end.offset(), Batch.HEADER_BYTES));
    assertThat(original.first()).isEqualTo(3);
  }

  @Test
  void copy_isThereAfterEveryPowerLoss_thoughTheOriginalIsGone() throws IOException {
    byte[] first = threeAndNoVoucher();
    for (int seed = 0; seed < 20; seed++) {
      MemoryDisk disk = disk(Map.of(FIRST, first));
      assertThat(recover(disk)).containsExactly(1L, 2L, 3L);
      SegmentHeader header =
          SegmentHeader.read(ByteBuffer.wrap(read(disk, SECOND)), 2, IDENTITY.lineage());
      int end = (int) Objects.requireNonNull(header.continues()).offset();
      // The pages of the failed sync, as they come back from the disk.
      try (DiskFile file = disk.open(FIRST, false)) {
        file.write(ByteBuffer.allocate(KEPT - end), end);
        file.force();
      }
      disk.powerLoss(new Random(seed));

      assertThat(recover(disk)).as("seed %s", seed).containsExactly(1L, 2L, 3L);
    }
  }

  @Test
  void whatLiesBeyondTheCut_isIgnoredForEver() throws IOException {
    byte[] first = threeAndNoVoucher();
    Map<String, byte[]> files = copied(first);
    SegmentHeader header =
        SegmentHeader.read(
            ByteBuffer.wrap(Objects.requireNonNull(files.get(SECOND))), 2, IDENTITY.lineage());
    int end = (int) Objects.requireNonNull(header.continues()).offset();
    // A batch that vouches for more than there is, were it believed.
    byte[] beyond = first.clone();
    ByteBuffer voucher = ByteBuffer.allocate(Batch.HEADER_BYTES);
    long salt = SegmentHeader.read(ByteBuffer.wrap(first), 1, IDENTITY.lineage()).salt();
    new Batch(salt, 0, 100, 0, 99).seal(voucher);
    voucher.get(0, beyond, end, Batch.HEADER_BYTES);
    files.put(FIRST, beyond);

    MemoryDisk disk = disk(files);
    assertThat(recover(disk)).containsExactly(1L, 2L, 3L);
    assertThat(recover(disk)).as("and again, a segment later").containsExactly(1L, 2L, 3L);
  }

  @Test
  void bitFlippedAnywhere_afterTheCopyWasServed_isRefusedOrHarmless() throws IOException {
    MemoryDisk served = disk(copied(threeAndNoVoucher()));
    Journal journal = Journal.recover(served, IDENTITY, OPTIONS, 0, _ -> {}, _ -> {});
    journal.start(_ -> {});
    journal.awaitDurable(journal.append(JournalFaultTest.commit(8)));
    assertThat(journal.close()).isNotNull();
    Map<String, byte[]> files = new TreeMap<>();
    for (String name : served.list()) {
      // The one that stands ready is still empty.
      files.put(name, read(served, name));
    }

    for (String name : files.keySet()) {
      for (int at = 0; at < KEPT / 2; at++) {
        Map<String, byte[]> damaged = new TreeMap<>(files);
        byte[] flipped = Objects.requireNonNull(files.get(name)).clone();
        flipped[at] ^= 4;
        damaged.put(name, flipped);
        List<Long> found;
        try {
          found = recover(disk(damaged));
        } catch (StorageException e) {
          assertThat(e).hasMessageContaining("damaged").hasMessageContaining("segment-");
          continue;
        }
        assertThat(found).as("%s at %s", name, at).containsExactly(1L, 2L, 3L, 4L);
      }
    }
  }
}
