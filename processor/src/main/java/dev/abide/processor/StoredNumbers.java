package dev.abide.processor;

import dev.abide.annotations.StoredAs;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;

/** The numbers of one type's components or constants: each has one, and none is used twice. */
final class StoredNumbers {
  static final int NUMBER_MAX = 65_535;

  private final Environment env;
  private final TypeElement type;
  private final Set<Integer> retired;
  private final Map<Integer, String> owners = new HashMap<>();
  private boolean unresolved;

  StoredNumbers(Environment env, TypeElement type) {
    this.env = env;
    this.type = type;
    this.retired = new HashSet<>(Marks.numbers(StoredRules.annotation(type), "retired"));
  }

  static boolean isNumber(int number) {
    return number >= 1 && number <= NUMBER_MAX;
  }

  /** Whether a number is an expression that makes no sense (yet). */
  boolean unresolved() {
    return unresolved;
  }

  /**
   * The numbers of the elements, in their order; reports what is wrong with them, and gives 0 for
   * those.
   */
  List<Integer> read(List<? extends Element> elements) {
    return elements.stream().map(this::read).toList();
  }

  private int read(Element element) {
    String label = type.getSimpleName() + "." + element.getSimpleName();
    AnnotationMirror annotation = Marks.find(element, StoredAs.class);
    if (annotation == null) {
      env.problems().report(Problem.NO_NUMBER, element, label, free());
      return 0;
    }
    Integer number = Marks.number(annotation);
    if (number == null) {
      unresolved = true;
      return 0;
    }
    if (!isNumber(number)) {
      env.problems().report(Problem.BAD_NUMBER, element, annotation, number, label, NUMBER_MAX);
      return 0;
    }
    if (retired.contains(number)) {
      env.problems().report(Problem.RETIRED_NUMBER, element, annotation, number, label, free());
      return 0;
    }
    String owner = owners.putIfAbsent(number, label);
    if (owner != null) {
      env.problems()
          .report(Problem.NUMBER_TAKEN, element, annotation, number, label, owner, free());
      return 0;
    }
    return number;
  }

  /** A number that the type never used, as far as it says: above all others, if one is left. */
  private int free() {
    TreeSet<Integer> used = new TreeSet<>(retired);
    for (Element element : type.getEnclosedElements()) {
      AnnotationMirror annotation = Marks.find(element, StoredAs.class);
      Integer number = annotation == null ? null : Marks.number(annotation);
      if (number != null && isNumber(number)) {
        used.add(number);
      }
    }
    int free = used.isEmpty() ? 1 : used.last() + 1;
    if (free > NUMBER_MAX) {
      free = 1;
      while (used.contains(free)) {
        free++;
      }
    }
    return free;
  }
}
