package dev.abide.processor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.TypeParameterElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.TypeVariable;
import org.jspecify.annotations.Nullable;

/** Resolves the type arguments of the types that a generic sealed interface permits. */
final class PermittedTypes {
  private final Environment env;

  PermittedTypes(Environment env) {
    this.env = env;
  }

  /**
   * {@code Ok<String>} for {@code record Ok<V>(V value) implements Answer<V>} and {@code
   * Answer<String>}; null where an argument does not follow.
   */
  @Nullable DeclaredType resolve(TypeElement permitted, DeclaredType sealed) {
    if (permitted.getTypeParameters().isEmpty()) {
      return env.types().getDeclaredType(permitted);
    }
    for (TypeMirror candidate : permitted.getInterfaces()) {
      DeclaredType superType = (DeclaredType) candidate;
      if (superType.asElement().equals(sealed.asElement())) {
        return resolve(permitted, superType.getTypeArguments(), sealed.getTypeArguments());
      }
    }
    return null;
  }

  private @Nullable DeclaredType resolve(
      TypeElement permitted, List<? extends TypeMirror> formal, List<? extends TypeMirror> actual) {
    Map<Element, TypeMirror> bound = new HashMap<>();
    for (int i = 0; i < formal.size() && i < actual.size(); i++) {
      if (formal.get(i).getKind() == TypeKind.TYPEVAR) {
        bound.put(((TypeVariable) formal.get(i)).asElement(), actual.get(i));
      }
    }
    List<? extends TypeParameterElement> parameters = permitted.getTypeParameters();
    TypeMirror[] arguments = new TypeMirror[parameters.size()];
    for (int i = 0; i < arguments.length; i++) {
      TypeMirror argument = bound.get(parameters.get(i));
      if (argument == null) {
        return null;
      }
      arguments[i] = argument;
    }
    return env.types().getDeclaredType(permitted, arguments);
  }
}
