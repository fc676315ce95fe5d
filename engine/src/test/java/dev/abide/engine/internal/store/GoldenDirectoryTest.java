package dev.abide.engine.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.internal.compaction.CompactionOptions;
import dev.abide.engine.internal.compaction.State;
import dev.abide.engine.internal.journal.JournalOptions;
import dev.abide.engine.internal.stored.StorageKeys;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whole directories that a release wrote, which every later one must open: one that was closed,
 * what a kill would have left of it, and a backup. Each has bases, runs and a segment, maps of
 * several shards, large and empty values, alarms, cleared ranges and deleted objects. The list
 * beside them says what is in them. They are written once, by {@link #main}, and never again.
 */
final class GoldenDirectoryTest {
  private static final String DIRECTORY = "directory-1";
  private static final String BACKUP = "backup-1";
  private static final KeyRange ALL = new KeyRange(new byte[0], null);

  @TempDir Path temp;

  private static DiskStore open(Path directory, boolean foldsAll) {
    return DiskStore.open(
        directory,
        new StoreOptions(
            JournalOptions.standard(),
            foldsAll
                ? CompactionOptions.foldingAll(Duration.ZERO, Long.MAX_VALUE)
                : CompactionOptions.standard()),
        failed -> {
          throw new IllegalStateException(failed);
        },
        (what, cause) -> {});
  }

  /** What there is, an entry a line. */
  private static List<String> lines(DiskStore store, String... types) {
    List<String> lines = new ArrayList<>();
    for (String type : types) {
      for (String id : store.ids(type, "", null, Integer.MAX_VALUE)) {
        for (Entry entry :
            store.range(store.name(type, id), ALL, false, Integer.MAX_VALUE, Integer.MAX_VALUE)) {
          lines.add(line(type, id, entry));
        }
      }
    }
    return lines;
  }

  private static String line(String type, String id, Entry entry) {
    HexFormat hex = HexFormat.of();
    String value = hex.formatHex(entry.value());
    return "%s %s %s=%s"
        .formatted(
            type,
            hex.formatHex(id.getBytes(StandardCharsets.UTF_8)),
            hex.formatHex(entry.key()),
            value.length() <= 64 ? value : value.length() / 2 + " bytes, " + value.hashCode());
  }

  private Path unpacked(String name) throws IOException {
    Path directory = Files.createDirectories(temp.resolve(name));
    try (ZipInputStream zip = new ZipInputStream(resource(name + ".zip"))) {
      for (ZipEntry file = zip.getNextEntry(); file != null; file = zip.getNextEntry()) {
        Files.write(directory.resolve(file.getName()), zip.readAllBytes());
      }
    }
    return directory;
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(
        GoldenDirectoryTest.class.getResourceAsStream("/golden/" + name), name);
  }

  private static List<String> expected() throws IOException {
    try (InputStream in = resource(DIRECTORY + ".txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private void check(Path directory) throws IOException {
    for (int again = 0; again < 2; again++) {
      try (DiskStore store = open(directory, again == 1)) {
        assertThat(lines(store, "big", "small")).containsExactlyElementsOf(expected());
        assertThat(store.alarms(AlarmIndex.FIRST, 10))
            .extracting(alarm -> alarm.id() + " " + alarm.due())
            .containsExactly("s3 2126-01-01T00:00:00Z", "s1 2126-01-02T00:00:00Z");
        StateCheck.check(store);
        if (again == 1) {
          // From the old files to new ones.
          store.compact();
          StateCheck.check(store);
        }
      }
    }
  }

  @Test
  void aDirectoryThatWasClosed_hasWhatItHad() throws IOException {
    check(unpacked(DIRECTORY));
  }

  @Test
  void aDirectoryThatWasNot_isRebuilt_andHasWhatItHad() throws IOException {
    Path directory = unpacked(DIRECTORY);
    Files.delete(directory.resolve("shards"));
    check(directory);
  }

  @Test
  void aDirectory_isRead_andItsPastToo() throws IOException {
    try (DataDirectory data = DataDirectory.open(unpacked(DIRECTORY))) {
      assertThat(lines(data, data.moments().last())).containsExactlyElementsOf(expected());
      long oldest = data.moments().oldest().number();
      assertThat(oldest).isEqualTo(60);
      assertThat(lines(data, oldest)).hasSize(20);
      for (String name : data.sortedNames()) {
        assertThat(data.check(name)).isNotNegative();
      }
    }
  }

  @Test
  void aBackup_isRestored() throws IOException {
    Path restored = temp.resolve("restored");
    try (DataDirectory data = DataDirectory.open(unpacked(BACKUP))) {
      assertThat(lines(data, data.moments().last())).containsExactlyElementsOf(expected());
      data.restore(restored, data.moments().last(), done -> {});
    }
    check(restored);
  }

  private static List<String> lines(DataDirectory data, long number) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int shard = 0; shard < DataDirectory.SHARDS; shard++) {
      try (State state = data.state(shard, number)) {
        while (state.next()) {
          ObjectName name = state.object();
          if (!name.type().startsWith("\u0001")) {
            lines.add(line(name.type(), name.id(), new Entry(state.key(), state.value())));
          }
        }
      }
    }
    // As the ids of a type are: for these in the order of their hexadecimal digits.
    lines.sort(null);
    return lines;
  }

  // ---- how they were written

  /** Writes the files of this release into a directory of resources, which has none of them yet. */
  public static void main(String[] args) throws IOException {
    Path resources = Path.of(args[0]);
    Path work = Files.createTempDirectory("golden");
    Path directory = work.resolve("data");
    Path backup = work.resolve("backup");
    List<String> lines;
    try (DiskStore store = open(directory, true)) {
      for (int n = 0; n < 60; n++) {
        append(store, "small", "s" + n % 20, "cell", new byte[] {(byte) n, (byte) (n % 20)});
      }
      store.compact();
    }
    try (DiskStore store = open(directory, false)) {
      for (int n = 0; n < 8; n++) {
        append(store, "big", "b", "many" + n, new byte[n == 7 ? 20_000 : n * 300]);
      }
      for (int n = 15; n < 20; n++) {
        store.append(
            new Commit(
                store.name("small", "s" + n), true, List.of(), List.of(), ApplyListener.NONE));
      }
      alarm(store, "s1", Instant.parse("2126-01-02T00:00:00Z"), 1);
      alarm(store, "s3", Instant.parse("2126-01-01T00:00:00Z"), 2);
      store.append(
          new Commit(
              store.name("big", "b"),
              false,
              List.of(new KeyRange(StorageKeys.cell("many2"), StorageKeys.cell("many4"))),
              List.of(new Change(StorageKeys.cell("many5"), null)),
              ApplyListener.NONE));
      store.backup(backup);
      store.append(
          new Commit(store.name("small", "gone"), true, List.of(), List.of(), ApplyListener.NONE));
      store.awaitDurable(store.last());
      store.awaitApplied();
      lines = lines(store, "big", "small");
    }
    Files.writeString(resources.resolve(DIRECTORY + ".txt"), String.join("\n", lines) + "\n");
    pack(directory, resources.resolve(DIRECTORY + ".zip"));
    pack(backup, resources.resolve(BACKUP + ".zip"));
  }

  private static void append(DiskStore store, String type, String id, String cell, byte[] value) {
    store.append(
        new Commit(
            store.name(type, id),
            false,
            List.of(),
            List.of(new Change(StorageKeys.cell(cell), value)),
            ApplyListener.NONE));
  }

  private static void alarm(DiskStore store, String id, Instant due, long setNumber) {
    byte[] value = AlarmIndex.putHead(ByteBuffer.allocate(20), due, setNumber).array();
    store.append(
        new Commit(
            store.name("small", id),
            false,
            List.of(),
            List.of(new Change(StorageKeys.alarm("tick"), value)),
            ApplyListener.NONE));
  }

  private static void pack(Path directory, Path zip) throws IOException {
    try (OutputStream out =
            Files.newOutputStream(zip, java.nio.file.StandardOpenOption.CREATE_NEW);
        ZipOutputStream packed = new ZipOutputStream(out);
        Stream<Path> files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (!name.equals("lock") && !name.equals("holder")) {
          packed.putNextEntry(new ZipEntry(name));
          packed.write(Files.readAllBytes(file));
          packed.closeEntry();
        }
      }
    }
  }
}
