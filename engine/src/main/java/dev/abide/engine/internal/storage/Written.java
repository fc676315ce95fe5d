package dev.abide.engine.internal.storage;

import dev.abide.engine.internal.store.Change;
import dev.abide.engine.internal.store.KeyRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a turn has written since its last commit: slots, which hang on each other, and ranges. */
final class Written {
  private static final Comparator<Slot> BY_KEY =
      Comparator.comparing(slot -> slot.key, Arrays::compareUnsigned);

  /** The slot that was written last; the others follow it. */
  @Nullable Slot last;

  /** What keys and values take together. */
  long bytes;

  private List<KeyRange> clearing = List.of();
  private int slots;

  boolean isEmpty() {
    return last == null && clearing.isEmpty();
  }

  /** Takes the slot in, unless it is in. Cannot fail half-way: no call, and no memory. */
  void add(Slot slot) {
    if (!slot.dirty) {
      // A slot that says that it is dirty is among them.
      slot.writtenBefore = last;
      last = slot;
      slots++;
      slot.dirty = true;
    }
  }

  /** Makes it as it was committed last; returns the next one. */
  static @Nullable Slot clean(Slot slot) {
    Slot next = slot.writtenBefore;
    slot.writtenBefore = null;
    slot.written = null;
    slot.dirty = false;
    return next;
  }

  /** The ranges that are cleared. */
  List<KeyRange> clearing() {
    return clearing;
  }

  void clear(KeyRange range) {
    if (clearing.isEmpty()) {
      clearing = new ArrayList<>();
    }
    clearing.add(range);
    bytes += range.from().length + (range.to() == null ? 0 : range.to().length);
  }

  /** Whether the key is cleared; what was put there since has a slot. */
  boolean clears(byte[] key) {
    for (KeyRange range : clearing) {
      if (range.contains(key)) {
        return true;
      }
    }
    return false;
  }

  /** What becomes of the keys behind the clearing, in their order. */
  List<Change> changes() {
    Slot first = last;
    if (slots == 1 && first != null && clearing.isEmpty()) {
      return List.of(new Change(first.key, first.written));
    }
    Slot[] sorted = new Slot[slots];
    int count = 0;
    for (Slot slot = last; slot != null; slot = slot.writtenBefore) {
      if (slot.written != null || !clears(slot.key)) {
        sorted[count++] = slot;
      }
    }
    Arrays.sort(sorted, 0, count, BY_KEY);
    Change[] changes = new Change[count];
    for (int n = 0; n < count; n++) {
      changes[n] = new Change(sorted[n].key, sorted[n].written);
    }
    return List.of(changes);
  }
}
