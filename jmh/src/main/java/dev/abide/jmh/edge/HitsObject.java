package dev.abide.jmh.edge;

import dev.abide.engine.Cell;
import dev.abide.engine.ObjectContext;

final class HitsObject implements Hits {
  private final Cell<Long> stored;
  private long counted;

  HitsObject(ObjectContext context) {
    stored = context.storage().cell("stored", Long.class, 0L);
  }

  @Override
  public long count(long by) {
    counted += by;
    return counted;
  }

  @Override
  public long store(long by) {
    return stored.update(had -> had + by);
  }
}
