package dev.abide.data;

import dev.abide.engine.Cell;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.StoredMap;
import java.time.Instant;

final class LedgerObject implements Ledger {
  private final Cell<Long> sum;
  private final Cell<Double> odd;
  private final StoredMap<Instant, Entry> entries;

  LedgerObject(ObjectContext context) {
    sum = context.storage().cell("sum", Long.class, 0L);
    odd = context.storage().cell("odd", Double.class);
    entries = context.storage().map("entries", Instant.class, Entry.class);
  }

  @Override
  public long add(Entry entry, Instant when) {
    entries.put(when, entry);
    odd.set(Double.NaN);
    return sum.update(old -> old + entry.cents());
  }
}
