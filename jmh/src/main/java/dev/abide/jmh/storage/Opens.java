package dev.abide.jmh.storage;

import dev.abide.engine.Abide;
import dev.abide.jmh.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How long an open takes: of nothing, after a clean close, after a kill, and after a loss of power,
 * which leaves no map to trust. Each in a JVM of its own.
 */
final class Opens {
  private static final int ASKED = 1_000;

  private Opens() {}

  static void run(int objects, int bytes) throws Exception {
    Path directory = Directories.make();
    try {
      child("open", directory, 0, bytes, false);
      System.out.printf("  an empty directory: %s MB%n", Machine.megabytes(directory));
      child("fill", directory, objects, bytes, false);
      System.out.printf(
          "%,d objects of %,d B: %s MB%n", objects, bytes, Machine.megabytes(directory));
      child("open", directory, objects, bytes, false);
      child("open", directory, objects, bytes, true);
      child("after a kill, open", directory, objects, bytes, true);
      try (Stream<Path> files = Files.list(directory)) {
        for (Path map : files.filter(file -> file.toString().contains("/map-")).toList()) {
          Files.delete(map);
        }
      }
      child("after a loss of power, open", directory, objects, bytes, false);
    } finally {
      Directories.delete(directory);
    }
  }

  private static void child(String what, Path directory, int objects, int bytes, boolean killed)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(StorageLoad.java());
    command.addAll(
        List.of("child", what, directory.toString(), "" + objects, "" + bytes, "" + killed));
    int ended = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (ended != (killed ? 137 : 0)) {
      throw new IOException("the child that should " + what + " ended with " + ended);
    }
  }

  /** In the child. */
  static void child(String[] args) throws Exception {
    String what = args[1];
    Path directory = Path.of(args[2]);
    int objects = Integer.parseInt(args[3]);
    int bytes = Integer.parseInt(args[4]);
    double cpu = Machine.cpuSeconds();
    long start = System.nanoTime();
    Abide abide = StorageLoad.open(directory);
    double seconds = (System.nanoTime() - start) / 1e9;
    cpu = Machine.cpuSeconds() - cpu;
    if (what.equals("fill")) {
      Workloads.callers(
          abide,
          objects,
          Duration.ofDays(1),
          (to, caller, n) -> to.get(Shelf.class, "o-" + (caller + 1_000 * n)).put(0, bytes));
    } else {
      System.out.printf(
          "  %s: %.2f s, %.2f s of processor%s%n",
          what,
          seconds,
          cpu,
          objects == 0
              ? ""
              : ", %.2f us for each object, %.2f s for each GB"
                  .formatted(cpu * 1e6 / objects, cpu * 1e9 / ((double) objects * bytes)));
    }
    for (int n = 0; n < Math.min(ASKED, objects); n++) {
      int length = abide.get(Shelf.class, "o-" + n).length(0);
      if (length != bytes) {
        throw new AssertionError("o-" + n + " has " + length + " bytes instead of " + bytes);
      }
      if (!what.equals("fill")) {
        abide.get(Shelf.class, "o-" + n).put(0, bytes);
      }
    }
    if (Boolean.parseBoolean(args[5])) {
      Runtime.getRuntime().halt(137);
    }
    start = System.nanoTime();
    abide.close();
    System.out.printf("  closed in %.2f s%n", (System.nanoTime() - start) / 1e9);
  }
}
