package dev.abide.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.TypeName;
import dev.abide.annotations.Stored;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.PrimitiveType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.tools.JavaFileObject;
import org.jspecify.annotations.Nullable;

/** Finds the form that a component's type has on disk; reports what has none. */
final class StoredPartReader {
  private final Environment env;
  private final TypeElement owner;
  private final Set<String> missing = new LinkedHashSet<>();
  private boolean unresolved;

  StoredPartReader(Environment env, TypeElement owner) {
    this.env = env;
    this.owner = owner;
  }

  boolean unresolved() {
    return unresolved;
  }

  Set<String> missing() {
    return missing;
  }

  /** Takes note of a type that does not exist (yet), named in that one. */
  void missing(TypeMirror type, TypeElement in) {
    unresolved = true;
    if (isClassFile(in)) {
      missing.add(type.toString());
    }
  }

  /**
   * The form of a type, or null if it has none; that is reported, here or at the type itself.
   *
   * @param at the component
   * @param label the component in words: {@code Line.tags}
   * @param path the part's place in it: {@code tags[]}
   */
  @Nullable StoredPart read(TypeMirror type, Element at, String label, String path) {
    if (type.getKind().isPrimitive()) {
      return scalar(env.types().boxedClass((PrimitiveType) type));
    }
    return switch (type.getKind()) {
      case ERROR -> {
        missing(type, owner);
        yield null;
      }
      case DECLARED -> declared((DeclaredType) type, at, label, path);
      case ARRAY -> array((ArrayType) type, at, label, path);
      case WILDCARD -> refuse(type, at, label, path, "the type itself instead of a wildcard");
      default -> refuse(type, at, label, path, "a concrete type");
    };
  }

  private @Nullable StoredPart array(ArrayType type, Element at, String label, String path) {
    if (type.getComponentType().getKind() == TypeKind.BYTE) {
      return new StoredPart.Scalar("BYTES");
    }
    return refuse(type, at, label, path, "List");
  }

  private static @Nullable StoredPart scalar(TypeElement type) {
    String constant = StorableTypes.codec(type);
    return constant == null ? null : new StoredPart.Scalar(constant);
  }

  private @Nullable StoredPart declared(DeclaredType type, Element at, String label, String path) {
    TypeElement element = (TypeElement) type.asElement();
    List<? extends TypeMirror> arguments = type.getTypeArguments();
    StoredPart scalar = scalar(element);
    if (scalar != null) {
      return scalar;
    }
    if (arguments.size() < element.getTypeParameters().size()) {
      return refuse(type, at, label, path, element.getSimpleName() + " with its type arguments");
    }
    return switch (element.getQualifiedName().toString()) {
      case "java.util.List" -> {
        StoredPart item = read(arguments.getFirst(), at, label, path + "[]");
        yield item == null ? null : new StoredPart.ListOf(item);
      }
      case "java.util.Set" -> {
        StoredPart item = compared(arguments.getFirst(), at, label, path + "[]");
        yield item == null ? null : new StoredPart.SetOf(item);
      }
      case "java.util.Map" -> {
        StoredPart key = compared(arguments.getFirst(), at, label, path + "[key]");
        StoredPart value = read(arguments.getLast(), at, label, path + "[value]");
        yield key == null || value == null ? null : new StoredPart.MapOf(key, value);
      }
      case "java.util.Optional" -> {
        StoredPart content = read(arguments.getFirst(), at, label, path + "[]");
        yield content == null ? null : new StoredPart.OptionalOf(content);
      }
      default -> generated(type, element, at, label, path);
    };
  }

  /** An element of a set or a key: two arrays are never equal. */
  private @Nullable StoredPart compared(TypeMirror type, Element at, String label, String path) {
    if (type.getKind() == TypeKind.ARRAY) {
      return refuse(type, at, label, path, "a type whose values are compared by what they hold");
    }
    return read(type, at, label, path);
  }

  private @Nullable StoredPart generated(
      DeclaredType type, TypeElement element, Element at, String label, String path) {
    if (!Marks.has(element, Stored.class)) {
      return refuse(type, at, label, path, StorableTypes.instead(element, env));
    }
    if (Reach.hidden(element.asType(), env.elements().getPackageOf(owner), env) != null) {
      if (!element.getModifiers().contains(Modifier.PRIVATE)) {
        env.problems().report(Problem.HIDDEN_STORED_PART, at, label, element);
      }
      return null;
    }
    ClassName codec = GeneratedNames.codec(element);
    if (isClassFile(element) && env.elements().getTypeElement(codec.canonicalName()) == null) {
      env.problems().report(Problem.NO_CODEC, at, label, element, codec);
      return null;
    }
    return new StoredPart.Generated(codec);
  }

  private boolean isClassFile(TypeElement element) {
    JavaFileObject file = env.elements().getFileObjectOf(element);
    return file != null && file.getKind() == JavaFileObject.Kind.CLASS;
  }

  private @Nullable StoredPart refuse(
      TypeMirror type, Element at, String label, String path, String instead) {
    env.problems().report(Problem.UNSTORABLE_TYPE, at, label, path, TypeName.get(type), instead);
    return null;
  }
}
