package dev.abide.jmh.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All figures of one run.
 *
 * @param format the form of the file; 2, since a file also has the memory of its JVMs
 * @param made when, as ISO 8601 has it
 * @param mode {@code short} or {@code long}
 * @param environment where
 * @param studies the questions, in the order in which they are shown
 * @param figures the answers
 */
public record Results(
    int format,
    String made,
    String mode,
    Environment environment,
    List<Study> studies,
    List<Figure> figures) {
  /** The form that this release writes and reads. */
  public static final int FORMAT = 2;

  /** The answers to a question. */
  public List<Figure> of(Study study) {
    return figures.stream().filter(figure -> figure.study().equals(study.name())).toList();
  }

  /**
   * How many times as fast as its yardstick with the same parameters, or with none, or of heap how
   * many times as small; empty if that was not measured.
   */
  public Optional<Double> ratio(Study study, Figure figure) {
    List<Figure> yardsticks =
        of(study).stream().filter(other -> other.method().equals(study.yardstick())).toList();
    return yardsticks.stream()
        .filter(other -> other.params().equals(figure.params()))
        .findFirst()
        .or(() -> yardsticks.stream().filter(other -> other.params().equals(Map.of())).findFirst())
        .map(yardstick ->
            figure.ofHeap()
                ? yardstick.amount() / figure.amount()
                : figure.amount() / yardstick.amount())
        .filter(Double::isFinite);
  }
}
