package dev.abide.processor;

import com.palantir.javapoet.TypeName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/**
 * The records and sealed interfaces that one durable interface's methods reach, each once. They may
 * contain each other and themselves, so which of them need a copier is known only when all are
 * read.
 */
final class Shapes {
  /**
   * A record or a sealed interface.
   *
   * @param type it, its type arguments resolved
   * @param isRecord whether it is a record; else a sealed interface
   * @param parts its components, or its permitted types; filled while it is read
   */
  record NamedType(DeclaredType type, boolean isRecord, List<Part> parts) {}

  /**
   * A component of a record or a permitted type of a sealed interface.
   *
   * @param name the component's name, or the permitted type's simple name
   * @param type its type, type arguments resolved
   * @param shape how it is copied
   */
  record Part(String name, TypeMirror type, Shape shape) {}

  private final Map<TypeName, NamedType> named = new LinkedHashMap<>();
  private final Set<TypeName> copied = new HashSet<>();

  @Nullable NamedType find(TypeName name) {
    return named.get(name);
  }

  /** Enters a type whose parts are about to be read. */
  NamedType begin(TypeName name, DeclaredType type, boolean isRecord) {
    NamedType entry = new NamedType(type, isRecord, new ArrayList<>());
    named.put(name, entry);
    return entry;
  }

  /** Finds out which types need copiers; to be called when all are read. */
  void settle() {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Map.Entry<TypeName, NamedType> entry : named.entrySet()) {
        if (!copied.contains(entry.getKey())
            && entry.getValue().parts().stream().anyMatch(part -> copies(part.shape()))) {
          changed = copied.add(entry.getKey());
        }
      }
    }
  }

  /** The types that need copiers, in the order in which they were met. */
  List<Map.Entry<TypeName, NamedType>> copied() {
    return named.entrySet().stream().filter(entry -> copied.contains(entry.getKey())).toList();
  }

  /** Whether values of this shape may have to be copied or checked. */
  boolean copies(Shape shape) {
    return switch (shape) {
      case Shape.AsIs() -> false;
      case Shape.StubOf stub -> true;
      case Shape.ListOf list -> true;
      case Shape.SetOf set -> true;
      case Shape.MapOf map -> true;
      case Shape.OptionalOf(TypeMirror type, Shape content) -> copies(content);
      case Shape.PrimitivesOf array -> true;
      case Shape.ArrayOf array -> true;
      case Shape.Named(TypeName name) -> copied.contains(name);
    };
  }

  /** Where a stub is inside, as a path, or null if there is none. */
  @Nullable String stubPath(Shape shape, String path) {
    return stubPath(shape, path, new HashSet<>());
  }

  private @Nullable String stubPath(Shape shape, String path, Set<TypeName> seen) {
    return switch (shape) {
      case Shape.AsIs() -> null;
      case Shape.StubOf stub -> path;
      case Shape.ListOf(TypeMirror type, Shape element) -> stubPath(element, path + "[]", seen);
      case Shape.SetOf(TypeMirror type, Shape element) -> stubPath(element, path + "[]", seen);
      case Shape.MapOf(TypeMirror type, Shape key, Shape value) -> {
        String inKey = stubPath(key, path + "[key]", seen);
        yield inKey != null ? inKey : stubPath(value, path + "[value]", seen);
      }
      case Shape.OptionalOf(TypeMirror type, Shape content) -> stubPath(content, path + "[]", seen);
      case Shape.PrimitivesOf array -> null;
      case Shape.ArrayOf(TypeMirror type, TypeName component, Shape element) ->
          stubPath(element, path + "[]", seen);
      case Shape.Named(TypeName name) -> stubPathInside(name, path, seen);
    };
  }

  private @Nullable String stubPathInside(TypeName name, String path, Set<TypeName> seen) {
    NamedType type = named.get(name);
    if (type == null || !seen.add(name)) {
      return null;
    }
    for (Part part : type.parts()) {
      String found = stubPath(part.shape(), ShapeReader.partPath(path, type, part.name()), seen);
      if (found != null) {
        return found;
      }
    }
    return null;
  }
}
