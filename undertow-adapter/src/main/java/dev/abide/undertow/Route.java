package dev.abide.undertow;

import dev.abide.engine.spi.MethodDescriptor;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

/**
 * An exposed method as the edge serves it.
 *
 * @param type the object's type, as in {@code @DurableObject}
 * @param method the method
 * @param parameters the parameters' types, in order
 * @param nullable whether each may be null
 * @param readers a reader for each
 * @param result the type of the result, or of what the stage that it is completes with
 * @param writer its writer
 * @param declared the exceptions that the method declares
 * @param byGet whether it is also served by GET: it changes nothing, and takes scalars only
 */
record Route(
    String type,
    MethodDescriptor method,
    List<JavaType> parameters,
    List<Boolean> nullable,
    List<ObjectReader> readers,
    JavaType result,
    ObjectWriter writer,
    Set<Class<?>> declared,
    boolean byGet) {
  /** The method in logs: {@code counter.increment}. */
  String label() {
    return type + "." + method.name();
  }

  boolean isVoid() {
    return result.getRawClass() == void.class || result.getRawClass() == Void.class;
  }

  boolean declares(Throwable failure) {
    return declared.stream().anyMatch(type -> type.isInstance(failure));
  }
}
