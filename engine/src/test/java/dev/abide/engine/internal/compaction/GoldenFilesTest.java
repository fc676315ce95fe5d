package dev.abide.engine.internal.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.internal.disk.MemoryDisk;
import dev.abide.engine.internal.journal.Identity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Bytes that were written once are read for ever, and are still written so. */
final class GoldenFilesTest {
  private static final Identity IDENTITY =
      new Identity(0x0011_2233_4455_6677L, "0123456789abcdef".getBytes(StandardCharsets.UTF_8));
  private static final ObjectKey CART =
      new ObjectKey(0x0400_0000_0000_0001L, 2, utf8("cart"), utf8("ann"));
  private static final ObjectKey USER =
      new ObjectKey(0xfc00_0000_0000_0003L, 4, utf8("user"), utf8("\u00e9"));

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static SortedFile writeRun(MemoryDisk disk) throws IOException {
    FileHead head = FileHead.run(IDENTITY, 5, 9, 5);
    try (SortedWriter writer = new SortedWriter(disk, head, Pace.FREE)) {
      writer.add(CART, utf8("a"), 9, false, utf8("new"));
      writer.add(CART, utf8("a"), 7, true, utf8("c"));
      writer.add(CART, utf8("a"), 5, false, utf8("old"));
      writer.add(CART, utf8("b"), 6, false, utf8("cleared"));
      writer.add(CART, utf8("c"), 6, false, utf8(""));
      writer.add(USER, utf8(""), 5, true, null);
      writer.add(USER, utf8("k"), 8, false, utf8("v"));
      writer.add(USER, utf8("l"), 8, false, null);
      TimeLine times = new TimeLine();
      times.add(1_000, 5);
      times.add(1_000, 6);
      times.add(1_300, 9);
      return writer.finish(times, 77);
    }
  }

  private static SortedFile writeBase(MemoryDisk disk, SortedFile run) throws IOException {
    FileHead head = FileHead.base(IDENTITY, 1, 9);
    try (State state = State.of(disk, null, List.of(run), 1, 9);
        SortedWriter writer = new SortedWriter(disk, head, Pace.FREE)) {
      while (state.next()) {
        writer.add(state.objectKey(), state.key(), state.number(), false, state.value());
      }
      TimeLine times = new TimeLine();
      times.add(1_300, 9);
      return writer.finish(times, 77);
    }
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            GoldenFilesTest.class.getResourceAsStream("/golden/" + name + ".hex"))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }
  }

  private static String lines(byte[] bytes) {
    return HexFormat.of().formatHex(bytes).replaceAll("(.{64})", "$1\n");
  }

  @Test
  void runsAndBasesAreWrittenAsTheyWereInTheFirstRelease() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    SortedFile run = writeRun(disk);
    SortedFile base = writeBase(disk, run);

    assertThat(lines(disk.bytes(run.name()))).isEqualTo(lines(golden("run")));
    assertThat(lines(disk.bytes(base.name()))).isEqualTo(lines(golden("base")));
  }

  @Test
  void runsAndBasesOfTheFirstReleaseAreRead() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    String run = "run-0011223344556677-0000000000000005-0000000000000009";
    String base = "base-01-0011223344556677-0000000000000001-0000000000000009";
    disk.put(run, golden("run"));
    disk.put(base, golden("base"));

    List<String> found = new ArrayList<>();
    try (Cursor records = SortedFile.open(disk, IDENTITY, run).all(disk)) {
      while (records.next()) {
        found.add(
            records.object().name()
                + " "
                + new String(records.key(), StandardCharsets.UTF_8)
                + " "
                + records.number()
                + (records.isRange() ? " to " : " = ")
                + Arrays.toString(records.content()));
      }
    }
    assertThat(found)
        .containsExactly(
            "cart/ann a 9 = [110, 101, 119]",
            "cart/ann a 7 to [99]",
            "cart/ann a 5 = [111, 108, 100]",
            "cart/ann b 6 = [99, 108, 101, 97, 114, 101, 100]",
            "cart/ann c 6 = []",
            "user/\u00e9  5 to null",
            "user/\u00e9 k 8 = [118]",
            "user/\u00e9 l 8 = null");
    SortedFile read = SortedFile.open(disk, IDENTITY, run);
    assertThat(TimeLine.find(read.times(disk), 999).number()).isZero();
    assertThat(TimeLine.find(read.times(disk), 1_000).number()).isEqualTo(6);
    assertThat(TimeLine.find(read.times(disk), 9_999).number()).isEqualTo(9);
    found.clear();
    try (State state = State.of(disk, SortedFile.open(disk, IDENTITY, base), List.of(), 1, 9)) {
      while (state.next()) {
        found.add(state.object() + " " + new String(state.key(), StandardCharsets.UTF_8));
      }
    }
    assertThat(found).containsExactly("cart/ann a", "cart/ann c");
  }

  @Test
  void theListOfABackup_isWrittenAndReadAsItWasInTheFirstRelease() throws IOException {
    BackupList list =
        new BackupList(
            IDENTITY,
            9,
            1_300,
            List.of(
                new BackupList.BackupFile(
                    "run-0011223344556677-0000000000000005-0000000000000009", 1234, 0x01020304)));
    MemoryDisk disk = new MemoryDisk();

    list.write(disk);

    assertThat(lines(disk.bytes("backup"))).isEqualTo(lines(golden("backup")));
    disk.put("backup", golden("backup"));
    BackupList read = BackupList.read(disk);
    assertThat(read.files()).isEqualTo(list.files());
    assertThat(read.last()).isEqualTo(9);
    assertThat(read.timeMs()).isEqualTo(1_300);
    assertThat(read.identity().lineage()).isEqualTo(IDENTITY.lineage());
    assertThat(read.identity().hashKey()).isEqualTo(IDENTITY.hashKey());
  }
}
