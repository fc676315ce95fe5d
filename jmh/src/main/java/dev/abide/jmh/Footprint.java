package dev.abide.jmh;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures the heap that objects cost, each question in a JVM of its own: objects that are awake
 * and idle, beyond what the user's own instance takes; and objects that sleep on disk, in a JVM of
 * 128 MB that has to store them all first and find them again.
 */
final class Footprint {
  private Footprint() {}

  static void run(Arguments.Memory memory, PrintStream out)
      throws IOException, InterruptedException {
    child(out, "4g", FootprintAwake.class, memory.awake());
    child(out, "128m", FootprintSleeping.class, memory.sleeping());
  }

  private static void child(PrintStream out, String heap, Class<?> main, int count)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> !flag.startsWith("-Xm"))
        .forEach(command::add);
    command.add("-Xmx" + heap);
    command.add("-XX:+UseSerialGC");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.add(Integer.toString(count));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var lines = process.inputReader()) {
      lines.lines().forEach(out::println);
    }
    int ended = process.waitFor();
    if (ended != 0) {
      throw new IOException(
          main.getSimpleName() + " with " + count + " objects ended with " + ended);
    }
  }

  /** The heap in use, after what is unreachable was collected. */
  static long heapBytes() {
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 4; round++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
