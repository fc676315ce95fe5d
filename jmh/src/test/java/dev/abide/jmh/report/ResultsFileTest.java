package dev.abide.jmh.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results on disk. */
class ResultsFileTest {
  @TempDir Path directory;

  @Test
  void results_comeBackAsTheyWere() throws Exception {
    Path file = directory.resolve("results.json");
    Results results =
        Samples.results(
            Samples.timed(Samples.figure("abide", Map.of("callers", "4"), 1, 2), 1, 2, 3),
            Samples.allocating(Samples.figure("lock", Map.of(), 1), 1, Double.NaN),
            Samples.heap("awake", 240));

    ResultsFile.write(file, results);

    assertThat(ResultsFile.read(file)).isEqualTo(results);
  }

  @Test
  void fileThatIsSomethingElse_isRefusedInOneLine() throws Exception {
    Path file = directory.resolve("x.json");

    refused(file, "cannot read " + file);
    Files.writeString(file, "nonsense\nof two lines");
    refused(file, "holds no results of ./abide bench");
    Files.writeString(file, "{}");
    refused(file, "holds no results of ./abide bench");
    Files.writeString(file, "[1]");
    refused(file, "holds no results of ./abide bench");
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    refused(file, "cannot read " + file);
  }

  @Test
  void fileOfAnotherRelease_isRefused() throws Exception {
    Path file = directory.resolve("x.json");
    ResultsFile.write(file, Samples.results(Samples.figure("abide", Map.of(), 1)));
    Files.writeString(
        file, Files.readString(file).replaceFirst("\"format\" : 2", "\"format\" : 1"));

    refused(file, "has format 1, and this release reads 2");
  }

  private static void refused(Path file, String because) {
    assertThatThrownBy(() -> ResultsFile.read(file))
        .isInstanceOf(MisuseException.class)
        .hasMessageContaining(because)
        .message()
        .hasLineCount(1);
  }
}
