package dev.abide.engine.internal.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The figure of the log: the median of five small writes and their syncs, and no file is left. */
@Timeout(60)
final class SyncProbeTest {
  /** A disk that notes when each write began and when its sync had ended. */
  private static final class Timed extends ChangingDisk {
    final List<Long> begun = new ArrayList<>();
    final List<Long> ended = new ArrayList<>();
    final List<String> changes = new ArrayList<>();

    Timed(Disk behind) {
      super(behind);
    }

    @Override
    void change(String what, String file, Change change) throws IOException {
      changes.add(what);
      begun.add(System.nanoTime());
      if (what.startsWith("sync") && changes.size() % 4 == 0) {
        // Two or three of the six are slow.
        long until = System.nanoTime() + 2_000_000;
        while (System.nanoTime() < until) {
          Thread.onSpinWait();
        }
      }
      change.make();
      ended.add(System.nanoTime());
    }
  }

  private static long median(List<Long> of) {
    return of.stream().sorted().toList().get(of.size() / 2);
  }

  @Test
  void itIsTheMedianOfFive_betweenWhatTheDiskTookAndWhatLayAround() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Timed timed = new Timed(disk);

    long nanos = SyncProbe.nanos(timed);

    // Made; the blocks that it gets, synced; five times; gone.
    assertThat(timed.changes)
        .startsWith("create probe.tmp", "write probe.tmp", "sync probe.tmp")
        .endsWith("write probe.tmp", "sync probe.tmp", "delete probe.tmp")
        .hasSize(1 + 2 + 5 * 2 + 1);
    List<Long> inside = new ArrayList<>();
    List<Long> around = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int write = 3 + 2 * i;
      inside.add(timed.ended.get(write + 1) - timed.begun.get(write));
      around.add(timed.begun.get(write + 2) - timed.ended.get(write - 1));
    }
    assertThat(nanos).isBetween(median(inside), median(around));
    assertThat(disk.list()).isEmpty();
  }

  @Test
  void whatCannotBeSynced_leavesNoFileEither() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    FailOnceDisk failing = new FailOnceDisk(disk);
    failing.fail(change -> change.equals("sync probe.tmp"), 3);
    assertThatThrownBy(() -> SyncProbe.nanos(failing))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("(injected)");
    assertThat(disk.list()).isEmpty();
  }

  @Test
  void whatItWrites_isFourKibibytes_overBlocksThatAreThere() throws IOException {
    CountingDisk counting =
        new CountingDisk(new MemoryDisk(), (String name, ByteBuffer bytes) -> "");
    assertThat(SyncProbe.nanos(counting)).isPositive();
    assertThat(counting.writes("")).isEqualTo(6);
    assertThat(counting.bytes("")).isEqualTo(6 * 4_096);
  }
}
