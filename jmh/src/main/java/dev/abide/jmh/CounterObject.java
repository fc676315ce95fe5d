package dev.abide.jmh;

import dev.abide.engine.Cell;
import dev.abide.engine.ObjectContext;

final class CounterObject implements Counter {
  private final Cell<Long> count;

  CounterObject(ObjectContext context) {
    count = context.storage().cell("count", Long.class, 0L);
  }

  @Override
  public long increment(long by) {
    return count.update(n -> n + by);
  }
}
