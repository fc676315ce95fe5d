package dev.abide.engine.spi;

import java.lang.reflect.Array;

/** Copies arrays of objects: an array can always be changed. */
final class ArrayCopier<E> implements Copier<E[]> {
  private final Class<?> component;
  private final Copier<E> element;

  ArrayCopier(Class<?> component, Copier<E> element) {
    this.component = component;
    this.element = element;
  }

  /*
   * The copy has the declared component class, not that of the array passed: an ArrayList[] given
   * for a List[] could not take the immutable lists.
   */
  @Override
  @SuppressWarnings("unchecked") // the component class is E's
  public E[] copy(E[] value, StubCheck stubs, String what) {
    E[] copy = (E[]) Array.newInstance(component, value.length);
    for (int i = 0; i < value.length; i++) {
      E part = value[i];
      if (part == null) {
        throw new NullPart(what, "[" + i + "]");
      }
      try {
        copy[i] = element.copy(part, stubs, what);
      } catch (NullPart failure) {
        throw failure.inside("[" + i + "]");
      }
    }
    return copy;
  }
}
