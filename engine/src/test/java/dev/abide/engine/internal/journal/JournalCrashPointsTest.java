package dev.abide.engine.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.StorageException;
import dev.abide.engine.internal.disk.CrashingDisk;
import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.disk.FaultyDisk;
import dev.abide.engine.internal.disk.MemoryDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Scripted commits over a disk that ends, or fails, at each of its changes in turn: what comes back
 * is all that was acknowledged, and nothing after a gap.
 */
@Timeout(300)
final class JournalCrashPointsTest {
  /** Segments of 2 KiB, so that the script goes through several. */
  private static final JournalOptions OPTIONS =
      new JournalOptions(1L << 30, Duration.ofSeconds(30), 2_048, 4_096);

  /** The key of the hash, and so all that is written, is the same each time. */
  private static final Identity IDENTITY = new Identity(7, new byte[16]);

  private static final int COMMITS = 24;

  private final long seed = Long.getLong("abide.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private static Journal recover(Disk disk, List<Long> found) throws IOException {
    return Journal.recover(
        disk, IDENTITY, OPTIONS, 0, commit -> found.add(commit.number()), _ -> {});
  }

  /** Commits of all kinds, one after the other; gives what was acknowledged. */
  private static long script(Disk disk) {
    Journal journal;
    try {
      journal = recover(disk, new ArrayList<>());
    } catch (IOException e) {
      return 0;
    }
    long acknowledged = 0;
    try {
      journal.start(_ -> {});
      for (int n = 1; n <= COMMITS; n++) {
        boolean synced = n % 5 != 0;
        // The seventh is larger than a segment.
        int bytes = n == 7 ? 9_000 : n * 37 % 600;
        long number = journal.append(JournalFaultTest.commit(bytes, synced));
        assertThat(number).isEqualTo(n);
        if (synced && n % 3 != 0) {
          journal.awaitDurable(number);
          acknowledged = number;
        } else if (n % 10 == 0) {
          journal.sync(number);
          acknowledged = number;
        }
      }
    } catch (StorageException e) {
      // The disk has ended, and says so to everybody.
    } finally {
      try {
        var _ = journal.close();
      } catch (IOException e) {
        assertThat(e).hasMessageMatching(".*(has ended|injected).*");
      }
    }
    return acknowledged;
  }

  private void check(MemoryDisk disk, long least, String what) throws IOException {
    List<Long> found = new ArrayList<>();
    var _ = recover(disk, found).close();
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i)).as(what).isEqualTo(i + 1L);
    }
    assertThat((long) found.size()).as(what).isBetween(least, (long) COMMITS);
    // What was served once stays.
    disk.powerLoss(random);
    List<Long> again = new ArrayList<>();
    var _ = recover(disk, again).close();
    assertThat(again).as(what + ", and another loss of power").isEqualTo(found);
  }

  private static MemoryDisk begun() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    var _ = recover(disk, new ArrayList<>()).close();
    return disk;
  }

  @Test
  void aCrashAtEveryChange_keepsWhatWasAcknowledged() throws IOException {
    System.out.println("JournalCrashPointsTest -Dabide.seed=" + seed);
    int points = 0;
    for (int at = 1; ; at++) {
      MemoryDisk disk = begun();
      // Done and unsynced; not done is what the change before has left.
      CrashingDisk crashing = new CrashingDisk(disk, at, true);
      long acknowledged = script(crashing);
      if (!crashing.crashed()) {
        break;
      }
      points++;
      String what = "seed %d, change %d".formatted(seed, at);
      check(disk.afterPowerLoss(random), acknowledged, what);
      check(disk, acknowledged, what + ", a mere kill");
    }
    System.out.println("JournalCrashPointsTest: " + points + " crash points");
    assertThat(points).isGreaterThan(COMMITS);
  }

  @Test
  void everyFailedSync_andEveryFailedWrite_keepsWhatWasAcknowledged() throws IOException {
    System.out.println("JournalCrashPointsTest -Dabide.seed=" + seed);
    for (boolean writes : List.of(true, false)) {
      int failed = 0;
      int without = 0;
      // Which thread comes first is not the same each time, so one without a failure is no end.
      for (int n = 1; without < 3; n++) {
        MemoryDisk disk = begun();
        FaultyDisk faulty = new FaultyDisk(disk);
        if (writes) {
          faulty.failWrite("segment-", n);
        } else {
          faulty.failForce(n);
        }
        long acknowledged = script(faulty);
        boolean met = acknowledged < COMMITS - 2;
        failed += met ? 1 : 0;
        without = met || n < COMMITS ? 0 : without + 1;
        String what = "seed %d, failing %s %d".formatted(seed, writes ? "write" : "sync", n);
        check(disk.afterPowerLoss(random), acknowledged, what);
        // The process has ended, the machine runs on and believes its pages clean.
        disk.takeUnsyncedForClean();
        check(disk, acknowledged, what + ", pages taken for clean");
      }
      assertThat(failed).as("failures that ended the journal").isGreaterThan(5);
    }
  }
}
