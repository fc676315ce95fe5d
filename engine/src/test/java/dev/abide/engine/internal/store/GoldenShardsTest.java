package dev.abide.engine.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.internal.disk.FileDisk;
import dev.abide.engine.internal.journal.JournalEnd;
import dev.abide.engine.internal.store.chronicle.ChronicleStore;
import dev.abide.engine.internal.store.chronicle.ChronicleStore.ShardState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of what a clean close leaves. */
final class GoldenShardsTest {
  @TempDir Path directory;

  @Test
  void shardsFile() throws IOException {
    List<ShardState> shards = new ArrayList<>();
    shards.add(new ShardState(3, List.of(1L, 2L)));
    while (shards.size() < ChronicleStore.SHARDS) {
      shards.add(new ShardState(0, List.of()));
    }
    byte[] cleanId = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    JournalEnd end = new JournalEnd(1, 128, 3, 4);
    FileDisk disk = new FileDisk(directory);
    new ShardsFile(cleanId, 7, end, shards).write(disk);
    String emptyShards = "0000000000000000 00000000 ".repeat(ChronicleStore.SHARDS - 1);

    assertThat(Files.readAllBytes(directory.resolve("shards")))
        .isEqualTo(
            HexFormat.of()
                .parseHex(
                    ("414249444553480a 00000001 30313233343536373839616263646566 0000000000000007"
                            + " 0000000000000001 0000000000000080 0000000000000003 0000000000000004"
                            + " 0000000000000003 00000002 0000000000000001 0000000000000002 "
                            + emptyShards
                            + "9985be9d")
                        .replace(" ", "")));
    ShardsFile read = Objects.requireNonNull(ShardsFile.read(disk, 7));
    assertThat(read.end()).isEqualTo(end);
    assertThat(read.shards()).isEqualTo(shards);
    assertThat(ShardsFile.read(disk, 8)).as("of another lineage").isNull();
  }
}
