package dev.abide.jmh.report;

/**
 * A question.
 *
 * @param name the short name of its class
 * @param ask the question, as a sentence
 * @param yardstick the method that the others are divided by
 * @param unit what is counted
 * @param durability how durable an answer is when it comes
 */
public record Study(String name, String ask, String yardstick, String unit, String durability) {}
