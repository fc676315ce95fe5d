package dev.abide.engine.spi;

import dev.abide.engine.Abide;
import dev.abide.engine.internal.Access;
import dev.abide.engine.internal.activation.EngineMetrics;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What an engine counts, for adapters to systems of metrics. The engine counts by itself, whoever
 * reads; reading adds up, and takes time in proportion to the objects in memory.
 *
 * <p>Threading: from any thread. Numbers are of about the moment when they are read, and not all of
 * the same one. Labels are types, and reasons of which there are a few; never ids.
 */
public interface Metrics {
  /** The metrics of an engine. */
  static Metrics of(Abide abide) {
    return new EngineMetrics(Access.get().engine(abide));
  }

  /** All there are: one for each name and each combination of labels. Always the same. */
  List<Series> series();

  /**
   * Begins to time turns and waits in mailboxes, for good. Until then their series stay at zero,
   * for two looks at a clock take longer than a call.
   */
  void timeTurns();

  /** What a series is. */
  enum Kind {
    /** Only grows. */
    COUNTER,
    /** Goes up and down. */
    GAUGE,
    /** How often something took time, and how much in all. */
    TIMER
  }

  /**
   * One number that is counted, or two of a timer.
   *
   * @param name words with dots between them, without a unit: {@code abide.wakes}
   * @param help a sentence that says what it is
   * @param labels the same names for all series of a name
   * @param value what a counter or gauge says; of a timer, how often
   * @param nanos of a timer, how long in all; else 0
   */
  record Series(
      String name,
      Kind kind,
      String help,
      Map<String, String> labels,
      LongSupplier value,
      LongSupplier nanos) {}
}
