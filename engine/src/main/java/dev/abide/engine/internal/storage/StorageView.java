package dev.abide.engine.internal.storage;

import dev.abide.engine.LimitException;
import dev.abide.engine.StorageException;
import dev.abide.engine.internal.compute.ComputePool;
import dev.abide.engine.internal.observe.Limit;
import dev.abide.engine.internal.store.ApplyListener;
import dev.abide.engine.internal.store.Commit;
import dev.abide.engine.internal.store.Entry;
import dev.abide.engine.internal.store.KeyRange;
import dev.abide.engine.internal.store.Loaded;
import dev.abide.engine.internal.store.ObjectName;
import dev.abide.engine.internal.store.ObjectStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
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
 * <p>One slot per key serves cells and maps, put, delete and rollback alike. Nothing is read before
 * something is asked for or written. Then a small object is read whole, and nothing is asked of the
 * store again; of a large one, slots are kept as they are used, and clean ones are forgotten when
 * there are many.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>If {@code whole}, a key without a slot does not exist.
 *   <li>A slot that is dirty, or whose commit is not applied, stays; one that was written unread
 *       goes with a rollback.
 *   <li>The store may be ahead of a slot's commit only with the same bytes: only this object's
 *       turns write its keys, and the newest are here.
 *   <li>A view may be made, and may read, whenever all that was committed through those before it
 *       is in the store: until its own first commit it does not matter when.
 * </ul>
 *
 * <p>Threading: the owner of the object's mailbox; but {@link #applied} is told by a store thread.
 */
public final class StorageView extends SlotTable implements ApplyListener {
  /** Of an object that is not whole, clean slots above this many bytes are forgotten. */
  private static final int CLEAN_BYTES_MAX = 256 * 1024;

  /** A whole object that has grown above this is whole no longer. */
  private static final int WHOLE_BYTES_MAX = 1024 * 1024;

  private static final int REFILL_ENTRIES = 256;
  private static final int REFILL_BYTES = 256 * 1024;

  /** A cleared range that holds fewer keys, all of them known, is written as deletions. */
  private static final int DELETIONS_MAX = 64;

  /** A range that a commit cleared and that may still stand in the store. */
  private static final class Cleared {
    final KeyRange range;
    long commit;

    Cleared(KeyRange range) {
      this.range = range;
    }
  }

  /** What only a view needs that has cleared ranges, or knows more than a little. */
  private static final class Seldom {
    List<Cleared> cleared = List.of();

    /**
     * Where so many bytes are known in the middle of a turn, it is worth looking what need not be:
     * twice of what had to stay when that was looked at last.
     */
    long trimAbove = CLEAN_BYTES_MAX;

    /** Once the store has this commit, all that had to stay then may go. */
    long trimAfter;

    long lastDeletion;

    /** How far the store had come at the last look. */
    long lookedApplied;
  }

  private final ObjectStore store;
  private final ObjectName name;
  private final StorageLimits limits;
  private final boolean synced;

  /** Whether the store was asked for what it has. */
  private boolean loaded;

  private boolean whole;

  /** Null while the turn has not written. */
  private @Nullable Written written;

  private @Nullable Seldom seldom;
  private long knownBytes;
  private long lastCommit;

  /** How far the store has come with what was committed here. */
  private volatile long applied;

  /**
   * Reads nothing yet.
   *
   * @param synced whether what is committed here has to be synced before it is answered for
   */
  public StorageView(ObjectStore store, ObjectName name, StorageLimits limits, boolean synced) {
    this.store = store;
    this.name = name;
    this.limits = limits;
    this.synced = synced;
  }

  /** Before the first look: reads what one read gives. */
  private void load() {
    if (loaded) {
      return;
    }
    Loaded all;
    ComputePool left = ComputePool.waits();
    try {
      all = store.load(name);
    } finally {
      ComputePool.waited(left);
    }
    // Where stack or memory ended in what follows, there may be some from the time before. Nobody
    // has had any of them.
    takeOutAll();
    knownBytes = 0;
    for (Entry entry : all.entries()) {
      know(entry.key(), entry.value());
    }
    whole = all.whole();
    loaded = true;
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
    load();
    Slot known = known(key);
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
    if (knownBytes > 2 * CLEAN_BYTES_MAX) {
      Seldom bounds = seldom();
      if (knownBytes > bounds.trimAbove) {
        trim(bounds);
      }
    }
  }

  private Slot know(byte[] key, byte @Nullable [] value) {
    Slot slot = new Slot(key);
    slot.committed = value;
    keep(slot);
    return slot;
  }

  private void keep(Slot slot) {
    add(slot);
    knownBytes += slot.bytes();
  }

  private Seldom seldom() {
    Seldom made = seldom;
    if (made == null) {
      made = new Seldom();
      seldom = made;
    }
    return made;
  }

  private Written written() {
    Written made = written;
    if (made == null) {
      made = new Written();
      written = made;
    }
    return made;
  }

  /** Whether a commit that may not be in the store yet has cleared the key. */
  private boolean isCleared(byte[] key) {
    Seldom kept = seldom;
    if (kept != null) {
      for (Cleared range : kept.cleared) {
        if (range.range.contains(key)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether the running turn has cleared the key; what it put there since has a slot. */
  private boolean isClearing(byte[] key) {
    Written turn = written;
    return turn != null && turn.clears(key);
  }

  /**
   * Some entries from one end of the range, in order; fewer than there are, never none if there is
   * one. Reads store, unapplied commits and the write set at one instant.
   *
   * @param most how many the caller wants at most
   */
  public List<Entry> range(KeyRange range, boolean reversed, long most) {
    load();
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
    if (stored.isEmpty()) {
      return first(within(sure, reversed), max);
    }
    NavigableMap<byte[], byte[]> found = new TreeMap<>(Arrays::compareUnsigned);
    for (Entry entry : stored) {
      if (known(entry.key()) == null && !isCleared(entry.key()) && !isClearing(entry.key())) {
        found.put(entry.key(), entry.value());
      }
    }
    for (Entry entry : first(within(sure, reversed), max)) {
      found.put(entry.key(), entry.value());
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

  private static List<Entry> first(Collection<Slot> slots, int max) {
    List<Entry> entries = new ArrayList<>(Math.min(max, slots.size()));
    for (Slot slot : slots) {
      byte[] value = slot.value();
      if (value != null) {
        entries.add(new Entry(slot.key, value));
        if (entries.size() == max) {
          break;
        }
      }
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
    load();
    Slot known = known(key);
    if (known != null || whole || isCleared(key)) {
      Slot slot = known == null ? know(key, null) : known;
      write(slot, value);
      return slot;
    }
    makeRoom();
    Slot unread = new Slot(key);
    unread.unread = true;
    Written turn = written();
    long sum = allowed(turn, unread, value);
    // Stack or memory may end in what follows. In this order nothing is left that is half there:
    // what goes deepest first, then what cannot fail behind it.
    keep(unread);
    mark(turn, unread, value, sum);
    return unread;
  }

  /** Sets the slot's key, or removes it where the value is null. */
  void write(Slot slot, byte @Nullable [] value) {
    Written turn = written();
    mark(turn, slot, value, allowed(turn, slot, value));
  }

  private static void mark(Written turn, Slot slot, byte @Nullable [] value, long sum) {
    turn.add(slot);
    slot.written = value;
    turn.bytes = sum;
  }

  /** How many bytes the turn has written with this; refuses what is too much. */
  private long allowed(Written turn, Slot slot, byte @Nullable [] value) {
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
    long sum = turn.bytes - before + bytes;
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
    load();
    boolean few = (whole || knowFew(range)) && within(range, false).size() <= DELETIONS_MAX;
    Written turn = written();
    if (!few) {
      turn.clear(range);
    }
    for (Slot slot : within(range, false)) {
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
      if (known(key) == null && !isCleared(key) && !isClearing(key)) {
        var _ = know(key, entry.value());
      }
    }
    return true;
  }

  /** Removes the key. Passes the bound on a turn by a key at most; the next write meets it. */
  private void remove(Slot slot) {
    Written turn = written();
    if (slot.dirty) {
      turn.bytes -= slot.written == null ? 0 : slot.written.length;
    } else {
      turn.add(slot);
      turn.bytes += slot.key.length;
    }
    slot.written = null;
  }

  /** Whether the turn has written since its last commit. */
  public boolean dirty() {
    Written turn = written;
    return turn != null && !turn.isEmpty();
  }

  // ---- the end of a turn

  /**
   * Appends what the turn wrote; returns its number. What this needs of memory it takes before: a
   * commit that is appended, and of which the view does not know, would be read past.
   */
  public long commit() {
    Written turn = written();
    List<KeyRange> clearing = List.copyOf(turn.clearing());
    Seldom kept = null;
    List<Cleared> cleared = List.of();
    if (!clearing.isEmpty()) {
      kept = seldom();
      cleared = new ArrayList<>(kept.cleared);
      for (KeyRange range : clearing) {
        cleared.add(new Cleared(range));
      }
    }
    long number = append(new Commit(name, false, clearing, turn.changes(), this));
    lastCommit = number;
    if (kept != null) {
      for (int place = cleared.size() - clearing.size(); place < cleared.size(); place++) {
        cleared.get(place).commit = number;
      }
      kept.cleared = cleared;
    }
    for (Slot slot = turn.last; slot != null; ) {
      knownBytes -= slot.bytes();
      slot.committed = slot.written;
      slot.commit = number;
      slot.unread = false;
      knownBytes += slot.bytes();
      slot = Written.clean(slot);
    }
    written = null;
    return number;
  }

  /** Appends the deletion of the object; returns its number. */
  public long commitDeletion() {
    // Memory is taken before the append, as above.
    Seldom kept = seldom();
    Iterator<Slot> gone = all().iterator();
    long number = append(new Commit(name, true, List.of(), List.of(), this));
    lastCommit = number;
    while (gone.hasNext()) {
      gone.next().forgotten = true;
    }
    takeOutAll();
    kept.cleared = List.of();
    kept.lastDeletion = number;
    knownBytes = 0;
    // The store will have nothing, and until then nothing is asked of it.
    loaded = true;
    whole = true;
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
    Written turn = written;
    if (turn == null) {
      return;
    }
    for (Slot slot = turn.last; slot != null; ) {
      if (slot.unread) {
        // In this order: where the stack ends in the first of these, all of this runs again.
        takeOut(slot.key);
        slot.unread = false;
        forget(slot);
      }
      slot = Written.clean(slot);
      // What runs again begins here.
      turn.last = slot;
    }
    written = null;
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

  /** Whether everything that was committed is in the store. */
  public boolean settled() {
    return lastCommit <= applied;
  }

  @Override
  public void applied(long number) {
    if (number > applied) {
      applied = number;
    }
  }

  @Override
  public boolean synced() {
    return synced;
  }

  /**
   * Looks how far the store has come, and forgets what need not be kept any more. Where little is
   * known and no range was cleared, there is nothing to forget.
   */
  public void lookApplied() {
    // So few bytes that the compiler makes it part of a turn's code even where it thinks it rare.
    if (seldom != null || knownBytes > CLEAN_BYTES_MAX) {
      forgetAppliedSince();
    }
  }

  private void forgetAppliedSince() {
    Seldom kept = seldom();
    long come = applied;
    if (come != kept.lookedApplied) {
      kept.lookedApplied = come;
      forgetApplied(kept);
    }
  }

  private void forgetApplied(Seldom kept) {
    if (!kept.cleared.isEmpty()) {
      kept.cleared.removeIf(range -> range.commit <= kept.lookedApplied);
    }
    // Not each time that some of it has come there: a turn would pay for all that is on its way to
    // the store. What had to stay the last time is looked at once more, and goes.
    if (kept.lookedApplied >= kept.trimAfter) {
      if (knownBytes > CLEAN_BYTES_MAX) {
        trim(kept);
      } else {
        kept.trimAbove = CLEAN_BYTES_MAX;
      }
    }
  }

  private void trim(Seldom kept) {
    long come = kept.lookedApplied;
    if (whole) {
      if (knownBytes <= WHOLE_BYTES_MAX || kept.lastDeletion > come) {
        return;
      }
      whole = false;
    }
    takeOutIf(slot -> {
      boolean goes = !slot.dirty && slot.commit <= come;
      if (goes) {
        forget(slot);
      }
      return goes;
    });
    kept.trimAbove = Math.max(CLEAN_BYTES_MAX, 2 * knownBytes);
    kept.trimAfter = lastCommit;
  }
}
