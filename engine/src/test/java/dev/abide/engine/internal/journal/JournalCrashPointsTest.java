package dev.abide.engine.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.StorageException;
import dev.abide.engine.internal.disk.CrashingDisk;
import dev.abide.engine.internal.disk.Disk;
import dev.abide.engine.internal.disk.FaultyDisk;
import dev.abide.engine.internal.disk.MemoryDisk;
import dev.abide.engine.internal.store.ApplyListener;
import dev.abide.engine.internal.store.Change;
import dev.abide.engine.internal.store.Commit;
import dev.abide.engine.internal.store.KeyRange;
import dev.abide.engine.internal.store.ObjectName;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Scripted commits over a disk that ends, or fails, at each of its changes in turn: what comes back
 * is all that was acknowledged, byte for byte, and nothing after a gap. And so where the recovery
 * from that ends at each of its own changes. More losses of power at each point: {@code
 * -Dabide.points=50}.
 */
@Timeout(600)
final class JournalCrashPointsTest {
  /** Segments of 2 KiB, so that the script goes through several. */
  private static final JournalOptions OPTIONS =
      new JournalOptions(1L << 30, Duration.ofSeconds(30), 2_048, 4_096);

  /** The key of the hash, and so all that is written, is the same each time. */
  private static final Identity IDENTITY = new Identity(7, new byte[16]);

  private static final int COMMITS = 24;
  private static final int LOSSES = Integer.getInteger("abide.points", 3);

  private final long seed = Long.getLong("abide.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private int copies;

  private static Journal recover(Disk disk, List<NumberedCommit> found) throws IOException {
    return Journal.recover(disk, IDENTITY, OPTIONS, 0, found::add, _ -> {});
  }

  private static boolean isSynced(int n) {
    return n % 5 != 0;
  }

  /** The n-th commit: its bytes are no other's. The seventh is larger than a segment. */
  private static Commit commit(int n) {
    ObjectName name = new ObjectName("T", "id-" + n % 3, n % 3, 2);
    ApplyListener level =
        new ApplyListener() {
          @Override
          public void applied(long number) {}

          @Override
          public boolean synced() {
            return isSynced(n);
          }
        };
    if (n % 11 == 0) {
      return new Commit(name, true, List.of(), List.of(), level);
    }
    Random own = new Random(n);
    byte[] value = new byte[n == 7 ? 9_000 : n * 37 % 600];
    own.nextBytes(value);
    byte[] key = {(byte) n};
    return new Commit(
        name,
        false,
        n % 4 == 0 ? List.of(new KeyRange(key, null)) : List.of(),
        List.of(new Change(key, value), new Change(new byte[] {(byte) n, 1}, null)),
        level);
  }

  /** All that a commit says, as text. */
  private static String text(Commit commit) {
    StringBuilder text = new StringBuilder(commit.name() + " " + commit.name().hashHigh());
    text.append(commit.deletesObject() ? " deleted" : "");
    commit
        .cleared()
        .forEach(range ->
            text.append(" cleared ")
                .append(Arrays.toString(range.from()))
                .append(Arrays.toString(range.to())));
    commit
        .changes()
        .forEach(change ->
            text.append(' ')
                .append(Arrays.toString(change.key()))
                .append(Arrays.toString(change.value())));
    return text.toString();
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
        long number = journal.append(commit(n));
        assertThat(number).isEqualTo(n);
        if (isSynced(n) && n % 3 != 0) {
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
    List<NumberedCommit> found = new ArrayList<>();
    var _ = recover(disk, found).close();
    isPrefix(found, least, what);
    copies += isCopy(disk) ? 1 : 0;
    // What was served once stays.
    disk.powerLoss(random);
    List<NumberedCommit> again = new ArrayList<>();
    var _ = recover(disk, again).close();
    isPrefix(again, found.size(), what + ", and another loss of power");
    assertThat(again).as(what + ", and another loss of power").hasSameSizeAs(found);
  }

  private static void isPrefix(List<NumberedCommit> found, long least, String what) {
    assertThat((long) found.size()).as(what).isBetween(least, (long) COMMITS);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i).number()).as(what).isEqualTo(i + 1L);
      assertThat(text(found.get(i).commit()))
          .as("%s: commit %d", what, i + 1)
          .isEqualTo(text(commit(i + 1)));
    }
  }

  /** Whether the newest segment begins with commits that were copied from the one before. */
  private static boolean isCopy(MemoryDisk disk) throws IOException {
    long newest = disk.list().stream().mapToLong(SegmentHeader::sequenceOf).max().orElse(-1);
    if (newest < 0) {
      return false;
    }
    SegmentHeader header = Recovery.header(disk, IDENTITY, newest);
    try (SegmentReader reader =
        new SegmentReader(header, disk.open(SegmentHeader.fileName(newest), false))) {
      Batch first = reader.read(SegmentHeader.BYTES);
      return header.continues() != null && first != null && first.count() > 0;
    }
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
      for (int loss = 0; loss < LOSSES; loss++) {
        check(disk.afterPowerLoss(random), acknowledged, what + ", loss " + loss);
      }
      check(disk, acknowledged, what + ", a mere kill");
    }
    System.out.println("JournalCrashPointsTest: " + points + " crash points");
    assertThat(points).isGreaterThan(COMMITS);
  }

  /**
   * A crash in the script leaves commits that nothing vouches for; then every change of the
   * recovery that copies them, and of the one after that, is the last.
   */
  @Test
  void aCrashAtEveryChangeOfARecovery_keepsWhatWasAcknowledged() throws IOException {
    System.out.println("JournalCrashPointsTest -Dabide.seed=" + seed);
    int points = 0;
    int lefts = 0;
    for (int at = 1 + random.nextInt(4); ; at += 4) {
      MemoryDisk disk = begun();
      CrashingDisk crashing = new CrashingDisk(disk, at, true);
      long acknowledged = script(crashing);
      if (!crashing.crashed()) {
        break;
      }
      MemoryDisk clean = disk.twin();
      clean.takeUnsyncedForClean();
      String what = "seed %d, change %d".formatted(seed, at);
      for (MemoryDisk left : List.of(disk, clean, disk.afterPowerLoss(random))) {
        lefts++;
        points += crashInRecovery(left, acknowledged, what + ", left " + lefts % 3);
      }
    }
    System.out.printf(
        "JournalCrashPointsTest: %d crash points of recoveries, %d of %d checks copied%n",
        points, copies, points * (LOSSES + 1));
    assertThat(points).isGreaterThan(4 * lefts);
    assertThat(copies).as("recoveries that copied commits").isGreaterThan(points / 4);
  }

  private int crashInRecovery(MemoryDisk left, long acknowledged, String before)
      throws IOException {
    for (int at = 1; ; at++) {
      MemoryDisk disk = left.twin();
      if (!crashes(disk, at)) {
        return at - 1;
      }
      String what = "%s, then change %d of the recovery".formatted(before, at);
      for (int loss = 0; loss < LOSSES; loss++) {
        MemoryDisk lost = disk.afterPowerLoss(random);
        if (loss == 0 && crashes(lost, 1 + random.nextInt(6))) {
          lost.powerLoss(random);
        }
        check(lost, acknowledged, what + ", loss " + loss);
      }
      check(disk, acknowledged, what + ", a mere kill");
    }
  }

  /** Whether the recovery came to that change. */
  private boolean crashes(MemoryDisk disk, int at) throws IOException {
    CrashingDisk crashing = new CrashingDisk(disk, at, random.nextBoolean());
    try {
      var _ = recover(crashing, new ArrayList<>()).close();
      return false;
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("has ended");
      return true;
    }
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
        for (int loss = 0; loss < LOSSES; loss++) {
          check(disk.afterPowerLoss(random), acknowledged, what + ", loss " + loss);
        }
        // The process has ended, the machine runs on and believes its pages clean.
        disk.takeUnsyncedForClean();
        check(disk, acknowledged, what + ", pages taken for clean");
      }
      assertThat(failed).as("failures that ended the journal").isGreaterThan(5);
    }
  }
}
