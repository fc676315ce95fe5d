package dev.abide.engine;

import java.util.Optional;
import java.util.function.UnaryOperator;

/** One stored value. Threading, errors and durability: as {@link Storage}. Null is never stored. */
public interface Cell<T> {
  /**
   * The value, or the initial value.
   *
   * @throws IllegalStateException if the cell is unset and has no initial value; use {@link #find}
   */
  T get();

  /** The value, or the initial value, or nothing. */
  Optional<T> find();

  /** Sets the value. */
  void set(T value);

  /** Sets the value to what the function makes of it, and returns that. */
  T update(UnaryOperator<T> change);

  /** Unsets the cell. */
  void clear();
}
