package dev.abide.examples;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Starts an example by its name. Its jar's manifest carries the flags that the store needs. */
public final class Examples {
  private interface Program {
    void main(String[] args) throws Exception;
  }

  private static final Map<String, Program> PROGRAMS =
      new TreeMap<>(
          Map.of(
              "cart", dev.abide.examples.cart.Main::main,
              "counter", dev.abide.examples.counter.Main::main,
              "demo", dev.abide.examples.demo.Main::main,
              "wordcount", dev.abide.examples.wordcount.Main::main));

  private Examples() {}

  /** The name of an example and its arguments; nothing lists the names. */
  public static void main(String[] args) throws Exception {
    String names = String.join(" ", PROGRAMS.keySet());
    if (args.length == 0) {
      System.out.println("examples: " + names);
      return;
    }
    Program program = PROGRAMS.get(args[0]);
    if (program == null) {
      System.err.println("examples: there is no example \"" + args[0] + "\"; there are: " + names);
      System.exit(1);
      return;
    }
    program.main(Arrays.copyOfRange(args, 1, args.length));
  }
}
