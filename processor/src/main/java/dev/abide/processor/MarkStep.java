package dev.abide.processor;

import dev.abide.annotations.Compute;
import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;

/**
 * Refuses annotations of methods where they do nothing. An interface without {@code @DurableObject}
 * may carry them: a durable one, perhaps of another module, may extend it.
 */
final class MarkStep {
  private final Environment env;

  MarkStep(Environment env) {
    this.env = env;
  }

  /** The type that declares the method. */
  static Element owner(ExecutableElement method) {
    Element owner = method.getEnclosingElement();
    if (owner == null) {
      throw new IllegalArgumentException(method + " is not declared in a type");
    }
    return owner;
  }

  private void checkCompute(TypeElement type) {
    if (type.getKind() != ElementKind.INTERFACE || !Marks.has(type, DurableObject.class)) {
      env.problems().report(Problem.STRAY_COMPUTE, type, DoorRules.kind(type), type);
    }
  }

  /** Judges one annotated method, or a type that says what it is like. */
  void process(Class<?> mark, Element element) {
    if (element instanceof TypeElement type && mark == Exposed.class) {
      new DoorRules(env).check(type);
    }
    if (element instanceof TypeElement type && mark == Compute.class) {
      checkCompute(type);
    }
    if (!(element instanceof ExecutableElement method)) {
      return; // the compiler refuses the annotation there
    }
    if (mark == Exposed.class) {
      new DoorRules(env).checkMethod(method);
    }
    Element owner = owner(method);
    String label = owner.getSimpleName() + "." + method.getSimpleName();
    if (owner.getKind() != ElementKind.INTERFACE) {
      env.problems().report(Problem.STRAY_MARK, method, mark.getSimpleName(), label);
    } else if (method.getModifiers().contains(Modifier.STATIC)) {
      env.problems().report(Problem.USELESS_MARK, method, mark.getSimpleName(), label, "static");
    } else if (method.getModifiers().contains(Modifier.PRIVATE)) {
      env.problems().report(Problem.USELESS_MARK, method, mark.getSimpleName(), label, "private");
    } else if (InheritedMethods.isOfEveryObject(method)) {
      env.problems()
          .report(
              Problem.USELESS_MARK, method, mark.getSimpleName(), label, "answered by the stub");
    }
  }
}
