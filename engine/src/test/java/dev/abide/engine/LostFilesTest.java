package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.engine.fixtures.Counter;
import dev.abide.engine.fixtures.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files of a closed directory that were lost or damaged: maps are rebuilt, the journal is not. */
@Timeout(60)
class LostFilesTest {
  @TempDir Path directory;

  private final Queue<Report> reports = new ConcurrentLinkedQueue<>();

  @BeforeEach
  void write() {
    try (Abide abide = open()) {
      for (int n = 0; n < 20; n++) {
        abide.get(Counter.class, "c-" + n).increment(n);
      }
    }
  }

  private Abide open() {
    return Shape.DISK.open(directory, options -> options.onReport(reports::add));
  }

  private List<Path> files(String begins) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(begins))
          .sorted(Comparator.naturalOrder())
          .toList();
    }
  }

  private void checkAll() {
    try (Abide abide = open()) {
      assertThat(abide.ready()).isTrue();
      for (int n = 0; n < 20; n++) {
        assertThat(abide.get(Counter.class, "c-" + n).value()).isEqualTo(n);
      }
      assertThat(abide.get(Counter.class, "c-1").increment(1)).isEqualTo(2);
    }
  }

  @Test
  void aMapFileThatIsGone_isRebuilt_andTheEngineServes() throws IOException {
    Files.delete(files("map-").getFirst());

    checkAll();
    assertThat(reports)
        .extracting(Report::kind)
        .as("it is told, and is no failure")
        .containsExactly(Report.Kind.INTERNAL);
  }

  @Test
  void aMapFileThatWasCut_isRebuilt_andTheEngineServes() throws IOException {
    Files.write(files("map-").getFirst(), new byte[100]);

    checkAll();
  }

  @Test
  void segmentsThatAreGone_areMissed_byEveryOpen() throws IOException {
    for (Path segment : files("segment-")) {
      Files.delete(segment);
    }

    for (int again = 0; again < 2; again++) {
      assertThatThrownBy(this::open)
          .isInstanceOf(StorageException.class)
          // And the one that describes the cell.
          .hasMessageContaining("21 commits");
    }
  }

  @Test
  void theEndOfTheJournal_overwrittenAfterACleanClose_isMissed_byEveryOpen() throws IOException {
    Path segment = files("segment-").getFirst();
    byte[] bytes = Files.readAllBytes(segment);
    // The last batch and what vouches for it, as one lost block would take them.
    int last = bytes.length;
    while (bytes[last - 1] == 0) {
      last--;
    }
    java.util.Arrays.fill(bytes, last - 150, last, (byte) 0);
    Files.write(segment, bytes);

    for (int again = 0; again < 2; again++) {
      assertThatThrownBy(this::open)
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("damaged");
    }
  }
}
