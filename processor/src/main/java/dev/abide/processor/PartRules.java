package dev.abide.processor;

import com.palantir.javapoet.TypeName;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** What can be judged only when all types that the methods reach are known. */
final class PartRules {
  private final Environment env;
  private final ObjectModel model;
  private final Set<String> reported = new HashSet<>();

  PartRules(Environment env, ObjectModel model) {
    this.env = env;
    this.model = model;
  }

  /** Reports stubs in exposed methods, and types that copiers would have to name and cannot. */
  void check() {
    for (MethodModel method : model.methods()) {
      Element at = reportAt(model.type(), method.element());
      for (ParameterModel parameter : method.parameters()) {
        String subject = "parameter " + parameter.name() + " of " + method.label();
        check(method, parameter.shape(), at, subject, parameter.name());
      }
      check(method, method.resultShape(), at, method.resultLabel(), "result");
    }
    for (Map.Entry<TypeName, Shapes.NamedType> entry : model.shapes().copied()) {
      Shapes.NamedType type = entry.getValue();
      checkReachable(type.type(), model.type(), type.type().toString());
      for (Shapes.Part part : type.parts()) {
        if (!type.isRecord() || model.shapes().copies(part.shape())) {
          checkReachable(part.type(), model.type(), type.type().toString());
        }
      }
    }
  }

  /** The method, or the interface where the method is another type's. */
  static Element reportAt(TypeElement type, ExecutableElement method) {
    return MarkStep.owner(method).equals(type) ? method : type;
  }

  private void check(MethodModel method, Shape shape, Element at, String subject, String name) {
    String stub = method.exposed() ? model.shapes().stubPath(shape, name) : null;
    if (stub != null) {
      env.problems().report(Problem.EXPOSED_STUB, at, subject, stub);
    }
    TypeMirror type = copiedType(shape);
    if (type != null) {
      checkReachable(type, at, subject);
    }
  }

  private void checkReachable(TypeMirror type, Element at, String subject) {
    TypeElement hidden = Reach.hidden(type, env.elements().getPackageOf(model.type()), env);
    if (hidden != null && reported.add(hidden.getQualifiedName().toString())) {
      env.problems().report(Problem.HIDDEN_PART, at, subject, hidden);
    }
  }

  private static @Nullable TypeMirror copiedType(Shape shape) {
    return switch (shape) {
      case Shape.AsIs() -> null;
      case Shape.StubOf(TypeMirror type) -> type;
      case Shape.ListOf(TypeMirror type, Shape element) -> type;
      case Shape.SetOf(TypeMirror type, Shape element) -> type;
      case Shape.MapOf(TypeMirror type, Shape key, Shape value) -> type;
      case Shape.OptionalOf(TypeMirror type, Shape content) -> type;
      case Shape.PrimitivesOf(TypeMirror type) -> type;
      case Shape.ArrayOf(TypeMirror type, TypeName component, Shape element) -> type;
      case Shape.Named(TypeName name) -> null;
    };
  }
}
