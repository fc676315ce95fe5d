package dev.abide.processor;

import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** What generated code can name from the package that it lies in. */
final class Reach {
  private Reach() {}

  /** The first type in it that the package cannot name, or null. */
  static @Nullable TypeElement hidden(TypeMirror type, PackageElement home, Environment env) {
    if (type instanceof ArrayType array) {
      return hidden(array.getComponentType(), home, env);
    }
    if (!(type instanceof DeclaredType declared)) {
      return null;
    }
    Element at = declared.asElement();
    while (at instanceof TypeElement element) {
      boolean near = env.elements().getPackageOf(element).equals(home);
      Set<Modifier> modifiers = element.getModifiers();
      if (modifiers.contains(Modifier.PRIVATE) || !(near || modifiers.contains(Modifier.PUBLIC))) {
        return (TypeElement) declared.asElement();
      }
      at = element.getEnclosingElement();
    }
    for (TypeMirror argument : declared.getTypeArguments()) {
      TypeElement found = hidden(argument, home, env);
      if (found != null) {
        return found;
      }
    }
    return null;
  }
}
