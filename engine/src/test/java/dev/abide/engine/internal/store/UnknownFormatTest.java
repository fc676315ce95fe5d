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

/** A file of each kind, as a newer release would have written it, or none, is refused in words. */
final class UnknownFormatTest {
  private static final int FORMAT_AT = 8;
  private static final long LINES_MAGIC = 0x4142_4944_4c49_4e45L;

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

  /** Formats that no release has written yet, and such as none ever writes. */
  private static final List<Integer> UNKNOWN =
      List.of(2, 9, Integer.MAX_VALUE, 0, -1, Integer.MIN_VALUE);

  /** What is said of a file, all of it. */
  private static String said(String file, long format, int newest, String ifDamaged) {
    return "the file "
        + file
        + " has format "
        + format
        + "; this release reads up to "
        + newest
        + ". Nothing was changed. "
        + (format < 1
            ? "No release writes that, so the file is damaged at offset 8: "
            : "Use a newer release; if none wrote it, the file is damaged at offset 8: ")
        + ifDamaged;
  }

  private static String said(String file, long format) {
    return said(
        file,
        format,
        1,
        switch (file) {
          case "identity" -> "restore it from a copy of this directory";
          case "shards" -> "delete it, and the maps are made anew from the journal";
          default -> "restore the directory from a copy";
        });
  }

  private static byte[] withFormat(byte[] whole, int format) {
    byte[] bytes = whole.clone();
    assertThat(ByteBuffer.wrap(bytes).getInt(FORMAT_AT)).isEqualTo(1);
    ByteBuffer.wrap(bytes).putInt(FORMAT_AT, format);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity", "segment-", "run-", "base-"})
  void aFileOfTheDirectory_isRefused(String prefix) throws IOException {
    Path file = file(directory, prefix);
    byte[] whole = Files.readAllBytes(file);
    for (int format : UNKNOWN) {
      Files.write(file, withFormat(whole, format));
      String said = said(file.getFileName().toString(), format);

      for (int again = 0; again < 2; again++) {
        assertThatThrownBy(this::open).isInstanceOf(StorageException.class).hasMessage(said);
      }
      assertThatThrownBy(() -> DataDirectory.open(directory))
          .isInstanceOf(StorageException.class)
          .hasMessage(said);
    }
    Files.write(file, whole);
    check();
  }

  @Test
  void aCleanClose_ofAnotherFormat_isRefused_andOneThatDecayedIsNot() throws IOException {
    Path file = directory.resolve("shards");
    byte[] whole = Files.readAllBytes(file);
    for (int format : UNKNOWN) {
      byte[] other = withFormat(whole, format);
      CRC32C crc = new CRC32C();
      crc.update(other, 0, other.length - 4);
      ByteBuffer.wrap(other).putInt(other.length - 4, (int) crc.getValue());
      Files.write(file, other);

      assertThatThrownBy(this::open)
          .isInstanceOf(StorageException.class)
          .hasMessage(said("shards", format));
    }
    Files.write(file, withFormat(whole, 9));
    check();
  }

  private void setLines(int offset, long value) throws IOException {
    Path file = directory.resolve("lines");
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putLong(offset, value);
    Files.write(file, bytes);
  }

  /** As a process leaves them that was killed: a close clears the magic. */
  private void killed() throws IOException {
    Files.delete(directory.resolve("shards"));
    setLines(0, LINES_MAGIC);
  }

  @Test
  void linesOfShards_ofAnotherFormat_areRefused_untilTheyAreDeleted() throws IOException {
    killed();
    for (long format : List.of(3L, 9L, Long.MAX_VALUE, 0L, -1L, Long.MIN_VALUE)) {
      setLines(FORMAT_AT, format);
      byte[] before = Files.readAllBytes(directory.resolve("lines"));

      for (int again = 0; again < 2; again++) {
        assertThatThrownBy(this::open)
            .isInstanceOf(StorageException.class)
            .hasMessage(
                said("lines", format, 2, "delete it, and the maps are made anew from the journal"));
      }
      assertThat(directory.resolve("lines")).hasBinaryContent(before);
    }
    Files.delete(directory.resolve("lines"));
    check();
  }

  @Test
  void linesOfShards_ofTheFormatBefore_areNotBelieved() throws IOException {
    killed();
    setLines(FORMAT_AT, 1);

    check();
  }

  @Test
  void linesOfShards_thatWereInvalidated_sayNothing_ofAnyFormat() throws IOException {
    Files.delete(directory.resolve("shards"));
    setLines(FORMAT_AT, 9);

    check();
  }

  @Test
  void aBackup_isRefused() throws IOException {
    Path backup = temp.resolve("backup");
    for (String prefix : List.of("run-", "base-", "backup")) {
      Path file = file(backup, prefix);
      byte[] whole = Files.readAllBytes(file);
      String name = file.getFileName().toString();
      for (int format : UNKNOWN) {
        Files.write(file, withFormat(whole, format));
        assertThatThrownBy(() -> DataDirectory.open(backup))
            .isInstanceOf(StorageException.class)
            .hasMessage(
                prefix.equals("backup")
                    ? said(name, format, 1, "back up once more, into another directory")
                    : said(name, format));
      }
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
