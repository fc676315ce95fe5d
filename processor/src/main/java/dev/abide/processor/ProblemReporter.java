package dev.abide.processor;

import java.util.HashSet;
import java.util.Set;
import javax.annotation.processing.Messager;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic;
import org.jspecify.annotations.Nullable;

/** Reports problems at elements, as {@code ABIDE001: <reason>. <remedy>}. */
final class ProblemReporter {
  private final Messager messager;

  private final Set<String> faulty = new HashSet<>();

  private int count;

  ProblemReporter(Messager messager) {
    this.messager = messager;
  }

  /** Reports at the element; the details fill the problem's wording. */
  void report(Problem problem, Element at, Object... details) {
    report(problem, at, null, details);
  }

  /** Reports at an annotation of the element. */
  void report(
      Problem problem, Element at, @Nullable AnnotationMirror annotation, Object... details) {
    count++;
    faulty.add(typeOf(at));
    messager.printMessage(Diagnostic.Kind.ERROR, problem.message(details), at, annotation);
  }

  /** Whether a problem was reported at the type, or at something that it declares itself. */
  boolean isFaulty(TypeElement type) {
    return faulty.contains(type.getQualifiedName().toString());
  }

  private static String typeOf(Element at) {
    Element type = at;
    while (type != null && !(type instanceof TypeElement)) {
      type = type.getEnclosingElement();
    }
    return type == null ? "" : type.toString();
  }

  /** How many were reported so far; a step that began with another count writes nothing. */
  int count() {
    return count;
  }
}
