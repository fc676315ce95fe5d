package dev.abide.processor;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;

/** What {@code @Exposed} may say, and where: of sockets and requests on the interface only. */
final class DoorRules {
  private final Environment env;

  DoorRules(Environment env) {
    this.env = env;
  }

  /** Judges the annotation of a type. */
  void check(TypeElement type) {
    if (type.getKind() != ElementKind.INTERFACE || !Marks.has(type, DurableObject.class)) {
      env.problems().report(Problem.STRAY_DOORS, type, kind(type), type);
    } else if (!opens(type, "sockets") && !opens(type, "requests")) {
      env.problems().report(Problem.NO_DOORS, type, type);
    }
  }

  /** Judges the annotation of a method. */
  void checkMethod(ExecutableElement method) {
    AnnotationMirror exposed = Marks.find(method, Exposed.class);
    if (exposed != null && (Marks.flag(exposed, "sockets") || Marks.flag(exposed, "requests"))) {
      env.problems()
          .report(
              Problem.METHOD_DOORS,
              method,
              MarkStep.owner(method).getSimpleName() + "." + method.getSimpleName());
    }
  }

  /** Whether the interface lets clients in that way: by {@code sockets} or {@code requests}. */
  static boolean opens(TypeElement type, String door) {
    AnnotationMirror exposed = Marks.find(type, Exposed.class);
    return exposed != null && Marks.flag(exposed, door);
  }

  /** What kind of type it is, for errors. */
  static String kind(TypeElement type) {
    return switch (type.getKind()) {
      case ENUM -> "enum";
      case RECORD -> "record";
      case ANNOTATION_TYPE -> "annotation type";
      case INTERFACE -> "interface";
      default -> "class";
    };
  }
}
