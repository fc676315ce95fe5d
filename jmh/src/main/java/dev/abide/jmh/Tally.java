package dev.abide.jmh;

import dev.abide.annotations.DurableObject;
import dev.abide.engine.Cell;
import dev.abide.engine.ObjectContext;

/** A number in a field, and one in storage. */
@DurableObject("tally")
public interface Tally {
  /** Adds to the number in the field; nothing is written. */
  long add(long by);

  /** Adds to the number in storage. */
  long store(long by);

  /** The implementation. */
  final class TallyObject implements Tally {
    private final Cell<Long> stored;
    private long count;

    public TallyObject(ObjectContext context) {
      stored = context.storage().cell("count", Long.class, 0L);
    }

    @Override
    public long add(long by) {
      count += by;
      return count;
    }

    @Override
    public long store(long by) {
      return stored.update(n -> n + by);
    }
  }
}
