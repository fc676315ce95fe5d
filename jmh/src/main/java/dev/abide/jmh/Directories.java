package dev.abide.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Where benchmarks write: below {@code -Dabide.bench.data}, else below the working directory; not
 * below the system's directory for temporary files, which may be kept in memory.
 */
public final class Directories {
  private Directories() {}

  /** That place. */
  public static Path root() {
    return Path.of(System.getProperty("abide.bench.data", "")).toAbsolutePath();
  }

  /** A new directory there. */
  public static Path make() throws IOException {
    Files.createDirectories(root());
    return Files.createTempDirectory(root(), "bench-");
  }

  /** Deletes a directory and all in it. */
  public static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
