package dev.abide.engine.internal.store.chronicle;

import dev.abide.engine.internal.store.AlarmIndex;
import dev.abide.engine.internal.store.Change;
import dev.abide.engine.internal.store.Entry;
import dev.abide.engine.internal.store.ObjectName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Fills an empty shard from its state, which comes as commits in the order of the objects and their
 * keys. Each page of an object is put once.
 *
 * <p>The catalogues and the index of alarms have another order than the objects. What they get is
 * gathered until the end, sorted, and put once as well. If it takes more of the heap than it may,
 * it goes in lots, and a page is put about once for each lot. Nobody reads meanwhile.
 */
final class ShardFill {
  /** What an entry that is gathered takes of the heap, beside its bytes, at most. */
  private static final int ENTRY_BYTES = 96;

  private static final byte[] NOTHING = new byte[0];

  private final Shard shard;
  private final Pages pages;
  private final long lotBytes;

  /** What waits; the last of all says that there is nothing more. */
  private final ArrayDeque<Pending.Item> items = new ArrayDeque<>();

  private boolean ended;

  private boolean over;

  /** The object at hand, and how far the commit at hand has got. */
  private @Nullable TreeBuilder object;

  private final Pending progress = new Pending();

  /** By the name of the catalogue or index, and their bytes. */
  private Map<ObjectName, List<Entry>> gathered = new LinkedHashMap<>();

  private long gatheredBytes;

  /** Those that have got a lot before. */
  private final Set<ObjectName> begun = new HashSet<>();

  /** The lot that is put now, and what of it is at hand. */
  private @Nullable Iterator<Map.Entry<ObjectName, List<Entry>>> lot;

  private Iterator<Entry> entries = List.<Entry>of().iterator();
  private @Nullable TreeBuilder built;
  private @Nullable Tree grown;

  ShardFill(Shard shard, long lotBytes) {
    this.shard = shard;
    this.pages = shard.pages;
    this.lotBytes = lotBytes;
  }

  void add(Pending.Item item) {
    items.add(item);
  }

  /** Nothing comes behind this one, which does nothing itself. */
  void end(Pending.Item item) {
    ended = true;
    items.add(item);
  }

  /** Whether it waits for more. */
  boolean isIdle() {
    return items.isEmpty() && lot == null;
  }

  boolean isOver() {
    return over;
  }

  /**
   * Goes on until about as many pages wait; to be called when none does.
   *
   * @param done gets the commits that are in
   */
  void go(int pagesMax, List<Pending.Item> done) {
    while (pages.waiting() < pagesMax && !over) {
      boolean atEnd = lot == null && ended && items.size() == 1;
      if (atEnd) {
        endObject();
      }
      if (lot != null) {
        lot = putLot(pagesMax) ? null : lot;
      } else if (gatheredBytes >= lotBytes || (atEnd && gatheredBytes > 0)) {
        if (pages.waiting() > 0) {
          // A tree might have to read them: those of the lot before.
          return;
        }
        beginLot();
      } else if (atEnd) {
        done.add(items.removeFirst());
        over = true;
      } else if (items.isEmpty()) {
        return;
      } else if (put(items.getFirst(), pagesMax)) {
        done.add(items.removeFirst());
        progress.changesDone = 0;
      }
    }
  }

  // ---- objects

  private boolean put(Pending.Item item, int pagesMax) {
    ObjectName name = item.commit().name();
    TreeBuilder tree = object;
    if (tree == null || !tree.name().equals(name)) {
      endObject();
      if (tree != null && PageId.of(tree.name(), 0).equals(PageId.of(name, 0))) {
        throw DamagedPage.of(
            PageId.of(name, 0), "it belongs to " + tree.name() + " and to " + name);
      }
      tree = new TreeBuilder(pages, name);
      object = tree;
      pages.live(Shard.headerBytes(name));
      gather(shard.catalogue(name.type()), new Entry(ChronicleStore.utf8(name.id()), NOTHING));
    }
    List<Change> changes = item.commit().changes();
    while (progress.changesDone < changes.size()) {
      if (pages.waiting() >= pagesMax || !put(tree, changes.get(progress.changesDone), pagesMax)) {
        return false;
      }
      progress.changesDone++;
    }
    return true;
  }

  private boolean put(TreeBuilder tree, Change change, int pagesMax) {
    byte[] value = Objects.requireNonNull(change.value(), "a state has no deletions");
    Cell cell =
        value.length <= Cell.INLINE_BYTES_MAX
            ? new Cell.Inline(value)
            : PieceWriter.put(pages, tree.name(), progress, value, pagesMax);
    if (cell == null) {
      return false;
    }
    tree.add(change.key(), cell);
    pages.live(cell.recordBytes(change.key()));
    byte[] place = AlarmIndex.place(tree.name(), change.key(), value);
    if (place != null) {
      gather(shard.alarmsName(), new Entry(place, AlarmIndex.kept(value)));
    }
    return true;
  }

  private void endObject() {
    if (object != null) {
      object.end();
    }
    object = null;
  }

  // ---- what is in another order

  private void gather(ObjectName tree, Entry entry) {
    gathered.computeIfAbsent(tree, _ -> new ArrayList<>()).add(entry);
    gatheredBytes += ENTRY_BYTES + entry.key().length + entry.value().length;
  }

  private void beginLot() {
    lot = gathered.entrySet().iterator();
    gathered = new LinkedHashMap<>();
    gatheredBytes = 0;
  }

  /** Goes on with the lot; gives whether all of it is in. */
  private boolean putLot(int pagesMax) {
    Iterator<Map.Entry<ObjectName, List<Entry>>> trees = Objects.requireNonNull(lot);
    while (true) {
      while (entries.hasNext()) {
        if (pages.waiting() >= pagesMax) {
          return false;
        }
        put(entries.next());
      }
      if (built != null) {
        built.end();
        built = null;
      }
      if (!trees.hasNext()) {
        return true;
      }
      Map.Entry<ObjectName, List<Entry>> next = trees.next();
      next.getValue().sort((one, other) -> Arrays.compareUnsigned(one.key(), other.key()));
      entries = next.getValue().iterator();
      boolean first = begun.add(next.getKey());
      built = first ? new TreeBuilder(pages, next.getKey()) : null;
      grown = first ? null : shard.tree(next.getKey());
    }
  }

  private void put(Entry entry) {
    Cell cell = new Cell.Inline(entry.value());
    if (built != null) {
      built.add(entry.key(), cell);
    } else {
      Objects.requireNonNull(grown).put(entry.key(), cell);
    }
  }
}
