package dev.abide.engine.internal.store;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.observe.CommitMeter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A store with another one beside it, in memory, for the objects of some types. Numbers, waits and
 * durability are the kept store's; commits in memory have numbers of their own, which nobody waits
 * for. The store in memory begins empty and ends with the engine.
 */
public final class BesideMemory implements ObjectStore {
  private final ObjectStore kept;
  private final MemoryStore memory = new MemoryStore();
  private final Set<String> types;

  private BesideMemory(ObjectStore kept, Set<String> types) {
    this.kept = kept;
    this.types = types;
  }

  /**
   * Puts a store in memory beside, if there are types for it.
   *
   * @throws StorageException if the store holds objects of one of the types: they would be hidden
   */
  public static ObjectStore of(ObjectStore kept, Set<String> types) {
    for (String type : types) {
      List<String> stored = kept.ids(type, "", null, 1);
      if (!stored.isEmpty()) {
        throw new StorageException(
            "the type \"%s\" is hosted with durability MEMORY, and the store holds objects of it, \"%s\" among them; host it with SYNC or PROCESS, or delete them first"
                .formatted(type, stored.getFirst()),
            null,
            false,
            Applied.NO);
      }
    }
    return types.isEmpty() ? kept : new BesideMemory(kept, Set.copyOf(types));
  }

  private ObjectStore of(String type) {
    return types.contains(type) ? memory : kept;
  }

  @Override
  public ObjectName name(String type, String id) {
    return of(type).name(type, id);
  }

  @Override
  public long append(Commit commit) {
    ObjectStore store = of(commit.name().type());
    long number = store.append(commit);
    if (store.equals(memory)) {
      kept.meter().commit();
    }
    return number;
  }

  @Override
  public long durable() {
    return kept.durable();
  }

  @Override
  public long written() {
    return kept.written();
  }

  @Override
  public void awaitDurable(long number) {
    kept.awaitDurable(number);
  }

  @Override
  public void awaitWritten(long number) {
    kept.awaitWritten(number);
  }

  @Override
  public void sync(long number) {
    kept.sync(number);
  }

  @Override
  public CommitMeter meter() {
    return kept.meter();
  }

  @Override
  public long last() {
    return kept.last();
  }

  @Override
  public long lastOf(String type) {
    return of(type).last();
  }

  @Override
  public boolean keeps(String type) {
    return of(type).keeps(type);
  }

  @Override
  public void backup(Path to) {
    kept.backup(to);
  }

  @Override
  public List<Entry> past(ObjectName name, Instant when, long bytesMax) {
    return of(name.type()).past(name, when, bytesMax);
  }

  @Override
  public Loaded load(ObjectName name) {
    return of(name.type()).load(name);
  }

  @Override
  public byte @Nullable [] find(ObjectName name, byte[] key) {
    return of(name.type()).find(name, key);
  }

  @Override
  public List<Entry> range(
      ObjectName name, KeyRange range, boolean reversed, int entriesMax, int bytesMax) {
    return of(name.type()).range(name, range, reversed, entriesMax, bytesMax);
  }

  @Override
  public List<String> ids(String type, String prefix, @Nullable String after, int max) {
    return of(type).ids(type, prefix, after, max);
  }

  @Override
  public List<AlarmIndex.Indexed> alarms(byte[] from, int max) {
    // Each gives its first ones from here on, so the first of both together are among them.
    List<AlarmIndex.Indexed> all = new ArrayList<>(kept.alarms(from, max));
    all.addAll(memory.alarms(from, max));
    all.sort(Comparator.comparing(AlarmIndex.Indexed::place, Arrays::compareUnsigned));
    return List.copyOf(all.subList(0, Math.min(max, all.size())));
  }

  @Override
  public void onAlarms(Consumer<byte[]> listener) {
    kept.onAlarms(listener);
    memory.onAlarms(listener);
  }

  @Override
  public void awaitApplied() {
    kept.awaitApplied();
  }

  @Override
  public boolean ready() {
    return kept.ready();
  }

  @Override
  public void close() {
    try {
      kept.close();
    } finally {
      memory.close();
    }
  }
}
