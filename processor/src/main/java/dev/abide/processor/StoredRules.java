package dev.abide.processor;

import dev.abide.annotations.Stored;
import dev.abide.annotations.StoredAs;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/** What holds for a {@code @Stored} type as a whole, and where {@code @StoredAs} may stand. */
final class StoredRules {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9._-]{0,63}");

  private final Environment env;

  StoredRules(Environment env) {
    this.env = env;
  }

  /** Whether the name can tell a member of a sealed hierarchy from the others. */
  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** The annotation that made the type storable. */
  static AnnotationMirror annotation(TypeElement type) {
    AnnotationMirror found = Marks.find(type, Stored.class);
    if (found == null) {
      throw new IllegalArgumentException(type + " is not annotated with @Stored");
    }
    return found;
  }

  /** Reports what is wrong with the type; returns whether it makes sense to look inside. */
  boolean check(TypeElement type) {
    String kind = unstorableKind(type);
    if (kind != null) {
      env.problems().report(Problem.NOT_STORABLE, type, kind, type);
      return false;
    }
    if (!type.getTypeParameters().isEmpty()) {
      env.problems().report(Problem.GENERIC_STORED, type, type);
      return false;
    }
    for (Element at = type; at instanceof TypeElement; at = at.getEnclosingElement()) {
      if (at.getModifiers().contains(Modifier.PRIVATE)) {
        env.problems().report(Problem.HIDDEN_STORED, type, type);
        return false;
      }
    }
    AnnotationMirror annotation = annotation(type);
    String name = Marks.text(annotation);
    if (name != null && !name.isEmpty() && !isName(name)) {
      env.problems().report(Problem.BAD_STORED_NAME, type, annotation, name);
    }
    checkRetired(type, annotation);
    return true;
  }

  private void checkRetired(TypeElement type, AnnotationMirror annotation) {
    List<Integer> retired = Marks.numbers(annotation, "retired");
    if (type.getKind() == ElementKind.INTERFACE && !retired.isEmpty()) {
      env.problems()
          .report(
              Problem.BAD_RETIRED,
              type,
              annotation,
              type,
              retired.getFirst(),
              "a sealed interface has no numbers");
      return;
    }
    TreeSet<Integer> seen = new TreeSet<>();
    for (int number : retired) {
      String why =
          !StoredNumbers.isNumber(number)
              ? "numbers are 1 to " + StoredNumbers.NUMBER_MAX
              : !seen.add(number) ? "it stands there twice" : null;
      if (why != null) {
        env.problems().report(Problem.BAD_RETIRED, type, annotation, type, number, why);
      }
    }
  }

  private static @Nullable String unstorableKind(TypeElement type) {
    return switch (type.getKind()) {
      case RECORD, ENUM -> null;
      case INTERFACE -> type.getModifiers().contains(Modifier.SEALED) ? null : "open interface";
      case ANNOTATION_TYPE -> "annotation type";
      default -> "class";
    };
  }

  /** Refuses {@code @StoredAs} where it does nothing. */
  void checkNumbered(Element element) {
    if (isComponentsField(element)) {
      return; // the annotation of a component is its field's too
    }
    Element owner = element.getEnclosingElement();
    boolean belongs =
        element.getKind() == ElementKind.RECORD_COMPONENT
            || element.getKind() == ElementKind.ENUM_CONSTANT;
    if (!belongs || owner == null || !Marks.has(owner, Stored.class)) {
      env.problems()
          .report(
              Problem.STRAY_NUMBER,
              element,
              Marks.find(element, StoredAs.class),
              (owner == null ? "" : owner.getSimpleName() + ".") + element.getSimpleName());
    }
  }

  private static boolean isComponentsField(Element element) {
    return element.getKind() == ElementKind.FIELD
        && element.getEnclosingElement() instanceof TypeElement owner
        && owner.getRecordComponents().stream()
            .map(RecordComponentElement::getSimpleName)
            .anyMatch(element.getSimpleName()::equals);
  }
}
