package dev.abide.examples.counter;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import dev.abide.annotations.ReadOnly;
import dev.abide.engine.Cell;
import dev.abide.engine.ObjectContext;

/** A number that survives. */
@DurableObject("counter")
public interface Counter {
  @Exposed
  long increment(long by);

  @Exposed
  @ReadOnly
  long value();

  /** The implementation. */
  final class CounterObject implements Counter {
    private final Cell<Long> count;

    public CounterObject(ObjectContext context) {
      count = context.storage().cell("count", Long.class, 0L);
    }

    @Override
    public long increment(long by) {
      return count.update(n -> n + by);
    }

    @Override
    public long value() {
      return count.get();
    }
  }
}
