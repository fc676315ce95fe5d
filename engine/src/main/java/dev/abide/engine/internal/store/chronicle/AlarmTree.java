package dev.abide.engine.internal.store.chronicle;

import dev.abide.engine.internal.store.AlarmIndex;
import dev.abide.engine.internal.store.Entry;
import dev.abide.engine.internal.store.KeyRange;
import dev.abide.engine.internal.store.ObjectName;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A shard's part of the index of alarms: the alarms of its objects in the order of their times, a
 * tree of its own that changes in the same slice as the objects' trees.
 */
final class AlarmTree {
  /** So many alarms of a deleted object go before the slice is looked at. */
  private static final int AT_ONCE = 16;

  private final Pages pages;
  private final ObjectName name;
  private final Graves graves;
  private final TreeReader reader;
  private final Consumer<byte[]> entered;

  /** The first place that was taken since the listener was told, or null. */
  private byte @Nullable [] first;

  /**
   * @param entered told of the first of some places that were taken
   */
  AlarmTree(
      Pages pages, ObjectName name, Graves graves, TreeReader reader, Consumer<byte[]> entered) {
    this.pages = pages;
    this.name = name;
    this.graves = graves;
    this.reader = reader;
    this.entered = entered;
  }

  /** Takes note of what a change does; before it is done to the object's tree. */
  void change(ObjectName object, byte[] key, byte @Nullable [] value) {
    if (key.length == 0 || key[0] != AlarmIndex.TAG) {
      return;
    }
    byte[] before = reader.find(object, key);
    if (before != null) {
      remove(object, key, before);
    }
    byte[] place = value == null ? null : AlarmIndex.place(object, key, value);
    if (place != null && value != null) {
      tree().put(place, new Cell.Inline(AlarmIndex.kept(value)));
      if (first == null || Arrays.compareUnsigned(place, first) < 0) {
        first = place;
      }
    }
  }

  /**
   * Removes the object's alarms in the range, from the object's tree too.
   *
   * @return false if the slice is full and there may be more
   */
  boolean clear(ObjectName object, Tree objectsTree, KeyRange range, int pagesMax) {
    KeyRange alarms = AlarmIndex.within(range);
    if (alarms == null) {
      return true;
    }
    while (true) {
      List<Entry> some = reader.range(object, alarms, false, AT_ONCE, Integer.MAX_VALUE);
      if (some.isEmpty()) {
        return true;
      }
      if (pages.waiting() >= pagesMax) {
        return false;
      }
      for (Entry alarm : some) {
        remove(object, alarm.key(), alarm.value());
        objectsTree.remove(alarm.key());
      }
    }
  }

  List<Entry> range(KeyRange range, int max) {
    return reader.range(name, range, false, max, Integer.MAX_VALUE);
  }

  /** Tells the listener; when what was noted can be read. */
  void tell() {
    byte[] told = first;
    if (told != null) {
      first = null;
      entered.accept(told);
    }
  }

  private void remove(ObjectName object, byte[] key, byte[] value) {
    byte[] place = AlarmIndex.place(object, key, value);
    if (place != null) {
      tree().remove(place);
    }
  }

  private Tree tree() {
    return new Tree(pages, name, graves);
  }
}
