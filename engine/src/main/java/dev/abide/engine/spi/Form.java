package dev.abide.engine.spi;

import org.jspecify.annotations.Nullable;

/**
 * What a stored value is made of, as far as one must know it to print its bytes: what a schema
 * record says. Immutable. Two forms are equal if the same codecs read them.
 */
public sealed interface Form {
  /**
   * A type that needs no annotation.
   *
   * @param name its simple name: {@code Instant}, {@code byte[]}
   */
  record Scalar(String name) implements Form {}

  /** A list. */
  record ListOf(Form item) implements Form {}

  /** A set. */
  record SetOf(Form item) implements Form {}

  /** A map inside a value, or a map of an object's storage. */
  record MapOf(Form key, Form value) implements Form {}

  /** An optional that is no component itself. */
  record OptionalOf(Form item) implements Form {}

  /** A {@code @Stored} type. What it consists of is asked of its codec, so types may nest. */
  record Defined(StoredCodec<?> codec) implements Form {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Defined defined && defined.codec.getClass() == codec.getClass();
    }

    @Override
    public int hashCode() {
      return codec.getClass().hashCode();
    }
  }
}
