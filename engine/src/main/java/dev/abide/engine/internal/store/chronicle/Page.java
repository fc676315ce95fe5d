package dev.abide.engine.internal.store.chronicle;

import dev.abide.engine.internal.store.ObjectName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a tree, on the heap while it is read or changed.
 *
 * <ul>
 *   <li>A leaf has as many cells as keys, an inner page as many children as keys.
 *   <li>Keys ascend strictly. Child {@code i} of an inner page has the keys from {@code keys[i]} up
 *       to {@code keys[i + 1]}; the first child also what lies below its key.
 *   <li>Only page 0 has a name, and only page 0 may be empty, while it is changed.
 * </ul>
 */
final class Page {
  final PageId id;
  final @Nullable ObjectName name;
  boolean leaf;
  List<byte[]> keys = new ArrayList<>();
  List<Cell> cells = new ArrayList<>();
  List<Long> children = new ArrayList<>();

  Page(PageId id, @Nullable ObjectName name, boolean leaf) {
    this.id = id;
    this.name = name;
    this.leaf = leaf;
  }

  int count() {
    return keys.size();
  }

  /** Where the key stands, or {@code -1 - place} where it would stand. */
  int find(byte[] key) {
    int low = 0;
    int high = keys.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Arrays.compareUnsigned(keys.get(middle), key);
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

  /** The child whose subtree has the place of the key. */
  int childOf(byte[] key) {
    int at = find(key);
    return at >= 0 ? at : Math.max(0, -2 - at);
  }

  /** Takes the content of the other page. */
  void become(Page other) {
    leaf = other.leaf;
    keys = other.keys;
    cells = other.cells;
    children = other.children;
  }

  /** Takes over the places from {@code from} to {@code to} of another page. */
  void take(Page other, int from, int to) {
    keys = new ArrayList<>(other.keys.subList(from, to));
    if (leaf) {
      cells = new ArrayList<>(other.cells.subList(from, to));
    } else {
      children = new ArrayList<>(other.children.subList(from, to));
    }
  }

  void removeChild(int at) {
    keys.remove(at);
    children.remove(at);
  }
}
