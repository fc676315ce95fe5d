package dev.abide.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import dev.abide.annotations.DurableObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.tools.JavaFileObject;

/**
 * Judges whether types are safe to share, and finds out how their values are copied. A type at
 * fault is reported once for each interface, where it is first met.
 */
final class ShapeReader {
  private static final int NESTING_MAX = 16;
  private static final Shape AS_IS = new Shape.AsIs();

  /** A type argument of a class that its author vouches for: no copier reaches inside. */
  private record Vouched(TypeMirror type, Shape shape, Spot spot, String path) {}

  private final Environment env;
  private final Shapes shapes;
  private final PermittedTypes permitted;
  private final List<Vouched> vouched = new ArrayList<>();
  private final Set<String> missing = new LinkedHashSet<>();
  private boolean unresolved;
  private boolean endless;

  ShapeReader(Environment env, Shapes shapes) {
    this.env = env;
    this.shapes = shapes;
    this.permitted = new PermittedTypes(env);
  }

  /** Whether a type was met that does not exist (yet). */
  boolean unresolved() {
    return unresolved;
  }

  /** Types named by class files that do not exist: the compiler does not miss them. */
  Set<String> missing() {
    return missing;
  }

  /** Takes note of a type that does not exist (yet), named in the owner. */
  void missing(TypeMirror type, Element owner) {
    unresolved = true;
    JavaFileObject file = env.elements().getFileObjectOf(owner);
    if (file != null && file.getKind() == JavaFileObject.Kind.CLASS) {
      missing.add(type.toString());
    }
  }

  /** The shape of a parameter or a result; reports what is not safe to share. */
  Shape read(TypeMirror type, Spot spot) {
    boolean reported = endless;
    Shape shape =
        type.getKind() == TypeKind.ARRAY
            ? array((ArrayType) type, spot)
            : part(type, spot, spot.name());
    if (endless && !reported) {
      env.problems()
          .report(Problem.ENDLESS_TYPE, spot.at(), spot.subject(), TypeName.get(type), NESTING_MAX);
    }
    return shape;
  }

  /**
   * Reports what a copier would have to copy and cannot; to be called when all shapes are settled.
   */
  void checkVouched() {
    for (Vouched argument : vouched) {
      if (shapes.copies(argument.shape())) {
        unsafe(
            argument.type(),
            argument.spot(),
            argument.path(),
            "a type argument that needs no copy: nobody can copy inside such a class");
      }
    }
  }

  /** The path of a part: {@code line.sku} for a component, {@code shape(Circle)} for a case. */
  static String partPath(String path, Shapes.NamedType type, String part) {
    return type.isRecord() ? path + "." + part : path + "(" + part + ")";
  }

  private Shape array(ArrayType type, Spot spot) {
    TypeMirror component = type.getComponentType();
    if (component.getKind().isPrimitive()) {
      return new Shape.PrimitivesOf(type);
    }
    Shape element = part(component, spot, spot.name() + "[]");
    return new Shape.ArrayOf(type, rawName(component), element);
  }

  private Shape part(TypeMirror type, Spot spot, String path) {
    if (type.getKind().isPrimitive()) {
      return AS_IS;
    }
    return switch (type.getKind()) {
      case ERROR -> {
        missing(type, spot.owner());
        yield AS_IS;
      }
      case DECLARED -> declared((DeclaredType) type, spot, path);
      case ARRAY -> unsafe(type, spot, path, instead((ArrayType) type));
      case WILDCARD -> unsafe(type, spot, path, "the type itself instead of a wildcard");
      default -> unsafe(type, spot, path, "a concrete type");
    };
  }

  private Shape declared(DeclaredType type, Spot spot, String path) {
    TypeElement element = (TypeElement) type.asElement();
    List<? extends TypeMirror> arguments = type.getTypeArguments();
    if (nesting(type) > NESTING_MAX) {
      endless = true;
      return AS_IS;
    }
    if (arguments.size() < element.getTypeParameters().size()) {
      return unsafe(type, spot, path, element.getSimpleName() + " with its type arguments");
    }
    if (element.getKind() == ElementKind.INTERFACE && Marks.has(element, DurableObject.class)) {
      return new Shape.StubOf(type);
    }
    if (SafeTypes.isSafe(element)) {
      for (TypeMirror argument : arguments) {
        String argumentPath = path + "<>";
        vouched.add(new Vouched(argument, part(argument, spot, argumentPath), spot, argumentPath));
      }
      return AS_IS;
    }
    return switch (element.getQualifiedName().toString()) {
      case "java.util.List" -> new Shape.ListOf(type, part(arguments.get(0), spot, path + "[]"));
      case "java.util.Set" -> new Shape.SetOf(type, part(arguments.get(0), spot, path + "[]"));
      case "java.util.Map" ->
          new Shape.MapOf(
              type,
              part(arguments.get(0), spot, path + "[key]"),
              part(arguments.get(1), spot, path + "[value]"));
      case "java.util.Optional" ->
          new Shape.OptionalOf(type, part(arguments.get(0), spot, path + "[]"));
      default -> composed(type, element, spot, path);
    };
  }

  /*
   * Types are endless only if their type arguments grow: without that there are as many as the
   * program declares. How deep records lie in each other says nothing.
   */
  private static int nesting(TypeMirror type) {
    int inside = 0;
    if (type instanceof DeclaredType declared) {
      for (TypeMirror argument : declared.getTypeArguments()) {
        inside = Math.max(inside, nesting(argument));
      }
    }
    return inside + 1;
  }

  private Shape composed(DeclaredType type, TypeElement element, Spot spot, String path) {
    boolean isRecord = element.getKind() == ElementKind.RECORD;
    boolean isSealed =
        element.getKind() == ElementKind.INTERFACE
            && element.getModifiers().contains(Modifier.SEALED);
    if (!isRecord && !isSealed) {
      return unsafe(type, spot, path, SafeTypes.instead(element, env));
    }
    if (type.getTypeArguments().stream().anyMatch(a -> a.getKind() == TypeKind.WILDCARD)) {
      return unsafe(type, spot, path, "the type itself, without a wildcard");
    }
    TypeName name = TypeName.get(type);
    if (shapes.find(name) == null) {
      Shapes.NamedType entry = shapes.begin(name, type, isRecord);
      Spot inside = new Spot(spot.at(), element, spot.subject(), spot.name());
      if (isRecord) {
        components(entry, element, inside, path);
      } else {
        cases(entry, element, inside, path);
      }
    }
    return new Shape.Named(name);
  }

  private void components(Shapes.NamedType entry, TypeElement element, Spot spot, String path) {
    for (RecordComponentElement component : element.getRecordComponents()) {
      ExecutableType accessor =
          (ExecutableType) env.types().asMemberOf(entry.type(), component.getAccessor());
      TypeMirror type = accessor.getReturnType();
      String name = component.getSimpleName().toString();
      Shape shape = part(type, spot, partPath(path, entry, name));
      entry.parts().add(new Shapes.Part(name, type, shape));
    }
  }

  private void cases(Shapes.NamedType entry, TypeElement element, Spot spot, String path) {
    for (TypeMirror subtype : element.getPermittedSubclasses()) {
      if (subtype.getKind() != TypeKind.DECLARED) {
        missing(subtype, element);
        continue;
      }
      TypeElement permittedElement = (TypeElement) ((DeclaredType) subtype).asElement();
      String name = permittedElement.getSimpleName().toString();
      String casePath = partPath(path, entry, name);
      DeclaredType resolved = permitted.resolve(permittedElement, entry.type());
      if (resolved == null) {
        unsafe(
            subtype,
            spot,
            casePath,
            "a permitted type whose type arguments follow from those of "
                + element.getSimpleName());
        continue;
      }
      if (!env.types().isSubtype(resolved, entry.type())) {
        // An IntegerCase of Case<Integer> can be no Case<String>.
        continue;
      }
      Shape shape = part(resolved, spot, casePath);
      entry.parts().add(new Shapes.Part(name, resolved, shape));
    }
  }

  private Shape unsafe(TypeMirror type, Spot spot, String path, String instead) {
    if (type.getKind() == TypeKind.ERROR) {
      missing(type, spot.owner());
    } else {
      env.problems()
          .report(
              Problem.UNSAFE_TYPE, spot.at(), spot.subject(), path, TypeName.get(type), instead);
    }
    return AS_IS;
  }

  private static String instead(ArrayType array) {
    return array.getComponentType().getKind().isPrimitive()
        ? "an array as a parameter or result of its own, where it is copied, or a class around it"
            + " that never changes it, annotated with @SafeToShare"
        : "List: an array is copied only as a parameter or result of its own";
  }

  private static TypeName rawName(TypeMirror type) {
    TypeName name = TypeName.get(type);
    if (name instanceof ParameterizedTypeName parameterized) {
      ClassName raw = parameterized.rawType();
      return raw;
    }
    return name;
  }
}
