package dev.abide.data;

import dev.abide.data.Ledger.Entry;
import dev.abide.data.Ledger.Kind;
import dev.abide.data.Ledger.Note;
import dev.abide.data.Ledger.Star;
import dev.abide.engine.Abide;
import dev.abide.engine.AlarmEvent;
import dev.abide.engine.Alarms;
import dev.abide.engine.Cell;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.OnAlarm;
import dev.abide.engine.StoredMap;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class LedgerObject implements Ledger, OnAlarm {
  static final Instant WHEN = Instant.parse("2026-11-27T03:00:00Z");

  private final Cell<Long> sum;
  private final Cell<Double> odd;
  private final StoredMap<Instant, Entry> entries;
  private final Alarms alarms;

  LedgerObject(ObjectContext context) {
    sum = context.storage().cell("sum", Long.class, 0L);
    odd = context.storage().cell("odd", Double.class);
    entries = context.storage().map("entries", Instant.class, Entry.class);
    alarms = context.alarms();
  }

  /** An engine of a directory. */
  static Abide open(Path directory) {
    return Abide.open(directory, options -> options.host(Ledger.class, LedgerObject::new));
  }

  /** A directory with the ledgers of ann and bob. */
  static Path written(Path directory) {
    try (Abide abide = open(directory)) {
      Ledger ledger = abide.get(Ledger.class, "ann");
      ledger.add(
          new Entry("tea", 250, Optional.of(Kind.OWED), List.of(new Star(), new Note("hot"))),
          WHEN);
      ledger.add(new Entry("cake", 400, Optional.empty(), List.of()), WHEN.plusSeconds(60));
      abide.get(Ledger.class, "bob").add(new Entry("x", 1, Optional.empty(), List.of()), WHEN);
    }
    return directory;
  }

  @Override
  public long add(Entry entry, Instant when) {
    entries.put(when, entry);
    odd.set(Double.NaN);
    return sum.update(old -> old + entry.cents());
  }

  @Override
  public long sum() {
    return sum.get();
  }

  @Override
  public void remind(Instant due) {
    alarms.set("remind", due);
  }

  @Override
  public Optional<Instant> reminder() {
    return alarms.find("remind").map(alarm -> alarm.due());
  }

  @Override
  public void onAlarm(AlarmEvent event) {}
}
