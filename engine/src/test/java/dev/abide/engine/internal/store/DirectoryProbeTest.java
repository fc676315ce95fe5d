package dev.abide.engine.internal.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.internal.disk.FileDisk;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What each open says in the log of the disk that it is on. */
@Timeout(60)
final class DirectoryProbeTest {
  private static final Pattern LINE =
      Pattern.compile(
          "INFO dev\\.abide - (.*) is on (\\S+); a write of 4 KiB and its sync take (\\d+) µs there, the median of five");

  @TempDir Path directory;

  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final PrintStream before = System.err;

  /** The binding of the tests writes to the error stream that there is when it writes. */
  @BeforeEach
  void listen() {
    System.setErr(new PrintStream(log, true, UTF_8));
  }

  @AfterEach
  void leave() {
    System.setErr(before);
  }

  @Test
  void anOpenLogsTheKindOfTheDisk_andWhatASyncTakesThere() throws Exception {
    List<String> notices = new ArrayList<>();
    DiskStore.open(
            directory, StoreOptions.standard(), failure -> {}, (what, cause) -> notices.add(what))
        .close();

    Matcher line = LINE.matcher(log.toString(UTF_8));
    assertThat(line.find()).as(log.toString(UTF_8)).isTrue();
    String kind = new FileDisk(directory).fileSystem();
    assertThat(line.group(1)).isEqualTo(directory.toString());
    assertThat(line.group(2)).isEqualTo(kind);
    assertThat(Long.parseLong(line.group(3))).isNotNegative();
    assertThat(line.find()).as("a second one").isFalse();
    assertThat(directory.resolve("probe.tmp")).doesNotExist();
    // Of a disk that is memory it is told, too.
    assertThat(notices).hasSize(kind.equals("tmpfs") || kind.equals("ramfs") ? 1 : 0);
  }
}
