package dev.abide.examples.counter;

import dev.abide.engine.Abide;
import dev.abide.engine.AbideException;
import java.nio.file.Path;

/** Adds to a counter and prints it. */
public final class Main {
  private Main() {}

  /** Arguments: the counter's name, and what to add; the directory is {@code data/counter}. */
  public static void main(String[] args) {
    if (args.length > 2) {
      refuse("usage: counter [NAME [NUMBER]]");
    }
    String name = args.length > 0 ? args[0] : "home-page";
    long by = args.length > 1 ? number(args[1]) : 1;
    try (Abide abide =
        Abide.open(
            Path.of("data", "counter"),
            options -> options.host(Counter.class, Counter.CounterObject::new))) {
      System.out.println(abide.get(Counter.class, name).increment(by));
    } catch (AbideException | IllegalArgumentException | IllegalStateException e) {
      refuse(String.valueOf(e.getMessage()));
    }
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      refuse(text + " is not a whole number");
      return 0;
    }
  }

  private static void refuse(String why) {
    System.err.println("counter: " + why);
    System.exit(1);
  }
}
