package dev.abide.engine.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.StorageException;
import dev.abide.engine.internal.compaction.CompactionOptions;
import dev.abide.engine.internal.journal.JournalOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file of each kind, as a newer release would have written it, is refused in words. */
final class UnknownFormatTest {
  private static final int FORMAT_AT = 8;
  private static final int NEWER = 9;

  @TempDir Path temp;
  private Path directory;

  private DiskStore open() {
    return open(CompactionOptions.standard());
  }

  private DiskStore open(CompactionOptions compaction) {
    return DiskStore.open(
        directory,
        new StoreOptions(JournalOptions.standard(), compaction),
        failed -> {},
        (what, cause) -> {});
  }

  private static Commit put(DiskStore store, String id, int value) {
    return new Commit(
        store.name("t", id),
        false,
        List.of(),
        List.of(new Change(new byte[] {1}, new byte[] {(byte) value})),
        ApplyListener.NONE);
  }

  /** A directory with a file of each kind. */
  @BeforeEach
  void write() {
    directory = temp.resolve("data");
    try (DiskStore store = open(CompactionOptions.foldingAll(Duration.ZERO, Long.MAX_VALUE))) {
      store.append(put(store, "a", 1));
      store.compact();
    }
    // With a retention, so that runs stay.
    try (DiskStore store = open()) {
      store.append(put(store, "b", 2));
      store.backup(temp.resolve("backup"));
      store.append(put(store, "c", 3));
      store.awaitDurable(store.last());
    }
  }

  private static Path file(Path directory, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }

  private static void makeNewer(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    assertThat(ByteBuffer.wrap(bytes).getInt(FORMAT_AT)).as("format of %s", file).isEqualTo(1);
    ByteBuffer.wrap(bytes).putInt(FORMAT_AT, NEWER);
    Files.write(file, bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity", "segment-", "run-", "base-"})
  void aFileOfTheDirectory_isRefused(String prefix) throws IOException {
    Path file = file(directory, prefix);
    makeNewer(file);

    for (int again = 0; again < 2; again++) {
      assertThatThrownBy(this::open)
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(file.getFileName().toString())
          .hasMessageContaining("has format 9")
          .hasMessageContaining("this release reads up to 1");
    }
    assertThatThrownBy(() -> DataDirectory.open(directory))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("has format 9");
  }

  @Test
  void aCleanClose_ofANewerRelease_isRefused_andOneThatDecayedIsNot() throws IOException {
    Path file = directory.resolve("shards");
    byte[] whole = Files.readAllBytes(file);
    makeNewer(file);
    byte[] newer = Files.readAllBytes(file);
    CRC32C crc = new CRC32C();
    crc.update(newer, 0, newer.length - 4);
    ByteBuffer.wrap(newer).putInt(newer.length - 4, (int) crc.getValue());
    Files.write(file, newer);

    assertThatThrownBy(this::open)
        .isInstanceOf(StorageException.class)
        .hasMessage(
            "the file shards has format 9; this release reads up to 1. Use a newer release");

    Files.write(file, whole);
    makeNewer(file);
    check();
  }

  @Test
  void linesOfShards_ofANewerRelease_areNotBelieved() throws IOException {
    Files.delete(directory.resolve("shards"));
    Path file = directory.resolve("lines");
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putLong(FORMAT_AT, NEWER);
    Files.write(file, bytes);

    check();
  }

  @Test
  void aBackup_isRefused() throws IOException {
    Path backup = temp.resolve("backup");
    for (String prefix : List.of("run-", "base-", "backup")) {
      Path file = file(backup, prefix);
      byte[] whole = Files.readAllBytes(file);
      makeNewer(file);
      assertThatThrownBy(() -> DataDirectory.open(backup))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(file.getFileName().toString())
          .hasMessageContaining("has format 9")
          .hasMessageContaining("this release reads up to 1");
      Files.write(file, whole);
    }
    DataDirectory.open(backup).close();
  }

  private void check() {
    try (DiskStore store = open()) {
      assertThat(store.ids("t", "", null, 10)).containsExactly("a", "b", "c");
      assertThat(store.find(store.name("t", "c"), new byte[] {1})).containsExactly(3);
    }
  }
}
