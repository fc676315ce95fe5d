package dev.abide.processor;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;

/**
 * The methods that a stub of an interface has to implement: its own first, then those of its super
 * interfaces, each in the order of their declaration. Static and private methods, and what every
 * object has, are left out.
 */
final class InheritedMethods {
  private final Environment env;
  private final TypeElement type;
  private boolean unresolved;

  InheritedMethods(Environment env, TypeElement type) {
    this.env = env;
    this.type = type;
  }

  /** Whether a super interface does not exist (yet). */
  boolean unresolved() {
    return unresolved;
  }

  /**
   * The methods; those that several unrelated interfaces declare with the same parameters form one
   * group, the one with the most specific result first.
   */
  List<List<ExecutableElement>> groups() {
    Set<TypeElement> interfaces = new LinkedHashSet<>();
    collect(type, interfaces);
    List<ExecutableElement> all = new ArrayList<>();
    for (TypeElement owner : interfaces) {
      for (ExecutableElement method : ElementFilter.methodsIn(owner.getEnclosedElements())) {
        if (isCallable(method) && !isOfEveryObject(method)) {
          all.add(method);
        }
      }
    }
    List<List<ExecutableElement>> groups = new ArrayList<>();
    for (ExecutableElement method : all) {
      boolean overridden =
          all.stream()
              .anyMatch(o -> !o.equals(method) && env.elements().overrides(o, method, type));
      if (!overridden) {
        add(method, groups);
      }
    }
    return groups;
  }

  /** Whether a stub can be asked to run it. */
  static boolean isCallable(ExecutableElement method) {
    return !method.getModifiers().contains(Modifier.STATIC)
        && !method.getModifiers().contains(Modifier.PRIVATE);
  }

  /** Whether it declares {@code equals}, {@code hashCode} or {@code toString} again. */
  static boolean isOfEveryObject(ExecutableElement method) {
    List<? extends VariableElement> parameters = method.getParameters();
    return switch (method.getSimpleName().toString()) {
      case "equals" ->
          parameters.size() == 1
              && parameters.get(0).asType() instanceof DeclaredType declared
              && ((TypeElement) declared.asElement())
                  .getQualifiedName()
                  .contentEquals("java.lang.Object");
      case "hashCode", "toString" -> parameters.isEmpty();
      default -> false;
    };
  }

  /** The method as a member of the interface, type arguments resolved. */
  ExecutableType resolved(ExecutableElement method) {
    return (ExecutableType) env.types().asMemberOf((DeclaredType) type.asType(), method);
  }

  private void collect(TypeElement owner, Set<TypeElement> into) {
    if (!into.add(owner)) {
      return;
    }
    for (TypeMirror superType : owner.getInterfaces()) {
      if (superType.getKind() == TypeKind.DECLARED) {
        collect((TypeElement) ((DeclaredType) superType).asElement(), into);
      } else {
        unresolved = true;
      }
    }
  }

  private void add(ExecutableElement method, List<List<ExecutableElement>> groups) {
    ExecutableType signature = resolved(method);
    for (List<ExecutableElement> group : groups) {
      ExecutableElement first = group.get(0);
      ExecutableType other = resolved(first);
      if (first.getSimpleName().equals(method.getSimpleName())
          && (env.types().isSubsignature(signature, other)
              || env.types().isSubsignature(other, signature))) {
        boolean moreSpecific =
            !env.types().isSameType(signature.getReturnType(), other.getReturnType())
                && env.types().isSubtype(signature.getReturnType(), other.getReturnType());
        group.add(moreSpecific ? 0 : group.size(), method);
        return;
      }
    }
    groups.add(new ArrayList<>(List.of(method)));
  }
}
