package dev.abide.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.internal.store.ApplyListener;
import dev.abide.engine.internal.store.Change;
import dev.abide.engine.internal.store.Commit;
import dev.abide.engine.internal.store.DiskStore;
import dev.abide.engine.internal.store.KeyRange;
import dev.abide.engine.internal.store.ObjectName;
import dev.abide.engine.internal.stored.StorageKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The history of an object tells what was cleared, not only that something was. */
@Timeout(120)
final class ClearedTest {
  private static final byte[] ENTRIES = StorageKeys.map("entries");
  private static final byte[] OTHER = StorageKeys.map("other");

  @TempDir Path temp;

  @Test
  void whatWasCleared_isToldByItsName() throws Exception {
    Path data = LedgerObject.written(temp.resolve("data"));
    try (DiskStore store = DiskStore.open(data, Verb.keepingAll(), disk -> disk, failure -> {})) {
      byte[] from = key(LedgerObject.WHEN);
      byte[] to = key(LedgerObject.WHEN.plusSeconds(3_600));
      clear(store, from, to);
      clear(store, Arrays.copyOf(from, from.length + 1), StorageKeys.all(ENTRIES).to());
      clear(store, ENTRIES, to);
      clear(store, StorageKeys.all(ENTRIES));
      clear(store, text("b"), text("c"));
      clear(store, StorageKeys.cellsAndMaps().getFirst());
      clear(store, new byte[] {3}, new byte[] {4});
      clear(store, new byte[] {2, 0}, null);
      ObjectName ann = store.name("ledger", "ann");
      store.awaitDurable(
          store.append(new Commit(ann, true, List.of(), List.of(), ApplyListener.NONE)));
    }

    assertThat(history(data).out().lines().filter(line -> line.contains(" cleared ")))
        .extracting(line -> line.replaceFirst("commit [0-9]+ time [^ ]+ ", ""))
        .containsExactly(
            "map entries cleared part from 2026-11-27T03:00:00Z before 2026-11-27T04:00:00Z",
            "map entries cleared part after 2026-11-27T03:00:00Z",
            "map entries cleared part before 2026-11-27T04:00:00Z",
            "map entries cleared all",
            "map other cleared part from 0x62 before 0x63",
            "cleared cells and maps",
            "cleared alarms",
            "cleared keys from 0x0200",
            "cleared object");
    assertThat(history(data, "--json").out().lines().filter(line -> line.contains("\"cleared\"")))
        .hasSize(9)
        .first()
        .asString()
        .endsWith(
            "\"map\":\"entries\",\"cleared\":\"part\",\"from\":\"2026-11-27T03:00:00Z\",\"before\":\"2026-11-27T04:00:00Z\"}");
  }

  private Tool.Answer history(Path data, Object... more) throws Exception {
    Object[] arguments =
        Arrays.copyOf(new Object[] {"history", data, "ledger", "ann"}, 4 + more.length);
    System.arraycopy(more, 0, arguments, 4, more.length);
    return Tool.run(temp, arguments);
  }

  private static void clear(DiskStore store, KeyRange range) {
    clear(store, range.from(), range.to());
  }

  private static void clear(DiskStore store, byte[] from, byte @Nullable [] to) {
    store.append(
        new Commit(
            store.name("ledger", "ann"),
            false,
            List.of(new KeyRange(from, to)),
            List.of(new Change(StorageKeys.cell("last"), new byte[] {0})),
            ApplyListener.NONE));
  }

  /** A key of a map whose keys are instants. */
  private static byte[] key(Instant when) {
    return ByteBuffer.allocate(ENTRIES.length + 12)
        .put(ENTRIES)
        .putLong(when.getEpochSecond() ^ Long.MIN_VALUE)
        .putInt(when.getNano())
        .array();
  }

  /** A key of a map that nothing describes. */
  private static byte[] text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(OTHER.length + bytes.length).put(OTHER).put(bytes).array();
  }
}
