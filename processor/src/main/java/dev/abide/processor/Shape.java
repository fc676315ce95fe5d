package dev.abide.processor;

import com.palantir.javapoet.TypeName;
import javax.lang.model.type.TypeMirror;

/** How values of a type, known to be safe, are made to cross between objects. */
sealed interface Shape {
  /** Nobody can change it: by reference. */
  record AsIs() implements Shape {}

  /** A durable interface: by reference, once it is known to be a stub. */
  record StubOf(TypeMirror type) implements Shape {}

  /** A list; frozen. */
  record ListOf(TypeMirror type, Shape element) implements Shape {}

  /** A set; frozen. */
  record SetOf(TypeMirror type, Shape element) implements Shape {}

  /** A map; frozen. */
  record MapOf(TypeMirror type, Shape key, Shape value) implements Shape {}

  /** An optional; rebuilt if its content changes. */
  record OptionalOf(TypeMirror type, Shape content) implements Shape {}

  /** An array of primitives; cloned. */
  record PrimitivesOf(TypeMirror type) implements Shape {}

  /** An array of objects; copied. */
  record ArrayOf(TypeMirror type, TypeName component, Shape element) implements Shape {}

  /** A record or a sealed interface, described in {@link Shapes}; it may contain itself. */
  record Named(TypeName name) implements Shape {}
}
