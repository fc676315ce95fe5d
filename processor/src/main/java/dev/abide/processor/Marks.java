package dev.abide.processor;

import java.util.List;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** Reads annotations as the compiler sees them, without loading their classes' values. */
final class Marks {
  private Marks() {}

  /** The annotation on the element, or null. */
  static @Nullable AnnotationMirror find(Element element, Class<?> annotation) {
    for (AnnotationMirror mirror : element.getAnnotationMirrors()) {
      Element type = mirror.getAnnotationType().asElement();
      if (((TypeElement) type).getQualifiedName().contentEquals(annotation.getName())) {
        return mirror;
      }
    }
    return null;
  }

  /** Whether the annotation is on the element. */
  static boolean has(Element element, Class<?> annotation) {
    return find(element, annotation) != null;
  }

  /** The annotation's {@code value}, or null if the compiler could not make sense of it. */
  static @Nullable String text(AnnotationMirror annotation) {
    for (var entry : annotation.getElementValues().entrySet()) {
      AnnotationValue value = entry.getValue();
      if (entry.getKey().getSimpleName().contentEquals("value")
          && value.getValue() instanceof String text
          && !text.equals("<error>")) {
        return text;
      }
    }
    return null;
  }

  /** The annotation's {@code value}, or null if the compiler could not make sense of it. */
  static @Nullable Integer number(AnnotationMirror annotation) {
    return member(annotation, "value") instanceof Integer number ? number : null;
  }

  /** The numbers of an annotation's array; none if it is not given. */
  static List<Integer> numbers(AnnotationMirror annotation, String member) {
    return items(annotation, member, Integer.class);
  }

  /** The texts of an annotation's array; none if it is not given. */
  static List<String> texts(AnnotationMirror annotation, String member) {
    return items(annotation, member, String.class);
  }

  private static <T> List<T> items(AnnotationMirror annotation, String member, Class<T> type) {
    if (!(member(annotation, member) instanceof List<?> items)) {
      return List.of();
    }
    return items.stream()
        .map(item -> ((AnnotationValue) item).getValue())
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  /** The annotation's member of that name: true if it is given and true. */
  static boolean flag(AnnotationMirror annotation, String member) {
    return Boolean.TRUE.equals(member(annotation, member));
  }

  private static @Nullable Object member(AnnotationMirror annotation, String name) {
    for (var entry : annotation.getElementValues().entrySet()) {
      if (entry.getKey().getSimpleName().contentEquals(name)) {
        return entry.getValue().getValue();
      }
    }
    return null;
  }

  /** Whether an annotation called {@code Nullable} stands on the declaration or on its type. */
  static boolean nullable(Element element, TypeMirror type) {
    return hasNullable(element.getAnnotationMirrors()) || hasNullable(type.getAnnotationMirrors());
  }

  /** Whether an annotation called {@code Nullable} stands on the type. */
  static boolean nullable(TypeMirror type) {
    return hasNullable(type.getAnnotationMirrors());
  }

  private static boolean hasNullable(List<? extends AnnotationMirror> annotations) {
    return annotations.stream()
        .anyMatch(annotation ->
            annotation.getAnnotationType().asElement().getSimpleName().contentEquals("Nullable"));
  }
}
