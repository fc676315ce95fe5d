package dev.abide.engine.internal.journal;

import dev.abide.engine.internal.store.Commit;
import org.jspecify.annotations.Nullable;

/**
 * A commit and its record, made before anything is decided: with the links in it, what is queued
 * takes no memory, and so is queued as a whole or not at all.
 *
 * <p>Guarded by the journal's lock until the thread that writes has taken it.
 */
class Queued {
  private final Commit commit;
  private final byte[] record;
  private long number;
  private @Nullable Segment segment;

  /** Behind this one, in the chain that it is in. */
  private @Nullable Queued next;

  Queued(Commit commit, byte[] record) {
    this.commit = commit;
    this.record = record;
  }

  final Commit commit() {
    return commit;
  }

  final byte[] record() {
    return record;
  }

  /** Its number; 0 before it has one. */
  final long number() {
    return number;
  }

  /** Where it is written; once it has its number. */
  final Segment segment() {
    Segment given = segment;
    if (given == null) {
      throw new IllegalStateException("the commit has no number yet");
    }
    return given;
  }

  final void give(long itsNumber, Segment itsSegment) {
    number = itsNumber;
    segment = itsSegment;
  }

  /** First in, first out; each is in one chain at most. Adds and removes without memory. */
  static final class Chain<T extends Queued> {
    private @Nullable Queued first;
    private @Nullable Queued last;

    boolean isEmpty() {
      return first == null;
    }

    /** The first, or null. */
    @Nullable T peek() {
      return own(first);
    }

    /** The one behind it, or null. */
    @Nullable T behind(T one) {
      return own(((Queued) one).next);
    }

    @SuppressWarnings("unchecked") // only such were added
    private @Nullable T own(@Nullable Queued one) {
      return (T) one;
    }

    void add(T one) {
      Queued before = last;
      if (before == null) {
        first = one;
      } else {
        before.next = one;
      }
      last = one;
    }

    /** Takes one out, which must be in it. In steps for those before it; the first in one. */
    @SuppressWarnings("ReferenceEquality") // these are links, not values
    void remove(T one) {
      Queued removed = one;
      Queued before = null;
      for (Queued at = first; at != removed; at = at.next) {
        if (at == null) {
          throw new IllegalStateException("it is not in this chain");
        }
        before = at;
      }
      if (before == null) {
        first = removed.next;
      } else {
        before.next = removed.next;
      }
      if (last == removed) {
        last = before;
      }
      removed.next = null;
    }

    void clear() {
      first = null;
      last = null;
    }
  }
}
