package dev.abide.jmh.report;

import java.util.List;

/**
 * A question.
 *
 * @param name the short name of its class
 * @param ask the question, as a sentence
 * @param yardstick the method that the others are divided by
 * @param unit what is counted
 * @param durability how durable an answer is when it comes
 * @param flags what its JVMs were started with beside the flags of all
 */
public record Study(
    String name, String ask, String yardstick, String unit, String durability, List<String> flags) {
  /** What is counted, and under which conditions. */
  String terms() {
    return unit
        + "; durability: "
        + durability
        + (flags.isEmpty() ? "" : "; flags: " + String.join(" ", flags));
  }
}
