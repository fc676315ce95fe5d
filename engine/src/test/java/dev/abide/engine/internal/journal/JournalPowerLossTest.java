package dev.abide.engine.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.internal.disk.MemoryDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class JournalPowerLossTest {
  @Test
  void whatWasAcknowledgedSurvivesEveryPowerLoss() throws IOException {
    long seed = Long.getLong("abide.seed", System.nanoTime());
    System.out.println("JournalPowerLossTest -Dabide.seed=" + seed);
    Random random = new Random(seed);
    MemoryDisk disk = new MemoryDisk();
    JournalOptions options = new JournalOptions(1L << 30, Duration.ofSeconds(30));
    long acknowledged = 0;
    for (int round = 0; round < 25; round++) {
      List<Long> found = new ArrayList<>();
      Journal journal =
          Journal.recover(
              disk, Identity.of(disk), options, 0, commit -> found.add(commit.number()), _ -> {});
      for (int i = 0; i < found.size(); i++) {
        assertThat(found.get(i)).as("seed %s", seed).isEqualTo(i + 1L);
      }
      assertThat((long) found.size())
          .as("seed %s, round %s", seed, round)
          .isGreaterThanOrEqualTo(acknowledged);
      // What a recovery served must stay as well.
      acknowledged = found.size();
      if (random.nextInt(4) > 0) {
        journal.start(_ -> {});
        for (int n = random.nextInt(12); n > 0; n--) {
          int bytes = random.nextInt(8) == 0 ? random.nextInt(1 << 19) : random.nextInt(3000);
          boolean synced = random.nextInt(3) == 0;
          long number = journal.append(JournalFaultTest.commit(bytes, synced));
          if (synced && random.nextBoolean()) {
            journal.awaitDurable(number);
          } else if (random.nextBoolean()) {
            // Lost perhaps, and never while a later one is kept.
            journal.awaitWritten(number);
          } else if (random.nextInt(4) == 0) {
            journal.sync(number);
          }
        }
        acknowledged = Math.max(acknowledged, journal.durable());
      }
      disk.powerLoss(random);
      try {
        var _ = journal.close();
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("power was lost");
      }
    }
  }
}
