package dev.abide.jmh.storage;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What this process has used. */
final class Machine {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private Machine() {}

  /** Seconds of processor time. */
  static double cpuSeconds() {
    return SYSTEM.getProcessCpuTime() / 1e9;
  }

  /** Bytes that were sent towards the disk; of Linux. */
  static long writtenBytes() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/io"))) {
      return lines
          .filter(line -> line.startsWith("write_bytes:"))
          .mapToLong(line -> Long.parseLong(line.substring(12).strip()))
          .sum();
    }
  }

  /** Megabytes below a directory, by the first word of file names. */
  static Map<String, Long> megabytes(Path directory) throws IOException {
    Map<String, Long> bytes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = String.valueOf(file.getFileName()).replaceAll("[^a-z].*", "");
        bytes.merge(name, Files.size(file), Long::sum);
      }
    }
    bytes.replaceAll((_, sum) -> sum >> 20);
    bytes.values().removeIf(sum -> sum == 0);
    return bytes;
  }
}
