package dev.abide.engine.internal.store.chronicle;

import dev.abide.engine.internal.store.Entry;
import dev.abide.engine.internal.store.KeyRange;
import dev.abide.engine.internal.store.ObjectName;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What was cut off and waits to be freed, a few pages at a time. It is a tree of the shard itself,
 * so that it outlives a close and what is large costs nothing at once. A key is the id of a page
 * that heads a subtree, or of the first of some pieces; the value is the number of pieces, 0 for a
 * subtree.
 */
final class Graves {
  private static final KeyRange ALL = new KeyRange(new byte[0], null);

  private final Pages pages;
  private final ObjectName name;
  private final Tree tree;
  private final TreeReader reader;

  Graves(Pages pages, ObjectName name) {
    this.pages = pages;
    this.name = name;
    tree = new Tree(pages, name, null);
    reader = new TreeReader(pages);
  }

  void bury(PageId page) {
    buryPieces(page, 0);
  }

  void buryPieces(PageId first, int count) {
    tree.put(
        first.key(), new Cell.Inline(ByteBuffer.allocate(Integer.BYTES).putInt(count).array()));
  }

  boolean isEmpty() {
    return pages.root(name) == null;
  }

  /** Frees about as many pages; what it changes waits to be written. */
  void free(int pagesMax) {
    int left = pagesMax;
    while (left > 0) {
      List<Entry> next = reader.range(name, ALL, false, 1, Integer.MAX_VALUE);
      if (next.isEmpty()) {
        return;
      }
      byte[] key = next.getFirst().key();
      int count = ByteBuffer.wrap(next.getFirst().value()).getInt();
      tree.remove(key);
      PageId id = PageId.of(key);
      left -= count == 0 ? freePage(id) : freePieces(id, count, left);
    }
  }

  private int freePage(PageId id) {
    Page page = pages.page(id);
    if (!page.leaf) {
      page.children.forEach(child -> bury(id.sibling(child)));
    }
    for (int i = 0; page.leaf && i < page.count(); i++) {
      Cell cell = page.cells.get(i);
      // Nothing is cut from the engine's own trees.
      pages.live(-cell.recordBytes(page.keys.get(i)));
      if (cell instanceof Cell.Large large) {
        buryPieces(id.sibling(large.first()), large.pieces());
      }
    }
    pages.remove(id);
    return 1;
  }

  private int freePieces(PageId first, int count, int max) {
    int now = Math.min(count, max);
    for (int i = 0; i < now; i++) {
      pages.remove(first.sibling(first.number() + i));
    }
    if (now < count) {
      buryPieces(first.sibling(first.number() + now), count - now);
    }
    return now;
  }
}
