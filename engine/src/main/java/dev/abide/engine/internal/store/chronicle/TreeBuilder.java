package dev.abide.engine.internal.store.chronicle;

import dev.abide.engine.internal.store.ObjectName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes an object's tree from its keys in their order, from the leaves up: each page is given away
 * once, full, and the root last. The heap holds one page of each level. The pages keep the rules of
 * {@link Tree}, which goes on with them.
 */
final class TreeBuilder {
  /** Of an encoded page, before its entries; the root has its name as well. */
  private static final int HEAD_BYTES = 9;

  private final Pages pages;
  private final ObjectName name;

  /** The leaves first. */
  private final List<Level> levels = new ArrayList<>();

  private byte @Nullable [] last;

  TreeBuilder(Pages pages, ObjectName name) {
    this.pages = pages;
    this.name = name;
  }

  /** The page of a level that is being filled. */
  private static final class Level {
    List<byte[]> keys = new ArrayList<>();
    List<Cell> cells = new ArrayList<>();
    List<Long> children = new ArrayList<>();
    int bytes;

    /** A level's only page is the root, and has to have room for the name. */
    Level(int bytes) {
      this.bytes = bytes;
    }

    Page page(PageId id, @Nullable ObjectName name, boolean leaf) {
      Page page = new Page(id, name, leaf);
      page.keys = keys;
      page.cells = cells;
      page.children = children;
      return page;
    }

    void begin() {
      keys = new ArrayList<>();
      cells = new ArrayList<>();
      children = new ArrayList<>();
      bytes = HEAD_BYTES;
    }
  }

  ObjectName name() {
    return name;
  }

  /** Goes on with a key behind the last one; the pieces of its value are there already. */
  void add(byte[] key, Cell cell) {
    byte[] before = last;
    if (before != null && Arrays.compareUnsigned(before, key) >= 0) {
      throw new IllegalStateException("the keys of %s do not ascend".formatted(name));
    }
    last = key;
    Level leaf = room(0, PageCodec.leafEntryBytes(key, cell));
    leaf.keys.add(key);
    leaf.cells.add(cell);
  }

  /** Gives away what is left, the root last; nothing if there were no keys. */
  void end() {
    // The list grows while it is walked: a page that is closed may begin the level above.
    for (int height = 0; height < levels.size(); height++) {
      if (height < levels.size() - 1) {
        close(height);
      } else {
        give(levels.get(height).page(PageId.of(name, 0), name, height == 0));
      }
    }
  }

  /** The level's page, with room for an entry of so many bytes; a new one if that has none. */
  private Level room(int height, int bytes) {
    if (height == levels.size()) {
      levels.add(new Level(HEAD_BYTES + PageCodec.nameBytes(name)));
    }
    Level level = levels.get(height);
    if (Tree.isTooLarge(level.keys.size() + 1, level.bytes + bytes)) {
      close(height);
      level.begin();
    }
    level.bytes += bytes;
    return level;
  }

  /** Not the root: another page of the level, or of the one above, has come or will. */
  private void close(int height) {
    Level level = levels.get(height);
    Page page = level.page(PageId.of(name, pages.reserve(1)), null, height == 0);
    give(page);
    byte[] first = page.keys.getFirst();
    Level above = room(height + 1, PageCodec.innerEntryBytes(first));
    above.keys.add(first);
    above.children.add(page.id.number());
  }

  private void give(Page page) {
    pages.addEncoded(page.id, PageCodec.encode(page));
  }
}
