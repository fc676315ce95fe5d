package dev.abide.engine.internal.storage;

import dev.abide.engine.LimitException;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.compute.ComputePool;
import dev.abide.engine.internal.observe.Limit;
import dev.abide.engine.internal.store.ApplyListener;
import dev.abide.engine.internal.store.Change;
import dev.abide.engine.internal.store.Commit;
import dev.abide.engine.internal.store.Entry;
import dev.abide.engine.internal.store.KeyRange;
import dev.abide.engine.internal.store.Loaded;
import dev.abide.engine.internal.store.ObjectName;
import dev.abide.engine.internal.store.ObjectStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An object's storage as its turns see it: what the store has, under what was committed and is not
 * in the store yet, under what the running turn wrote.
 *
 * <p>One slot per key serves cells and maps, put, delete and rollback alike. A small object is read
 * whole at its first use, and nothing is asked of the store again; of a large one, slots are kept
 * as they are used, and clean ones are forgotten when there are many.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>If {@code whole}, a key without a slot does not exist.
 *   <li>A slot that is dirty, or whose commit is not applied, stays; one that was written unread
 *       goes with a rollback.
 *   <li>The store may be ahead of a slot's commit only with the same bytes: only this object's
 *       turns write its keys, and the newest are here.
 * </ul>
 *
 * <p>Threading: the owner of the object's mailbox.
 */
public final class StorageView {
  /** Of an object that is not whole, clean slots above this many bytes are forgotten. */
  private static final int CLEAN_BYTES_MAX = 256 * 1024;

  /** A whole object that has grown above this is whole no longer. */
  private static final int WHOLE_BYTES_MAX = 1024 * 1024;

  private static final int REFILL_ENTRIES = 256;
  private static final int REFILL_BYTES = 256 * 1024;

  /** A cleared range that holds fewer keys, all of them known, is written as deletions. */
  private static final int DELETIONS_MAX = 64;

  /** One key. */
  static final class Slot {
    final byte[] key;

    /** What was committed last, or null where the key does not exist. */
    byte @Nullable [] committed;

    /** The number of that commit, or 0 if it came from the store. */
    long commit;

    /** What the running turn set, if it is dirty; null where it removed the key. */
    byte @Nullable [] written;

    boolean dirty;

    /**
     * Whether nobody has asked the store what was committed: the running turn wrote the key, and
     * reads what it wrote. Such a slot is dirty, becomes known by the commit, and goes with a
     * rollback.
     */
    boolean unread;

    /** Whether the view has forgotten this slot; whoever kept it looks again. */
    boolean forgotten;

    Slot(byte[] key) {
      this.key = key;
    }

    byte @Nullable [] value() {
      return dirty ? written : committed;
    }

    int bytes() {
      return key.length + (committed == null ? 0 : committed.length) + 64;
    }
  }

  /** A range that a commit cleared and that may still stand in the store. */
  private record Cleared(KeyRange range, long commit) {}

  private final ObjectStore store;
  private final ObjectName name;
  private final StorageLimits limits;
  private final ApplyListener owner;
  private final NavigableMap<byte[], Slot> slots = new TreeMap<>(Arrays::compareUnsigned);
  private final ArrayList<Slot> dirty = new ArrayList<>(2);

  // Seldom used: the empty list of all objects, until there is something to keep.
  private List<KeyRange> clearing = List.of();
  private List<Cleared> cleared = List.of();
  private boolean whole;
  private long knownBytes;

  /**
   * Where so many bytes are known in the middle of a turn, it is worth looking what need not be:
   * twice of what had to stay when that was looked at last.
   */
  private long trimAbove = CLEAN_BYTES_MAX;

  /** Once the store has this commit, all that had to stay then may go. */
  private long trimAfter;

  private long turnBytes;
  private long lastCommit;
  private long lastDeletion;
  private long applied;

  /** Reads what one read gives. */
  public StorageView(
      ObjectStore store, ObjectName name, StorageLimits limits, ApplyListener owner) {
    this.store = store;
    this.name = name;
    this.limits = limits;
    this.owner = owner;
    Loaded loaded;
    ComputePool left = ComputePool.waits();
    try {
      loaded = store.load(name);
    } finally {
      ComputePool.waited(left);
    }
    whole = loaded.whole();
    for (Entry entry : loaded.entries()) {
      know(entry.key(), entry.value());
    }
  }

  ObjectName name() {
    return name;
  }

  // ---- reading

  /** The key's bytes, or null. */
  public byte @Nullable [] find(byte[] key) {
    return slot(key).value();
  }

  /** The key's slot, read from the store if need be. */
  Slot slot(byte[] key) {
    Slot known = slots.get(key);
    if (known != null) {
      return known;
    }
    if (whole || isCleared(key)) {
      return know(key, null);
    }
    makeRoom();
    Slot read = know(key, findStored(key));
    if (read.committed != null && isClearing(key)) {
      // Committed still, and cleared by this turn: a rollback brings it back.
      remove(read);
    }
    return read;
  }

  /*
   * A thread that runs a heavy turn gives its permit back while it waits for the store; for all
   * others this costs one look at what thread it is.
   */

  private byte @Nullable [] findStored(byte[] key) {
    ComputePool left = ComputePool.waits();
    try {
      return store.find(name, key);
    } finally {
      ComputePool.waited(left);
    }
  }

  private List<Entry> rangeStored(KeyRange range, boolean reversed, int entriesMax, int bytesMax) {
    ComputePool left = ComputePool.waits();
    try {
      return store.range(name, range, reversed, entriesMax, bytesMax);
    } finally {
      ComputePool.waited(left);
    }
  }

  private void makeRoom() {
    if (knownBytes > Math.max(2 * CLEAN_BYTES_MAX, trimAbove)) {
      trim();
    }
  }

  private Slot know(byte[] key, byte @Nullable [] value) {
    Slot slot = new Slot(key);
    slot.committed = value;
    keep(slot);
    return slot;
  }

  private void keep(Slot slot) {
    slots.put(slot.key, slot);
    knownBytes += slot.bytes();
  }

  /** Whether a commit that may not be in the store yet has cleared the key. */
  private boolean isCleared(byte[] key) {
    for (Cleared range : cleared) {
      if (range.range().contains(key)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the running turn has cleared the key; what it put there since has a slot. */
  private boolean isClearing(byte[] key) {
    for (KeyRange range : clearing) {
      if (range.contains(key)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Some entries from one end of the range, in order; fewer than there are, never none if there is
   * one. Reads store, unapplied commits and the write set at one instant.
   *
   * @param most how many the caller wants at most
   */
  public List<Entry> range(KeyRange range, boolean reversed, long most) {
    int max = (int) Math.min(most, REFILL_ENTRIES);
    KeyRange rest = range;
    while (true) {
      List<Entry> stored = whole ? List.of() : rangeStored(rest, reversed, max, REFILL_BYTES);
      // Behind the last stored entry the store may have more: what is known there waits for the
      // next refill. An empty answer means that there is none, and all that is known counts.
      KeyRange sure = stored.isEmpty() ? rest : upTo(rest, stored.getLast().key(), reversed);
      List<Entry> merged = merge(stored, sure, reversed, max);
      if (!merged.isEmpty() || stored.isEmpty()) {
        return merged;
      }
      rest = behind(rest, stored.getLast().key(), reversed);
    }
  }

  private List<Entry> merge(List<Entry> stored, KeyRange sure, boolean reversed, int max) {
    NavigableMap<byte[], byte[]> found = new TreeMap<>(Arrays::compareUnsigned);
    for (Entry entry : stored) {
      if (!slots.containsKey(entry.key()) && !isCleared(entry.key()) && !isClearing(entry.key())) {
        found.put(entry.key(), entry.value());
      }
    }
    NavigableMap<byte[], Slot> known =
        sure.to() == null
            ? slots.tailMap(sure.from(), true)
            : slots.subMap(sure.from(), true, sure.to(), false);
    int taken = 0;
    for (Slot slot : (reversed ? known.descendingMap() : known).values()) {
      byte[] value = slot.value();
      if (value != null) {
        found.put(slot.key, value);
        if (++taken == max) {
          break;
        }
      }
    }
    List<Entry> entries = new ArrayList<>(Math.min(max, found.size()));
    for (var entry : (reversed ? found.descendingMap() : found).entrySet()) {
      if (entries.size() == max) {
        break;
      }
      entries.add(new Entry(entry.getKey(), entry.getValue()));
    }
    return entries;
  }

  /** The part of the range from its beginning, in reading order, to the key. */
  private static KeyRange upTo(KeyRange range, byte[] key, boolean reversed) {
    return reversed ? new KeyRange(key, range.to()) : new KeyRange(range.from(), successor(key));
  }

  /** The part of the range behind the key, in reading order. */
  static KeyRange behind(KeyRange range, byte[] key, boolean reversed) {
    return reversed ? new KeyRange(range.from(), key) : new KeyRange(successor(key), range.to());
  }

  private static byte[] successor(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  /** Whether the object has nothing. */
  public boolean isEmpty() {
    return range(new KeyRange(new byte[0], null), false, 1).isEmpty();
  }

  // ---- writing

  /** Sets the key, or removes it where the value is null. */
  public void put(byte[] key, byte @Nullable [] value) {
    var _ = set(key, value);
  }

  /**
   * The same, and gives the slot. The store is not asked what it has there: that would be a wait,
   * and of no use to whoever replaces it.
   */
  Slot set(byte[] key, byte @Nullable [] value) {
    Slot known = slots.get(key);
    if (known != null || whole || isCleared(key)) {
      Slot slot = known == null ? know(key, null) : known;
      write(slot, value);
      return slot;
    }
    makeRoom();
    Slot unread = new Slot(key);
    unread.unread = true;
    long sum = allowed(unread, value);
    // Stack or memory may end in what follows. In this order nothing is left that is half there:
    // room for a place in the list first, then what goes deepest, then what cannot fail behind it.
    dirty.ensureCapacity(dirty.size() + 1);
    keep(unread);
    mark(unread, value, sum);
    return unread;
  }

  /** Sets the slot's key, or removes it where the value is null. */
  void write(Slot slot, byte @Nullable [] value) {
    mark(slot, value, allowed(slot, value));
  }

  private void mark(Slot slot, byte @Nullable [] value, long sum) {
    if (!slot.dirty) {
      // First: a slot that says that it is dirty is in the list.
      dirty.add(slot);
      slot.dirty = true;
    }
    slot.written = value;
    turnBytes = sum;
  }

  /** How many bytes the turn has written with this; refuses what is too much. */
  private long allowed(Slot slot, byte @Nullable [] value) {
    int bytes = slot.key.length + (value == null ? 0 : value.length);
    long before =
        slot.dirty ? slot.key.length + (slot.written == null ? 0 : slot.written.length) : 0;
    if (value != null && value.length > limits.valueBytesMax()) {
      met(Limit.VALUE);
      throw new LimitException(
          "a value of "
              + name
              + " is "
              + value.length
              + " bytes; the limit is "
              + limits.valueBytesMax()
              + ". Raise valueBytesMax or split the value",
          value.length,
          limits.valueBytesMax());
    }
    long sum = turnBytes - before + bytes;
    if (sum > limits.turnBytesMax()) {
      met(Limit.TURN_BYTES);
      throw new LimitException(
          "a turn of "
              + name
              + " has written "
              + sum
              + " bytes since its last commit; the limit is "
              + limits.turnBytesMax()
              + ". Raise turnBytesMax, or call context.commit() between parts",
          sum,
          limits.turnBytesMax());
    }
    return sum;
  }

  /** Removes all keys of the range. */
  void clear(KeyRange range) {
    NavigableMap<byte[], Slot> known =
        range.to() == null
            ? slots.tailMap(range.from(), true)
            : slots.subMap(range.from(), true, range.to(), false);
    boolean few = (whole || knowFew(range)) && known.size() <= DELETIONS_MAX;
    if (!few) {
      if (clearing.isEmpty()) {
        clearing = new ArrayList<>();
      }
      clearing.add(range);
      turnBytes += range.from().length + (range.to() == null ? 0 : range.to().length);
    }
    for (Slot slot : known.values()) {
      if (slot.value() != null) {
        remove(slot);
      }
    }
  }

  /**
   * Gets to know all keys that the store has in the range, if they are few: clearing a tree along a
   * range costs more than a few deletions, and so does a range that lies open in every merge.
   */
  private boolean knowFew(KeyRange range) {
    List<Entry> stored = rangeStored(range, false, DELETIONS_MAX + 1, REFILL_BYTES);
    if (stored.size() > DELETIONS_MAX) {
      return false;
    }
    if (!stored.isEmpty()) {
      KeyRange rest = behind(range, stored.getLast().key(), false);
      if (!rangeStored(rest, false, 1, 1).isEmpty()) {
        return false;
      }
    }
    for (Entry entry : stored) {
      byte[] key = entry.key();
      if (!slots.containsKey(key) && !isCleared(key) && !isClearing(key)) {
        var _ = know(key, entry.value());
      }
    }
    return true;
  }

  /** Removes the key. Passes the bound on a turn by a key at most; the next write meets it. */
  private void remove(Slot slot) {
    if (slot.dirty) {
      turnBytes -= slot.written == null ? 0 : slot.written.length;
    } else {
      dirty.add(slot);
      slot.dirty = true;
      turnBytes += slot.key.length;
    }
    slot.written = null;
  }

  /** Whether the turn has written since its last commit. */
  public boolean dirty() {
    return !dirty.isEmpty() || !clearing.isEmpty();
  }

  // ---- the end of a turn

  /** Appends what the turn wrote; returns its number. */
  public long commit() {
    dirty.sort(Comparator.comparing(slot -> slot.key, Arrays::compareUnsigned));
    List<Change> changes = new ArrayList<>(dirty.size());
    for (Slot slot : dirty) {
      byte[] written = slot.written;
      if (written != null || !isClearing(slot.key)) {
        changes.add(new Change(slot.key, written));
      }
    }
    long number =
        append(new Commit(name, false, List.copyOf(clearing), List.copyOf(changes), owner));
    if (!clearing.isEmpty()) {
      List<Cleared> all = new ArrayList<>(cleared);
      clearing.forEach(range -> all.add(new Cleared(range, number)));
      cleared = all;
    }
    for (Slot slot : dirty) {
      knownBytes -= slot.bytes();
      slot.committed = slot.written;
      slot.commit = number;
      slot.written = null;
      slot.dirty = false;
      slot.unread = false;
      knownBytes += slot.bytes();
    }
    endTurn();
    lastCommit = number;
    return number;
  }

  /** Appends the deletion of the object; returns its number. */
  public long commitDeletion() {
    long number = append(new Commit(name, true, List.of(), List.of(), owner));
    slots.values().forEach(slot -> slot.forgotten = true);
    slots.clear();
    cleared = List.of();
    knownBytes = 0;
    // The store will have nothing, and until then nothing is asked of it.
    whole = true;
    lastDeletion = number;
    lastCommit = number;
    return number;
  }

  private long append(Commit commit) {
    ComputePool left = ComputePool.waits();
    try {
      return store.append(commit);
    } catch (StorageException refused) {
      if (refused.retryable()) {
        met(Limit.COMMIT_ROOM);
      }
      throw refused;
    } finally {
      ComputePool.waited(left);
    }
  }

  /** Counts that a bound was met. */
  public void met(Limit limit) {
    limits.meter().met(limit);
  }

  /** The key that a name gives. */
  public byte[] named(Supplier<byte[]> key) {
    try {
      return key.get();
    } catch (LimitException tooLong) {
      met(Limit.NAME);
      throw tooLong;
    }
  }

  /** Undoes what the turn has written since its last commit. */
  public void rollback() {
    for (Slot slot : dirty) {
      if (slot.unread) {
        // In this order: where the stack ends in the first of these, all of this runs again.
        slots.remove(slot.key);
        slot.unread = false;
        forget(slot);
      }
      slot.written = null;
      slot.dirty = false;
    }
    endTurn();
  }

  /** How many bytes are kept of what is not the running turn's; for checks. */
  long knownBytes() {
    return knownBytes;
  }

  /** Says so to whoever kept the slot, and leaves it to the caller to remove it. */
  private void forget(Slot slot) {
    slot.forgotten = true;
    knownBytes -= slot.bytes();
  }

  private void endTurn() {
    dirty.clear();
    clearing = List.of();
    turnBytes = 0;
  }

  /** Whether everything that was committed is in the store, given how far it has come. */
  public boolean settled(long applied) {
    return lastCommit <= applied;
  }

  /** Takes note of how far the store has come, and forgets what need not be kept any more. */
  public void applied(long number) {
    applied = number;
    if (!cleared.isEmpty()) {
      cleared.removeIf(range -> range.commit() <= applied);
    }
    // Not each time that some of it has come there: a turn would pay for all that is on its way to
    // the store. What had to stay the last time is looked at once more, and goes.
    if (applied >= trimAfter) {
      if (knownBytes > CLEAN_BYTES_MAX) {
        trim();
      } else {
        trimAbove = CLEAN_BYTES_MAX;
      }
    }
  }

  private void trim() {
    if (whole) {
      if (knownBytes <= WHOLE_BYTES_MAX || lastDeletion > applied) {
        return;
      }
      whole = false;
    }
    for (Iterator<Slot> all = slots.values().iterator(); all.hasNext(); ) {
      Slot slot = all.next();
      if (!slot.dirty && slot.commit <= applied) {
        forget(slot);
        all.remove();
      }
    }
    trimAbove = Math.max(CLEAN_BYTES_MAX, 2 * knownBytes);
    trimAfter = lastCommit;
  }
}
