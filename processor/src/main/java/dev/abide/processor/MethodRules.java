package dev.abide.processor;

import dev.abide.annotations.Deadline;
import dev.abide.annotations.Exposed;
import dev.abide.annotations.OneWay;
import dev.abide.annotations.ReadOnly;
import java.util.List;
import java.util.stream.Collectors;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/** What holds for each method of a durable interface by itself, its types apart. */
final class MethodRules {
  private static final List<Class<?>> MARKS =
      List.of(ReadOnly.class, OneWay.class, Deadline.class, Exposed.class);

  private final Environment env;

  MethodRules(Environment env) {
    this.env = env;
  }

  /**
   * Reports what is wrong with the method.
   *
   * @param at where to report
   * @param label it in errors: {@code Cart.add}
   * @return whether it makes sense to look at its types
   */
  boolean check(ExecutableElement method, ExecutableType type, Element at, String label) {
    if (isReserved(method)) {
      env.problems().report(Problem.RESERVED_METHOD, at, label);
      return false;
    }
    if (!method.getTypeParameters().isEmpty()) {
      env.problems().report(Problem.GENERIC_METHOD, at, label);
      return false;
    }
    boolean exposed = Marks.has(method, Exposed.class);
    if (exposed && method.getSimpleName().contentEquals("http")) {
      env.problems().report(Problem.EXPOSED_HTTP, at, label);
    }
    if (Marks.has(method, OneWay.class)) {
      checkOneWay(method, type, at, label);
    } else if (isOtherStage(type.getReturnType())) {
      env.problems().report(Problem.STAGE_RESULT, at, label, type.getReturnType());
    }
    return true;
  }

  /** Whether the result's type is worth a look: it is not if the result itself is refused. */
  boolean mayReturn(ExecutableElement method, TypeMirror result) {
    return !Marks.has(method, OneWay.class) && !isOtherStage(result);
  }

  private void checkOneWay(
      ExecutableElement method, ExecutableType type, Element at, String label) {
    if (Marks.has(method, ReadOnly.class)) {
      env.problems().report(Problem.ONE_WAY_READ_ONLY, at, label);
    }
    if (Marks.has(method, Deadline.class)) {
      env.problems().report(Problem.ONE_WAY_DEADLINE, at, label);
    }
    List<? extends TypeMirror> checked =
        type.getThrownTypes().stream().filter(this::isChecked).toList();
    if (!checked.isEmpty()) {
      String names = checked.stream().map(TypeMirror::toString).collect(Collectors.joining(", "));
      env.problems().report(Problem.ONE_WAY_THROWS, at, label, names);
    }
    TypeKind result = type.getReturnType().getKind();
    if (result != TypeKind.VOID && result != TypeKind.ERROR) {
      env.problems().report(Problem.ONE_WAY_RESULT, at, label, type.getReturnType());
    }
  }

  /** Reports a group of declarations of one method that do not agree on what it is. */
  void checkAgree(List<ExecutableElement> group, Element at, String label) {
    ExecutableElement first = group.get(0);
    for (ExecutableElement other : group.subList(1, group.size())) {
      if (!marks(first).equals(marks(other))) {
        env.problems()
            .report(
                Problem.MARKS_DISAGREE, at, label, MarkStep.owner(first), MarkStep.owner(other));
        return;
      }
    }
  }

  private static List<String> marks(ExecutableElement method) {
    return MARKS.stream()
        .map(mark -> String.valueOf(Marks.find(method, mark)))
        .collect(Collectors.toList());
  }

  private static boolean isReserved(ExecutableElement method) {
    List<? extends VariableElement> parameters = method.getParameters();
    return switch (method.getSimpleName().toString()) {
      case "target", "finalize" -> parameters.isEmpty();
      case "await" ->
          parameters.size() == 1 && parameters.get(0).asType().getKind() == TypeKind.LONG;
      default -> false;
    };
  }

  private boolean isOtherStage(TypeMirror result) {
    return result.getKind() == TypeKind.DECLARED
        && !StageValues.isStage(result)
        && (extendsType(result, "java.util.concurrent.CompletionStage")
            || extendsType(result, "java.util.concurrent.Future"));
  }

  private boolean isChecked(TypeMirror thrown) {
    return thrown instanceof DeclaredType
        && thrown.getKind() == TypeKind.DECLARED
        && !extendsType(thrown, "java.lang.RuntimeException")
        && !extendsType(thrown, "java.lang.Error");
  }

  private boolean extendsType(TypeMirror type, String superName) {
    TypeElement superType = env.elements().getTypeElement(superName);
    return superType != null
        && env.types()
            .isSubtype(env.types().erasure(type), env.types().erasure(superType.asType()));
  }
}
