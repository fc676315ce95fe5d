package dev.abide.engine.internal.store.chronicle;

import dev.abide.engine.internal.store.KeyRange;
import dev.abide.engine.internal.store.ObjectName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes to one object's B+tree.
 *
 * <ul>
 *   <li>A page beyond 4 KiB is divided, but not below four entries unless it is beyond 14,000
 *       bytes: with the name of a root it stays under 16 KiB, for which every map has room.
 *   <li>A page that becomes empty leaves its parent; pages are not merged otherwise.
 *   <li>A root with one child takes its place; a root without entries goes: the object is no more.
 *   <li>What is cut off as a whole goes to the graves unread, so that a cleared range costs pages
 *       in proportion to the height.
 * </ul>
 */
final class Tree {
  /** A larger page is divided. */
  static final int PAGE_BYTES = 4_096;

  /** A page with no more entries than this is divided only where it is beyond the next bound. */
  static final int ENTRIES_MIN = 4;

  /**
   * A larger page is divided, however few entries it has: the longest keys are as long as {@link
   * #PAGE_BYTES}, and a tier of a small map holds no more than 16 KiB. What is left is for the name
   * that a page gets when it takes its root's place.
   */
  private static final int PAGE_BYTES_MAX = 14_000;

  /** So many pieces of replaced values are removed at once; more go to the graves. */
  private static final int PIECES_AT_ONCE = 16;

  private final Pages pages;
  private final ObjectName name;
  private final @Nullable Graves graves;

  /** The graves' own tree has none: it has no large values, and nothing is cut from it. */
  Tree(Pages pages, ObjectName name, @Nullable Graves graves) {
    this.pages = pages;
    this.name = name;
    this.graves = graves;
  }

  private record Step(Page page, int child) {}

  /** Gives whether the key was there. */
  boolean put(byte[] key, Cell cell) {
    Page root = pages.root(name);
    ArrayDeque<Step> path = new ArrayDeque<>();
    Page leaf = descend(root == null ? pages.addRoot(name) : root, key, path);
    int at = leaf.find(key);
    live(key, cell, 1);
    if (at >= 0) {
      Cell before = leaf.cells.set(at, cell);
      live(key, before, -1);
      release(before);
    } else {
      leaf.keys.add(-1 - at, key);
      leaf.cells.add(-1 - at, cell);
    }
    pages.change(leaf);
    divide(leaf, path);
    return at >= 0;
  }

  /** Gives whether the key was there. */
  boolean remove(byte[] key) {
    Page root = pages.root(name);
    if (root == null) {
      return false;
    }
    ArrayDeque<Step> path = new ArrayDeque<>();
    Page page = descend(root, key, path);
    int at = page.find(key);
    if (at < 0) {
      return false;
    }
    Cell before = page.cells.remove(at);
    live(key, before, -1);
    release(before);
    page.keys.remove(at);
    pages.change(page);
    while (page.count() == 0 && !path.isEmpty()) {
      pages.remove(page.id);
      Step step = path.pop();
      page = step.page;
      page.removeChild(step.child);
      pages.change(page);
    }
    shrink(root);
    return true;
  }

  void clear(KeyRange range) {
    Page root = pages.root(name);
    if (root != null && clear(root, range, null, null)) {
      shrink(root);
    }
  }

  /** Removes all that the object has. */
  void drop() {
    Page root = pages.root(name);
    if (root == null) {
      return;
    }
    if (root.leaf) {
      for (int i = 0; i < root.count(); i++) {
        live(root.keys.get(i), root.cells.get(i), -1);
        release(root.cells.get(i));
      }
    } else {
      root.children.forEach(child -> bury(root.id.sibling(child)));
    }
    pages.remove(root.id);
  }

  private Page descend(Page root, byte[] key, ArrayDeque<Step> path) {
    Page page = root;
    while (!page.leaf) {
      int child = page.childOf(key);
      path.push(new Step(page, child));
      page = pages.page(page.id.sibling(page.children.get(child)));
    }
    return page;
  }

  private static boolean tooLarge(Page page) {
    return isTooLarge(page.count(), PageCodec.size(page));
  }

  /** Whether a page of so many entries in so many bytes is divided. */
  static boolean isTooLarge(int entries, int bytes) {
    return entries > ENTRIES_MIN ? bytes > PAGE_BYTES : entries > 1 && bytes > PAGE_BYTES_MAX;
  }

  /** Divides the page if it is too large, then its parent, which got more children by that. */
  private void divide(Page changed, ArrayDeque<Step> path) {
    Page page = changed;
    while (tooLarge(page)) {
      Step step = path.poll();
      boolean whole = step == null;
      if (step == null) {
        // The root keeps its number: its content goes one level down.
        Page below = pages.add(page.id, page.leaf);
        below.become(page);
        page.leaf = false;
        page.keys = new ArrayList<>(List.of(below.keys.getFirst()));
        page.cells = new ArrayList<>();
        page.children = new ArrayList<>(List.of(below.id.number()));
        pages.change(page);
        step = new Step(page, 0);
        page = below;
      }
      Page parent = step.page;
      int at = step.child;
      if (at == 0) {
        // The first child also has what lies below its key; a part might begin with that very key.
        parent.keys.set(0, page.keys.getFirst());
      }
      // A root counts the object's id as well; what was in it is divided even if it is small
      // without.
      for (Page part : whole ? divided(page) : parts(page)) {
        at++;
        parent.keys.add(at, part.keys.getFirst());
        parent.children.add(at, part.id.number());
      }
      pages.change(parent);
      page = parent;
    }
  }

  /** Leaves the first part in the page and gives the others, in order. */
  private List<Page> parts(Page page) {
    return tooLarge(page) ? divided(page) : List.of();
  }

  private List<Page> divided(Page page) {
    List<Page> others = new ArrayList<>();
    int cut = cut(page);
    Page right = pages.add(page.id, page.leaf);
    right.take(page, cut, page.count());
    page.take(page, 0, cut);
    pages.change(page);
    others.addAll(parts(page));
    others.add(right);
    others.addAll(parts(right));
    return others;
  }

  /**
   * Where the halves are nearest to equal in bytes, with two entries on each side if they are four.
   */
  private static int cut(Page page) {
    int half = PageCodec.size(page) / 2;
    int bytes = 0;
    int at = 0;
    while (at < page.count() - 2 && (at < 2 || bytes < half)) {
      bytes += PageCodec.entrySize(page, at);
      at++;
    }
    return Math.max(at, 1);
  }

  /**
   * Clears the part of the range that lies in the subtree, whose keys are known to lie from {@code
   * low} up to {@code high}; null says that there is no bound.
   *
   * @return whether the page was changed
   */
  private boolean clear(Page page, KeyRange range, byte @Nullable [] low, byte @Nullable [] high) {
    boolean changed = page.leaf ? clearLeaf(page, range) : clearInner(page, range, low, high);
    if (changed) {
      pages.change(page);
    }
    return changed;
  }

  private boolean clearLeaf(Page page, KeyRange range) {
    boolean changed = false;
    for (int i = page.count() - 1; i >= 0; i--) {
      if (range.contains(page.keys.get(i))) {
        Cell before = page.cells.remove(i);
        live(page.keys.remove(i), before, -1);
        release(before);
        changed = true;
      }
    }
    return changed;
  }

  private boolean clearInner(
      Page page, KeyRange range, byte @Nullable [] low, byte @Nullable [] high) {
    boolean changed = false;
    byte[] upper = high;
    for (int i = page.count() - 1; i >= 0; i--) {
      byte[] lower = i == 0 ? low : page.keys.get(i);
      PageId child = page.id.sibling(page.children.get(i));
      boolean gone = false;
      if (covers(range, lower, upper)) {
        bury(child);
        gone = true;
      } else if (meets(range, lower, upper)) {
        Page below = pages.page(child);
        clear(below, range, lower, upper);
        gone = below.count() == 0;
        if (gone) {
          pages.remove(child);
        }
      }
      if (gone) {
        page.removeChild(i);
        changed = true;
      }
      upper = lower;
    }
    return changed;
  }

  private static boolean covers(KeyRange range, byte @Nullable [] low, byte @Nullable [] high) {
    boolean fromBelow =
        range.from().length == 0 || (low != null && Arrays.compareUnsigned(range.from(), low) <= 0);
    byte[] to = range.to();
    return fromBelow && (to == null || (high != null && Arrays.compareUnsigned(high, to) <= 0));
  }

  static boolean meets(KeyRange range, byte @Nullable [] low, byte @Nullable [] high) {
    byte[] to = range.to();
    return (high == null || Arrays.compareUnsigned(range.from(), high) < 0)
        && (to == null || low == null || Arrays.compareUnsigned(low, to) < 0);
  }

  private void shrink(Page root) {
    while (!root.leaf && root.count() == 1) {
      Page only = pages.page(root.id.sibling(root.children.getFirst()));
      root.become(only);
      pages.remove(only.id);
      pages.change(root);
    }
    if (root.count() == 0) {
      pages.remove(root.id);
    }
  }

  /** Counts a record more or fewer; what lies in subtrees that are cut, when they are freed. */
  private void live(byte[] key, Cell cell, int sign) {
    if (!Shard.isTree(name.type())) {
      pages.live(sign * cell.recordBytes(key));
    }
  }

  private void release(Cell cell) {
    switch (cell) {
      case Cell.Inline _ -> {}
      case Cell.Large large -> {
        PageId first = PageId.of(name, large.first());
        if (large.pieces() > PIECES_AT_ONCE) {
          graves().buryPieces(first, large.pieces());
        } else {
          for (int i = 0; i < large.pieces(); i++) {
            pages.remove(first.sibling(large.first() + i));
          }
        }
      }
    }
  }

  private void bury(PageId page) {
    graves().bury(page);
  }

  private Graves graves() {
    if (graves == null) {
      throw new IllegalStateException("the tree of graves was cut or given a large value");
    }
    return graves;
  }
}
