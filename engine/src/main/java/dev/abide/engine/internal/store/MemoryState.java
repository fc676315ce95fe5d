package dev.abide.engine.internal.store;

import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.StorageException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a store in memory keeps: it outlives the engine that wrote it, as a directory does. One
 * store at a time owns it; the next one, or {@link #fence}, takes it away from the one before.
 *
 * <p>Threading: any thread. One lock guards all of it; nothing is waited for under it.
 */
public final class MemoryState {
  private final ReentrantLock lock = new ReentrantLock();

  // All of these: read and written under the lock.
  private final Map<Id, NavigableMap<byte[], byte[]>> objects = new HashMap<>();
  private final Map<String, NavigableSet<String>> catalogue = new HashMap<>();
  private final NavigableMap<byte[], byte[]> alarms = new TreeMap<>(Arrays::compareUnsigned);
  private long owner;

  /**
   * Written under the lock, behind the change; read without it at the end of each turn. Whoever
   * sees a number here and then reads takes the lock behind the one who wrote it, and finds its
   * change.
   */
  private volatile long last;

  private record Id(String type, String id) {}

  /** An empty state. */
  public MemoryState() {}

  /**
   * Takes the state from the store that has it, as the end of a process would: what it appended so
   * far is kept, whatever it tries later is refused.
   */
  public void fence() {
    takeOver();
  }

  /** Begins a new ownership and ends the one before. */
  long takeOver() {
    lock.lock();
    try {
      return ++owner;
    } finally {
      lock.unlock();
    }
  }

  /** Ends an ownership, unless it has ended. */
  void release(long asOwner) {
    lock.lock();
    try {
      if (owner == asOwner) {
        owner++;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Does something as this owner, if it still is. */
  <T extends @Nullable Object> T as(long asOwner, Supplier<T> action) {
    lock.lock();
    try {
      if (owner != asOwner) {
        throw new StorageException(
            "this engine no longer owns its state in memory: it was closed, crashed by a test, or a"
                + " newer engine took the state over. Use the newer engine.",
            null,
            false,
            Applied.NO);
      }
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  /** Whether this owner still is the owner. */
  boolean isOwner(long asOwner) {
    lock.lock();
    try {
      return owner == asOwner;
    } finally {
      lock.unlock();
    }
  }

  /** The highest number given so far. */
  long last() {
    return last;
  }

  /** Numbers and applies a commit; inside {@link #as}. */
  long append(Commit commit) {
    Id id = new Id(commit.name().type(), commit.name().id());
    NavigableMap<byte[], byte[]> entries = objects.get(id);
    boolean existed = entries != null;
    if (entries == null) {
      entries = new TreeMap<>(Arrays::compareUnsigned);
    }
    if (commit.deletesObject()) {
      forgetAlarms(commit.name(), entries, AlarmIndex.ALARMS);
      entries.clear();
    }
    for (KeyRange range : commit.cleared()) {
      forgetAlarms(commit.name(), entries, AlarmIndex.within(range));
      within(entries, range).clear();
    }
    for (Change change : commit.changes()) {
      byte[] value = change.value();
      byte[] before =
          value == null ? entries.remove(change.key()) : entries.put(change.key(), value);
      index(commit.name(), change.key(), before, value);
    }
    if (entries.isEmpty()) {
      if (existed) {
        objects.remove(id);
        ids(id.type()).remove(id.id());
      }
    } else if (!existed) {
      objects.put(id, entries);
      ids(id.type()).add(id.id());
    }
    long number = last + 1;
    last = number;
    return number;
  }

  private void forgetAlarms(
      ObjectName name, NavigableMap<byte[], byte[]> entries, @Nullable KeyRange range) {
    if (range != null) {
      within(entries, range).forEach((key, value) -> index(name, key, value, null));
    }
  }

  private void index(
      ObjectName name, byte[] key, byte @Nullable [] before, byte @Nullable [] after) {
    byte[] from = before == null ? null : AlarmIndex.place(name, key, before);
    if (from != null) {
      alarms.remove(from);
    }
    byte[] to = after == null ? null : AlarmIndex.place(name, key, after);
    if (to != null && after != null) {
      alarms.put(to, AlarmIndex.kept(after));
    }
  }

  /** All alarms by their places; inside {@link #as}. */
  NavigableMap<byte[], byte[]> alarms() {
    return alarms;
  }

  /** What an object has; inside {@link #as}. */
  NavigableMap<byte[], byte[]> entries(ObjectName name) {
    NavigableMap<byte[], byte[]> entries = objects.get(new Id(name.type(), name.id()));
    return entries == null ? new TreeMap<>(Arrays::compareUnsigned) : entries;
  }

  /** The ids of a type that has objects, in order; inside {@link #as}. */
  NavigableSet<String> ids(String type) {
    return catalogue.computeIfAbsent(type, _ -> new TreeSet<>(ObjectId.ORDER));
  }

  /** The part of the entries that lies in the range. */
  static NavigableMap<byte[], byte[]> within(NavigableMap<byte[], byte[]> entries, KeyRange range) {
    byte[] to = range.to();
    if (to == null) {
      return entries.tailMap(range.from(), true);
    }
    if (Arrays.compareUnsigned(range.from(), to) >= 0) {
      return new TreeMap<>(Arrays::compareUnsigned);
    }
    return entries.subMap(range.from(), true, to, false);
  }
}
