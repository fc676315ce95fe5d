package dev.abide.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.util.MultisetStatistics;
import org.openjdk.jmh.util.SampleBuffer;
import org.openjdk.jmh.util.Statistics;

/**
 * The times of single calls of crowds. A JVM takes them if it is told a directory, and leaves there
 * a file of what it measured: the figure's key, then times and how often each was seen. Whoever
 * started the JVMs reads them together. To look at the clock costs some 50 ns a call, so no JVM
 * that measures throughput does it.
 */
final class CrowdTimes {
  /** The property that names the directory. */
  static final String WANTED = "abide.bench.times";

  private static final @Nullable String DIRECTORY = System.getProperty(WANTED);

  // One measurement at a time in a JVM: JMH starts one for each figure.
  private static SampleBuffer all = new SampleBuffer();
  private static volatile boolean counting;

  private CrowdTimes() {}

  /** Whether this JVM is there for times, of which it takes none while it warms up. */
  static boolean wanted() {
    return DIRECTORY != null;
  }

  /** Whether calls are to be timed now. */
  static boolean counting() {
    return counting;
  }

  /** An iteration begins. */
  static void begin(boolean measured) {
    counting = measured && wanted();
  }

  /** What one caller measured. */
  static synchronized void add(long[] nanos) {
    for (long one : nanos) {
      all.add(one);
    }
  }

  /** Leaves what was measured, if anything was. */
  static synchronized void write(String key) throws IOException {
    if (DIRECTORY != null && all.count() > 0) {
      write(Path.of(DIRECTORY), key, all);
      all = new SampleBuffer();
    }
  }

  static void write(Path directory, String key, SampleBuffer times) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(key);
    Iterator<Map.Entry<Double, Long>> raw = times.getStatistics(1).getRawData();
    while (raw.hasNext()) {
      Map.Entry<Double, Long> one = raw.next();
      lines.add(one.getKey().longValue() + " " + one.getValue());
    }
    Files.write(Files.createTempFile(directory, "crowd-", ".txt"), lines);
  }

  /** What all JVMs left in a directory, by the keys of figures; times are nanoseconds. */
  static Map<String, Statistics> read(Path directory) throws IOException {
    Map<String, MultisetStatistics> times = new HashMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        List<String> lines = Files.readAllLines(file);
        MultisetStatistics seen =
            times.computeIfAbsent(lines.getFirst(), absent -> new MultisetStatistics());
        for (String line : lines.subList(1, lines.size())) {
          int space = line.indexOf(' ');
          seen.addValue(
              Double.parseDouble(line.substring(0, space)),
              Long.parseLong(line.substring(space + 1)));
        }
      }
    }
    return Map.copyOf(times);
  }
}
