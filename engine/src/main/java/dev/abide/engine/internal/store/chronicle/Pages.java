package dev.abide.engine.internal.store.chronicle;

import dev.abide.engine.internal.store.ObjectName;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pages of a shard as trees see them: what a slice has changed and not written yet lies over
 * what the maps hold. So a slice writes each page once, and a write that has to wait for the next
 * map leaves every tree whole for readers.
 *
 * <p>Order of writing: pieces, then pages, then removals; a value's pieces are there before the
 * leaf that names them, and go after the leaf that no longer does.
 */
final class Pages {
  private final ShardMaps maps;

  // A page is in at most one of the three that follow.
  private final Map<PageId, Page> changed = new LinkedHashMap<>();

  /** Pieces of values, and pages of trees that are built. */
  private final Map<PageId, byte[]> encoded = new LinkedHashMap<>();

  private final Set<PageId> removed = new HashSet<>();

  /** Pages as they stand in the maps, for the length of a slice or a read. */
  private final Map<PageId, Page> read = new HashMap<>();

  private long lastNumber;

  /** Written by the store thread, read by any. */
  private volatile long live;

  Pages(ShardMaps maps, long lastNumber) {
    this.maps = maps;
    this.lastNumber = lastNumber;
  }

  /** The highest page number given so far. */
  long lastNumber() {
    return lastNumber;
  }

  /** The root of the object, or null if the object has nothing. */
  @Nullable Page root(ObjectName name) {
    Page page = pageOrNull(PageId.of(name, 0));
    if (page != null && !name.equals(page.name)) {
      throw DamagedPage.of(
          page.id, "it belongs to " + page.name + ", but " + name + " was asked for");
    }
    return page;
  }

  /** A page that must be there. */
  Page page(PageId id) {
    Page page = pageOrNull(id);
    if (page == null) {
      throw DamagedPage.of(id, "it is missing");
    }
    return page;
  }

  /** Makes the root of an object that has none. */
  Page addRoot(ObjectName name) {
    Page page = new Page(PageId.of(name, 0), name, true);
    change(page);
    return page;
  }

  /** Makes a page of the same object as another one. */
  Page add(PageId of, boolean leaf) {
    Page page = new Page(of.sibling(reserve(1)), null, leaf);
    change(page);
    return page;
  }

  /** Says that the page was or will be changed in this slice. */
  void change(Page page) {
    removed.remove(page.id);
    changed.put(page.id, page);
  }

  void remove(PageId id) {
    changed.remove(id);
    encoded.remove(id);
    read.remove(id);
    removed.add(id);
  }

  /** So many bytes more are live, as bases count them; fewer if negative. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // the store thread alone writes it
  void live(long more) {
    live += more;
  }

  /** How many live bytes there are more than at the open. */
  long live() {
    return live;
  }

  /** Takes consecutive page numbers and gives the first. */
  long reserve(int count) {
    long first = lastNumber + 1;
    lastNumber += count;
    return first;
  }

  /** A piece, or a page that nobody reads or changes before it is written. */
  void addEncoded(PageId id, byte[] bytes) {
    encoded.put(id, bytes);
  }

  byte[] piece(PageId id) {
    byte[] bytes = encoded.get(id);
    if (bytes == null && !removed.contains(id)) {
      bytes = maps.get(id.key());
    }
    if (bytes == null) {
      throw DamagedPage.of(id, "it is missing");
    }
    return PageCodec.decodePiece(id, bytes);
  }

  /** How many pages wait to be written or removed. */
  int waiting() {
    return changed.size() + encoded.size() + removed.size();
  }

  /** Forgets pages that were only read. */
  void forgetRead() {
    read.clear();
  }

  /**
   * Writes what waits, as far as the maps have room.
   *
   * @return whether nothing waits any more
   */
  boolean write() {
    read.clear();
    for (var at = encoded.entrySet().iterator(); at.hasNext(); at.remove()) {
      if (!maps.hasRoom(this::averageEncoded)) {
        return false;
      }
      var next = at.next();
      maps.put(next.getKey().key(), next.getValue());
    }
    for (var at = changed.values().iterator(); at.hasNext(); at.remove()) {
      if (!maps.hasRoom()) {
        return false;
      }
      Page page = at.next();
      maps.put(page.id.key(), PageCodec.encode(page));
    }
    for (PageId id : new ArrayDeque<>(removed)) {
      maps.remove(id.key());
      removed.remove(id);
    }
    return true;
  }

  private long averageEncoded() {
    return encoded.values().stream().mapToLong(bytes -> bytes.length).sum() / encoded.size();
  }

  private @Nullable Page pageOrNull(PageId id) {
    Page page = changed.get(id);
    if (page != null || removed.contains(id)) {
      return page;
    }
    page = read.get(id);
    if (page != null) {
      return page;
    }
    byte[] bytes = maps.get(id.key());
    if (bytes == null) {
      return null;
    }
    page = PageCodec.decode(id, bytes);
    read.put(id, page);
    return page;
  }
}
