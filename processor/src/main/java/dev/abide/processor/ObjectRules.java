package dev.abide.processor;

import dev.abide.annotations.DurableObject;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;

/** What holds for a durable interface as a whole, its methods apart. */
final class ObjectRules {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9._-]{0,63}");

  private final Environment env;
  private final Map<String, String> owners = new HashMap<>();

  ObjectRules(Environment env) {
    this.env = env;
  }

  /**
   * Reports what is wrong with the interface; returns whether it makes sense to look at its
   * methods.
   */
  boolean check(TypeElement type) {
    if (type.getKind() != ElementKind.INTERFACE) {
      env.problems().report(Problem.NOT_AN_INTERFACE, type, DoorRules.kind(type), type);
      return false;
    }
    if (!type.getTypeParameters().isEmpty()) {
      env.problems().report(Problem.GENERIC_INTERFACE, type, type);
      return false;
    }
    for (Element at = type; at instanceof TypeElement; at = at.getEnclosingElement()) {
      if (at.getModifiers().contains(Modifier.PRIVATE)) {
        env.problems().report(Problem.HIDDEN_INTERFACE, type, type);
        break;
      }
    }
    if (type.getModifiers().contains(Modifier.SEALED)) {
      env.problems().report(Problem.SEALED_INTERFACE, type, type);
    }
    return true;
  }

  /** Reports what is wrong with the name. */
  void checkName(TypeElement type, AnnotationMirror annotation, String name) {
    if (!NAME.matcher(name).matches()) {
      env.problems().report(Problem.BAD_NAME, type, annotation, name);
      return;
    }
    String self = type.getQualifiedName().toString();
    String owner = owners.putIfAbsent(name, self);
    if (owner != null && !owner.equals(self)) {
      env.problems().report(Problem.NAME_TAKEN, type, annotation, name, owner);
    }
  }

  /** The annotation that made the interface a durable object. */
  static AnnotationMirror annotation(TypeElement type) {
    AnnotationMirror found = Marks.find(type, DurableObject.class);
    if (found == null) {
      throw new IllegalArgumentException(type + " is not annotated with @DurableObject");
    }
    return found;
  }
}
