package dev.abide.jmh.storage;

import dev.abide.engine.Abide;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** See {@code jmh/storage-load.sh}. */
final class StorageLoad {
  private StorageLoad() {}

  public static void main(String[] args) throws Exception {
    switch (args.length == 0 ? "" : args[0]) {
      case "child" -> Opens.child(args);
      case "workloads" ->
          Workloads.run(number(args, 1, 1_000_000), number(args, 2, 60), workload(args));
      case "open" -> Opens.run(number(args, 1, 1_000_000), number(args, 2, 1_000));
      case "growth" -> Growth.run(number(args, 1, 2_000), number(args, 2, 20));
      case "sizes" -> Sizes.run(number(args, 1, 10));
      default ->
          exit(
              "usage: storage-load.sh workloads [OBJECTS] [SECONDS] [hot|append|overwrite] |"
                  + " open [OBJECTS] [BYTES] | growth [PER_SECOND] [SECONDS] | sizes [SECONDS]");
    }
  }

  private static void exit(String message) {
    System.err.println(message);
    System.exit(2);
  }

  /** The one that is wanted, or "" for all. */
  private static String workload(String[] args) {
    if (args.length <= 3) {
      return "";
    }
    if (!Workloads.NAMES.contains(args[3])) {
      exit("there is no workload \"" + args[3] + "\"; there are: " + Workloads.NAMES);
    }
    return args[3];
  }

  private static int number(String[] args, int at, int otherwise) {
    return args.length > at ? Integer.parseInt(args[at]) : otherwise;
  }

  static Abide open(Path directory) {
    return Abide.open(directory, options -> options.host(Shelf.class, ShelfObject::new));
  }

  /** The command that this JVM was started with, up to the main class. */
  static List<String> java() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(StorageLoad.class.getName());
    return command;
  }
}
