package dev.abide.engine.spi;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The copiers that generated code is put together from. Stateless and safe for all threads.
 *
 * <p>What counts as immutable already: the JDK's {@code List.of}, {@code Set.of}, {@code Map.of},
 * {@code copyOf} and {@code Stream.toList} collections, and the sets and maps that these copiers
 * made. Everything else is copied, unmodifiable views too: someone may still hold what is behind
 * them.
 */
public final class Copies {
  private static final Copier<Object> AS_IS = (value, stubs, what) -> value;
  private static final Copier<Object> STUB = (value, stubs, what) -> stubs.stub(value, what);

  private static final Copier<Object> PRIMITIVES = (value, stubs, what) -> clone(value);

  private Copies() {}

  /** Of values that nobody can change: the value itself. */
  @SuppressWarnings("unchecked") // returns what it is given, whatever it is
  public static <T> Copier<T> asIs() {
    return (Copier<T>) AS_IS;
  }

  /** Of durable interfaces: the stub itself, once it is known to be one of this engine's. */
  @SuppressWarnings("unchecked") // returns what it is given, whatever it is
  public static <T> Copier<T> stub() {
    return (Copier<T>) STUB;
  }

  /** Of lists. */
  public static <E> Copier<List<E>> list(Copier<E> element) {
    return new ListCopier<>(element);
  }

  /** Of sets; the copy iterates in the same order. */
  public static <E> Copier<Set<E>> set(Copier<E> element) {
    return new SetCopier<>(element);
  }

  /** Of maps; the copy iterates in the same order. */
  public static <K, V> Copier<Map<K, V>> map(Copier<K> key, Copier<V> value) {
    return new MapCopier<>(key, value);
  }

  /** Of optionals whose content has to be copied. */
  public static <E> Copier<Optional<E>> optional(Copier<E> content) {
    return new OptionalCopier<>(content);
  }

  /**
   * Of arrays of objects, which are always copied.
   *
   * @param component the class of the array's components
   */
  public static <E> Copier<E[]> array(Class<?> component, Copier<E> element) {
    return new ArrayCopier<>(component, element);
  }

  /** Of arrays of primitives, which are always copied. */
  @SuppressWarnings("unchecked") // a clone has its original's class
  public static <A> Copier<A> primitives() {
    return (Copier<A>) PRIMITIVES;
  }

  private static Object clone(Object array) {
    return switch (array) {
      case boolean[] booleans -> booleans.clone();
      case byte[] bytes -> bytes.clone();
      case short[] shorts -> shorts.clone();
      case char[] chars -> chars.clone();
      case int[] ints -> ints.clone();
      case long[] longs -> longs.clone();
      case float[] floats -> floats.clone();
      case double[] doubles -> doubles.clone();
      default ->
          throw new IllegalArgumentException(array.getClass() + " is no array of primitives");
    };
  }

  /**
   * The value, if it is not null.
   *
   * @throws NullPointerException saying what is null
   */
  public static <T> T required(@Nullable T value, String what) {
    if (value == null) {
      throw new NullPointerException(
          what + " is null; pass a value, or annotate it with @Nullable if null has a meaning");
    }
    return value;
  }
}
