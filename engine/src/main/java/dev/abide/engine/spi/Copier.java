package dev.abide.engine.spi;

import org.jspecify.annotations.Nullable;

/**
 * Makes a value safe to cross between objects: immutable all the way down, in the same order.
 * Returns the same instance, and allocates nothing, where the value already is that. Stateless and
 * safe for all threads; see {@link Copies}.
 *
 * <p>A null inside a collection, a map, an array or an {@code Optional}'s content is refused with a
 * {@link NullPointerException} that names its place; a null component of a record stays null.
 */
@FunctionalInterface
public interface Copier<T> {
  /**
   * The value or its immutable copy.
   *
   * @param value never null
   * @param stubs checks the stubs inside
   * @param what what the value was passed as, for errors: {@code "argument lines of Cart.add"}
   */
  T copy(T value, StubCheck stubs, String what);

  /** The copy of an argument or result that may not be null. */
  default T required(@Nullable T value, StubCheck stubs, String what) {
    return copy(Copies.required(value, what), stubs, what);
  }

  /** The copy of an argument or result that may be null. */
  default @Nullable T orNull(@Nullable T value, StubCheck stubs, String what) {
    return value == null ? null : copy(value, stubs, what);
  }

  /** The copy of a record's component, which may be null. */
  default @Nullable T component(String name, @Nullable T value, StubCheck stubs, String what) {
    if (value == null) {
      return null;
    }
    try {
      return copy(value, stubs, what);
    } catch (NullPart failure) {
      throw failure.inside("." + name);
    }
  }
}
