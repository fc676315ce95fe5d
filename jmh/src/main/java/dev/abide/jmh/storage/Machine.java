package dev.abide.jmh.storage;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What was used of the machine. */
final class Machine {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private Machine() {}

  /** Seconds of processor time. */
  static double cpuSeconds() {
    return SYSTEM.getProcessCpuTime() / 1e9;
  }

  /**
   * Bytes that were sent to disks; of Linux, and of the whole machine. What a process is said to
   * have written counts whole folios of a mapped file, of which the disk gets the dirty blocks
   * only.
   */
  static long writtenBytes() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/vmstat"))) {
      return lines
          .filter(line -> line.startsWith("pgpgout "))
          .mapToLong(line -> Long.parseLong(line.substring(8)) << 10)
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
