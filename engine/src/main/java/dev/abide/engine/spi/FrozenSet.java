package dev.abide.engine.spi;

import java.util.AbstractSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A set that nobody can change, in insertion order; {@code Set.copyOf} would shuffle it. It is the
 * only holder of what is behind it, which is why a copier need not copy it again.
 */
final class FrozenSet<E> extends AbstractSet<E> {
  private final Set<E> elements;

  /** Takes the set over: the caller forgets it. */
  FrozenSet(SequencedSet<E> elements) {
    this.elements = Collections.unmodifiableSet(elements);
  }

  @Override
  public Iterator<E> iterator() {
    return elements.iterator();
  }

  @Override
  public int size() {
    return elements.size();
  }

  @Override
  public boolean contains(@Nullable Object element) {
    return elements.contains(element);
  }
}
