package dev.abide.engine.internal.storage;

import dev.abide.engine.internal.store.KeyRange;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a view in the order of their keys: up to {@value #FEW_MAX} in an array, which is all
 * that most objects ever need, and more in a tree. The innermost part of a {@link StorageView}, so
 * that an object that is awake pays for no part of its own.
 *
 * <p>Where stack or memory ends in one of these, the table is as it was before: whatever may fail
 * comes before the first change, and what follows that is stores.
 */
abstract class SlotTable {
  static final int FEW_MAX = 16;
  private static final Slot[] NONE = {};

  /** Sorted; what is behind the count is null. */
  private Slot[] few = NONE;

  private byte count;

  /** All slots, once they were more than a few; then the array is empty. */
  private @Nullable NavigableMap<byte[], Slot> many;

  /** The key's slot, or null. */
  final @Nullable Slot known(byte[] key) {
    NavigableMap<byte[], Slot> tree = many;
    if (tree != null) {
      return tree.get(key);
    }
    int place = place(key);
    return place < 0 ? null : few[place];
  }

  /** Where in the array the key is; if it is not, where it would be, as {@code -1 - place}. */
  private int place(byte[] key) {
    int low = 0;
    int high = count - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Arrays.compareUnsigned(few[middle].key, key);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1 - low;
  }

  /** Puts a slot in, whose key has none. */
  final void add(Slot slot) {
    NavigableMap<byte[], Slot> tree = many;
    if (tree != null) {
      tree.put(slot.key, slot);
    } else if (count == FEW_MAX) {
      tree = new TreeMap<>(Arrays::compareUnsigned);
      for (Slot known : few) {
        tree.put(known.key, known);
      }
      tree.put(slot.key, slot);
      many = tree;
      few = NONE;
      count = 0;
    } else {
      int place = -1 - place(slot.key);
      if (count == few.length) {
        few = Arrays.copyOf(few, count == 0 ? 1 : 2 * count);
      }
      System.arraycopy(few, place, few, place + 1, count - place);
      few[place] = slot;
      count++;
    }
  }

  /** Takes the key's slot out, if it has one. */
  final void takeOut(byte[] key) {
    NavigableMap<byte[], Slot> tree = many;
    if (tree != null) {
      tree.remove(key);
      return;
    }
    int place = place(key);
    if (place >= 0) {
      takeOut(place);
    }
  }

  @SuppressWarnings("NullAway") // behind the count
  private void takeOut(int place) {
    System.arraycopy(few, place + 1, few, place, count - place - 1);
    count--;
    few[count] = null;
  }

  /** Takes out all that are to go. */
  final void takeOutIf(Predicate<Slot> goes) {
    NavigableMap<byte[], Slot> tree = many;
    if (tree != null) {
      tree.values().removeIf(goes);
      return;
    }
    for (int place = count - 1; place >= 0; place--) {
      if (goes.test(few[place])) {
        takeOut(place);
      }
    }
  }

  /** Takes out all. */
  final void takeOutAll() {
    few = NONE;
    count = 0;
    many = null;
  }

  /** All slots, in the order of their keys; valid until one is put in or taken out. */
  final Collection<Slot> all() {
    return many == null ? Arrays.asList(few).subList(0, count) : many.values();
  }

  /** Those of the range, in the order of their keys or against it; valid as {@link #all}. */
  final Collection<Slot> within(KeyRange range, boolean reversed) {
    byte[] to = range.to();
    NavigableMap<byte[], Slot> tree = many;
    if (tree != null) {
      NavigableMap<byte[], Slot> part =
          to == null
              ? tree.tailMap(range.from(), true)
              : tree.subMap(range.from(), true, to, false);
      return (reversed ? part.descendingMap() : part).values();
    }
    int first = place(range.from());
    first = first < 0 ? -1 - first : first;
    int end = to == null ? count : place(to);
    end = end < 0 ? -1 - end : end;
    List<Slot> part = Arrays.asList(few).subList(first, Math.max(first, end));
    return reversed ? part.reversed() : part;
  }
}
