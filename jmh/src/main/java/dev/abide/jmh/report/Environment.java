package dev.abide.jmh.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryManagerMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where results came from.
 *
 * @param machine the processor
 * @param cores as the JVM counts them
 * @param system the operating system
 * @param fileSystem where what is durable was written
 * @param jdk the JVM
 * @param memory the JVM's collector and the most heap that it takes, and so those of the JVMs that
 *     measured, but for what {@link Study#flags} says
 * @param flags what it was started with, but for properties
 * @param commit of the sources, with {@code -dirty} if they differ from it
 */
public record Environment(
    String machine,
    int cores,
    String system,
    String fileSystem,
    String jdk,
    String memory,
    List<String> flags,
    String commit) {

  /**
   * This JVM's.
   *
   * @param data where benchmarks write; must be there
   */
  public static Environment here(Path data) throws IOException {
    return new Environment(
        processor(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        Files.getFileStore(data).type(),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        heapAndCollector(),
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> !flag.startsWith("-D"))
            .toList(),
        System.getProperty("abide.commit", "unknown"));
  }

  private static String heapAndCollector() {
    String collectors =
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .map(MemoryManagerMXBean::getName)
            .collect(Collectors.joining(", "));
    return (Runtime.getRuntime().maxMemory() >> 20) + " MB of heap at most, " + collectors;
  }

  private static String processor() throws IOException {
    Path processors = Path.of("/proc/cpuinfo");
    String architecture = System.getProperty("os.arch");
    if (!Files.isReadable(processors)) {
      return architecture;
    }
    try (Stream<String> lines = Files.lines(processors)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(architecture);
    }
  }

  /** Whether a sync there reaches no disk. */
  public boolean inMemory() {
    return fileSystem.equals("tmpfs") || fileSystem.equals("ramfs");
  }
}
