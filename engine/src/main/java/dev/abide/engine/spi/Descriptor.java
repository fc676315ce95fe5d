package dev.abide.engine.spi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the processor found out about a durable interface; generated, one for each. The engine finds
 * it by its name, {@code a.b.CounterDescriptor} for {@code a.b.Counter} and {@code
 * a.b.Outer_CounterDescriptor} for {@code a.b.Outer.Counter}, once per type. Stateless.
 */
public abstract class Descriptor<T> {
  /** For generated code. */
  protected Descriptor() {}

  /** The interface. */
  public abstract Class<T> type();

  /** The name given in {@code @DurableObject}. */
  public abstract String name();

  /** All methods, inherited ones included, in the order of their indexes. */
  public abstract List<MethodDescriptor> methods();

  /** Whether clients may plug sockets in. */
  public boolean sockets() {
    return false;
  }

  /** Whether raw requests come in. */
  public boolean requests() {
    return false;
  }

  /** Whether turns are heavy on the processor. */
  public boolean compute() {
    return false;
  }

  /** A new stub. */
  public abstract T stub(Target target);

  /**
   * A call record for an exposed method, for calls that come through an adapter. Arguments are
   * copied as a stub would copy them.
   *
   * @throws IllegalArgumentException if the method is not exposed, or the number or the type of an
   *     argument is wrong
   * @throws NullPointerException if an argument is null where the signature does not allow it
   */
  public abstract Call call(MethodDescriptor method, Object[] arguments);

  /**
   * Checks what {@link #call} was given, but for the arguments themselves.
   *
   * @throws IllegalArgumentException if the method is not an exposed one of this type, or the
   *     number of arguments is wrong
   */
  protected final void check(MethodDescriptor method, Object[] arguments) {
    int index = method.index();
    if (index < 0 || index >= methods().size() || !methods().get(index).equals(method)) {
      throw new IllegalArgumentException(
          method.signature() + " is not a method of " + name() + "; take it from methods()");
    }
    if (!method.exposed()) {
      throw new IllegalArgumentException(
          method.signature() + " of " + name() + " is not exposed; annotate it with @Exposed");
    }
    if (arguments.length != method.parameters().size()) {
      throw new IllegalArgumentException(
          String.format(
              "%s of %s takes %,d arguments, %s, and was given %,d",
              method.name(),
              name(),
              method.parameters().size(),
              method.parameters(),
              arguments.length));
    }
  }

  /**
   * An argument that may not be null.
   *
   * @param type its class, erased; what is inside a collection is not looked at
   * @param what what it is, for errors
   * @throws IllegalArgumentException if it is of another class
   * @throws NullPointerException if it is null
   */
  @SuppressWarnings("TypeParameterUnusedInFormals") // generated code infers the parameter's type
  protected static <A> A argument(@Nullable Object value, Class<?> type, String what) {
    return typed(Copies.required(value, what), type, what);
  }

  /**
   * An argument that may be null.
   *
   * @param type its class, erased; what is inside a collection is not looked at
   * @param what what it is, for errors
   * @throws IllegalArgumentException if it is of another class
   */
  @SuppressWarnings("TypeParameterUnusedInFormals") // generated code infers the parameter's type
  protected static <A> @Nullable A argumentOrNull(
      @Nullable Object value, Class<?> type, String what) {
    return value == null ? null : typed(value, type, what);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the class is A's erasure
  private static <A> A typed(Object value, Class<?> type, String what) {
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(
          what
              + " is of "
              + value.getClass().getTypeName()
              + " and must be of "
              + type.getTypeName());
    }
    return (A) value;
  }
}
