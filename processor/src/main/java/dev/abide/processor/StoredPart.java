package dev.abide.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.TypeName;
import org.jspecify.annotations.Nullable;

/** The form that a component, or a part inside one, has on disk. */
sealed interface StoredPart {
  /** A type that the engine has a codec for, by the constant's name. */
  record Scalar(String constant) implements StoredPart {}

  /** A {@code @Stored} record, sealed interface or enum. */
  record Generated(ClassName codec) implements StoredPart {}

  /** A list. */
  record ListOf(StoredPart element) implements StoredPart {}

  /** A set. */
  record SetOf(StoredPart element) implements StoredPart {}

  /** A map. */
  record MapOf(StoredPart key, StoredPart value) implements StoredPart {}

  /** An optional that is no component itself. */
  record OptionalOf(StoredPart content) implements StoredPart {}

  /**
   * A component of a record.
   *
   * @param name its name
   * @param number its number on disk
   * @param type its type, boxed; of an {@code Optional} the type of its content
   * @param part its form; of an {@code Optional} that of its content
   * @param optional whether it is an {@code Optional}: then an empty one is not written
   * @param missing the value when it is not there, as an expression; null if that is an error
   */
  record Component(
      String name,
      int number,
      TypeName type,
      StoredPart part,
      boolean optional,
      @Nullable MissingValue missing) {}
}
