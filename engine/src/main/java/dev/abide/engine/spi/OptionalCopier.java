package dev.abide.engine.spi;

import java.util.Optional;

/** Copies what is in an optional. */
final class OptionalCopier<E> implements Copier<Optional<E>> {
  private final Copier<E> content;

  OptionalCopier(Copier<E> content) {
    this.content = content;
  }

  @SuppressWarnings("ReferenceEquality") // the same instance is the question here
  @Override
  public Optional<E> copy(Optional<E> value, StubCheck stubs, String what) {
    if (value.isEmpty()) {
      return value;
    }
    E old = value.get();
    try {
      E copy = content.copy(old, stubs, what);
      return copy == old ? value : Optional.of(copy);
    } catch (NullPart failure) {
      throw failure.inside("[]");
    }
  }
}
