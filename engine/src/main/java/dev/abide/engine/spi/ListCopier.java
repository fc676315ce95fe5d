package dev.abide.engine.spi;

import java.util.List;

/**
 * Freezes lists. The copy is one of the JDK's immutable lists, so that it is known the next time.
 */
final class ListCopier<E> implements Copier<List<E>> {
  private static final Class<?> SHORT = List.of(1).getClass();
  private static final Class<?> LONG = List.of(1, 2, 3).getClass();

  private final Copier<E> element;

  ListCopier(Copier<E> element) {
    this.element = element;
  }

  @Override
  public List<E> copy(List<E> value, StubCheck stubs, String what) {
    Class<?> type = value.getClass();
    return type == SHORT || type == LONG
        ? copyImmutable(value, stubs, what)
        : copyMutable(value, stubs, what);
  }

  /* Stream.toList() makes a list of the same class that may hold nulls: so look at each element. */
  @SuppressWarnings("ReferenceEquality") // the same instance is the question here
  private List<E> copyImmutable(List<E> value, StubCheck stubs, String what) {
    int size = value.size();
    for (int i = 0; i < size; i++) {
      E part = value.get(i);
      if (copyPart(part, i, stubs, what) != part) {
        return copyMutable(value, stubs, what);
      }
    }
    return value;
  }

  @SuppressWarnings("unchecked") // what comes from the list are its elements
  private List<E> copyMutable(List<E> value, StubCheck stubs, String what) {
    Object[] parts = value.toArray();
    Object[] copies = new Object[parts.length];
    for (int i = 0; i < parts.length; i++) {
      copies[i] = copyPart((E) parts[i], i, stubs, what);
    }
    return (List<E>) List.of(copies);
  }

  private E copyPart(E part, int place, StubCheck stubs, String what) {
    if (part == null) {
      throw new NullPart(what, "[" + place + "]");
    }
    try {
      return element.copy(part, stubs, what);
    } catch (NullPart failure) {
      throw failure.inside("[" + place + "]");
    }
  }
}
