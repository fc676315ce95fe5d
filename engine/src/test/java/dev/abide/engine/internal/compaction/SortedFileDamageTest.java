package dev.abide.engine.internal.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.StorageException;
import dev.abide.engine.internal.disk.MemoryDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A bit flip or a cut at every byte of runs and bases: refused by name and offset, or harmless. */
@Timeout(300)
final class SortedFileDamageTest {
  private final MemoryDisk disk = new MemoryDisk();
  private List<String> whole = List.of();
  private long end;
  private long last;

  @BeforeEach
  void write() throws IOException {
    long seed = Long.getLong("abide.seed", System.nanoTime());
    System.out.println("SortedFileDamageTest -Dabide.seed=" + seed);
    History history = new History(disk, seed);
    while (history.files.waiting() < 2) {
      history.commit();
    }
    while (history.compactor.sort(Pace.FREE)) {
      // All of them.
    }
    history.nowMs = history.files.runs().getFirst().tail().time();
    assertThat(history.compactor.fold(Pace.FREE)).isTrue();
    while (history.files.waiting() < 2) {
      history.commit();
    }
    while (history.compactor.sort(Pace.FREE)) {
      // The runs behind the bases.
    }
    history.close();
    assertThat(history.files.runs()).isNotEmpty();
    end = history.files.start().number();
    last = history.journal.last();
    whole = states(disk);
    assertThat(whole).isNotEmpty();
  }

  private List<String> states(MemoryDisk from) throws IOException {
    FileSet files = FileSet.open(from, History.IDENTITY);
    List<String> all = new ArrayList<>();
    for (int shard : History.SHARDS) {
      try (State state = State.open(files, shard, end)) {
        while (state.next()) {
          all.add(
              state.object()
                  + Arrays.toString(state.key())
                  + Arrays.hashCode(state.value())
                  + "@"
                  + state.number());
        }
      }
    }
    return all;
  }

  private List<String> files() {
    return disk.list().stream().filter(FileHead::isName).toList();
  }

  /** The runs, and the bases of the shards that hold something and of one that does not. */
  private List<String> some() {
    return files().stream()
        .filter(name ->
            name.startsWith("run")
                || name.startsWith("base-01")
                || name.startsWith("base-%02x".formatted(History.SHARDS.getFirst())))
        .toList();
  }

  @Test
  void aFlippedBitIsRefusedByNameAndOffset_orWasNotNeeded() throws IOException {
    int refused = 0;
    for (String name : some()) {
      byte[] bytes = disk.bytes(name);
      int step = Math.max(1, bytes.length / 1_500);
      for (int at = 0; at < bytes.length; at += step) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) (1 << (at % 8));
        disk.put(name, flipped);
        try {
          assertThat(states(disk)).as("%s at %s", name, at).isEqualTo(whole);
        } catch (StorageException e) {
          assertThat(e).hasMessageContaining(name).hasMessageContaining("at offset ");
          refused++;
        }
      }
      disk.put(name, bytes);
    }
    assertThat(states(disk)).isEqualTo(whole);
    assertThat(refused).isGreaterThan(1_000);
  }

  @Test
  void aFileThatIsCutOrExtendedIsRefused() throws IOException {
    for (String name : some()) {
      byte[] bytes = disk.bytes(name);
      int step = Math.max(1, bytes.length / 300);
      for (int length = 0; length <= bytes.length + 8; length += step) {
        if (length == bytes.length) {
          continue;
        }
        disk.put(name, Arrays.copyOf(bytes, length));
        assertThatThrownBy(() -> states(disk))
            .as("%s with %s bytes", name, length)
            .isInstanceOf(StorageException.class)
            .hasMessageContaining(name)
            .hasMessageContaining("at offset ");
      }
      disk.put(name, bytes);
    }
  }

  /** A run and a base that are small enough for it, and not empty. */
  private List<String> small() throws IOException {
    List<String> small = new ArrayList<>();
    for (String kind : List.of("run", "base-%02x".formatted(History.SHARDS.getFirst()))) {
      for (String name : files()) {
        if (name.startsWith(kind) && disk.bytes(name).length < 8_192) {
          small.add(name);
          break;
        }
      }
    }
    return small;
  }

  @Test
  void atEveryByteOfASmallRunAndASmallBase_aFlippedBitOrACutIsRefusedByName() throws IOException {
    List<String> small = small();
    while (small.size() < 2) {
      // A large value was drawn; the next history has none.
      for (String name : disk.list()) {
        disk.delete(name);
      }
      write();
      small = small();
    }
    for (String name : small) {
      byte[] bytes = disk.bytes(name);
      int unneeded = 0;
      for (int at = 0; at < bytes.length; at++) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) (1 << (at % 8));
        unneeded += refused(name, flipped, "flipped at " + at) ? 0 : 1;
        assertThat(refused(name, Arrays.copyOf(bytes, at), "cut at " + at)).isTrue();
      }
      disk.put(name, bytes);
      System.out.printf("%s: %d bytes, %d not needed%n", name, bytes.length, unneeded);
      // Of a run: the times and hashes of the footer, which a state does not ask for. All of them
      // are found by who reads every byte.
      assertThat(unneeded).as("flips in %s that nobody noticed", name).isLessThan(bytes.length / 2);
    }
  }

  /** Four bytes of zeros behind the checksums of head and tail: nobody reads them, nor will. */
  private static boolean isPadding(int at, int length) {
    int head = FileHead.BYTES - 4;
    int tail = length - 4;
    return (at >= head && at < FileHead.BYTES) || at >= tail;
  }

  @Test
  void everyFlippedByte_isFoundByTheCheckOfAllBytes_butForTwoPaddings() throws IOException {
    int found = 0;
    for (String name : some()) {
      byte[] bytes = disk.bytes(name);
      // Of a large file the ends byte by byte, and steps in between.
      int step = Math.max(1, bytes.length / 4_000);
      for (int at = 0; at < bytes.length; at += at < 200 || at > bytes.length - 1_500 ? 1 : step) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) (1 << (at % 8));
        disk.put(name, flipped);
        String what = "%s of %d bytes, flipped at %d".formatted(name, bytes.length, at);
        if (isPadding(at, bytes.length)) {
          SortedCheck.read(disk, History.IDENTITY, name, Pace.FREE);
          assertThat(states(disk)).as(what).isEqualTo(whole);
        } else {
          assertThatThrownBy(() -> SortedCheck.read(disk, History.IDENTITY, name, Pace.FREE))
              .as(what)
              .isInstanceOf(StorageException.class)
              .hasMessageContaining(name)
              .hasMessageContaining("at offset ");
          found++;
        }
      }
      disk.put(name, bytes);
      assertThat(SortedCheck.read(disk, History.IDENTITY, name, Pace.FREE)).isNotNegative();
    }
    System.out.printf("SortedFileDamageTest: %,d flips found by the check of all bytes%n", found);
    assertThat(found).isGreaterThan(3_000);
  }

  private boolean refused(String name, byte[] bytes, String what) throws IOException {
    disk.put(name, bytes);
    try {
      assertThat(states(disk)).as("%s %s", name, what).isEqualTo(whole);
      return false;
    } catch (StorageException e) {
      assertThat(e).hasMessageContaining(name).hasMessageContaining("at offset ");
      return true;
    }
  }

  @Test
  void aFileThatIsMissingIsAGapThatIsNamed() throws IOException {
    for (String name : files()) {
      MemoryDisk without = disk.copy();
      without.delete(name);
      if (name.startsWith("run") && name.endsWith("%016x".formatted(end))) {
        // What is behind it tells that one, unless its segment was to be used again and is there.
        try {
          History opened = new History(without, new Random(1), new ArrayList<>());
          assertThat(opened.journal.last()).isEqualTo(last);
          opened.close();
        } catch (StorageException e) {
          assertThat(e).hasMessageContaining("had been synced");
        }
      } else {
        assertThatThrownBy(() -> FileSet.open(without, History.IDENTITY))
            .as("without %s", name)
            .isInstanceOf(StorageException.class)
            .hasMessageContaining("are in no file that is there");
      }
    }
  }

  @Test
  void aRenamedFileAndOneOfAnotherDirectoryAreRefused() throws IOException {
    String base = files().getFirst();
    disk.put("base-05" + base.substring(7), disk.bytes(base));
    assertThatThrownBy(() -> states(disk))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("it was renamed");
  }
}
