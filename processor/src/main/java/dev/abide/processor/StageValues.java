package dev.abide.processor;

import java.util.List;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/** What the stages that methods return complete with. */
final class StageValues {
  private static final String STAGE = "java.util.concurrent.CompletionStage";

  private StageValues() {}

  /** Whether the result is a stage, which the engine can make for callers. */
  static boolean isStage(TypeMirror result) {
    return is(result, STAGE);
  }

  /** What it completes with; the type itself where that is not said. */
  static TypeMirror of(TypeMirror stage) {
    List<? extends TypeMirror> arguments =
        stage instanceof DeclaredType declared ? declared.getTypeArguments() : List.of();
    return arguments.size() == 1 ? arguments.get(0) : stage;
  }

  /** Whether the stage completes, and that is all. */
  static boolean isNothing(TypeMirror value) {
    return is(value, "java.lang.Void");
  }

  private static boolean is(TypeMirror type, String name) {
    return type instanceof DeclaredType declared
        && declared.getKind() == TypeKind.DECLARED
        && ((TypeElement) declared.asElement()).getQualifiedName().contentEquals(name);
  }
}
