package dev.abide.engine.spi;

import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.Set;

/** Freezes sets, keeping the order in which they iterate. */
final class SetCopier<E> implements Copier<Set<E>> {
  private static final Class<?> SHORT = Set.of(1).getClass();
  private static final Class<?> LONG = Set.of(1, 2, 3).getClass();

  private final Copier<E> element;
  private final boolean deep;

  @SuppressWarnings("ReferenceEquality") // the same instance is the question here
  SetCopier(Copier<E> element) {
    this.element = element;
    this.deep = element != Copies.<E>asIs();
  }

  @Override
  public Set<E> copy(Set<E> value, StubCheck stubs, String what) {
    Class<?> type = value.getClass();
    boolean immutable = type == FrozenSet.class || type == SHORT || type == LONG;
    return immutable && (!deep || same(value, stubs, what)) ? value : frozen(value, stubs, what);
  }

  @SuppressWarnings("ReferenceEquality") // the same instance is the question here
  private boolean same(Set<E> value, StubCheck stubs, String what) {
    for (E part : value) {
      if (copyPart(part, stubs, what) != part) {
        return false;
      }
    }
    return true;
  }

  private Set<E> frozen(Set<E> value, StubCheck stubs, String what) {
    SequencedSet<E> copy = new LinkedHashSet<>();
    for (E part : value) {
      copy.add(copyPart(part, stubs, what));
    }
    return new FrozenSet<>(copy);
  }

  private E copyPart(E part, StubCheck stubs, String what) {
    if (part == null) {
      throw new NullPart(what, "[]");
    }
    try {
      return element.copy(part, stubs, what);
    } catch (NullPart failure) {
      throw failure.inside("[]");
    }
  }
}
