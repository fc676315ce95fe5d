package dev.abide.engine.internal.store.chronicle;

import dev.abide.engine.internal.store.Change;
import dev.abide.engine.internal.store.Commit;
import dev.abide.engine.internal.store.Entry;
import dev.abide.engine.internal.store.KeyRange;
import dev.abide.engine.internal.store.ObjectHash;
import dev.abide.engine.internal.store.ObjectName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One shard: its maps, the trees in them, and the commits that wait.
 *
 * <p>A slice of apply changes pages on the heap until enough have gathered, and then writes each
 * once. Where a slice ends every tree is whole, but an object may show a part of a large commit;
 * its activation lays the commit over what it reads until it is told that all is in.
 */
final class Shard {
  private static final String IDS = "\u0001ids";
  private static final String GRAVES = "\u0001graves";

  /** What a base has for each object beside its records, type and id. */
  private static final long OBJECT_BYTES = 21;

  private static final String ALARMS = "\u0001alarms";
  private static final KeyRange EVERYTHING = new KeyRange(new byte[0], null);
  private static final byte[] NOTHING = new byte[0];

  /** As the lists of ids are ordered, or nearly: it is only about speed. */
  private static final Comparator<ObjectName> BY_ID =
      Comparator.comparing(ObjectName::type).thenComparing(ObjectName::id);

  final int number;
  final ShardMaps maps;
  final Pages pages;
  final TreeReader reader;
  private final ObjectHash hash;
  private final Graves graves;
  private final AlarmTree alarms;
  private final boolean moves;
  private final Consumer<List<Pending.Item>> applied;

  /** What the next pass will apply. */
  private final Map<ObjectName, Pending> gathered = new LinkedHashMap<>();

  /** What this pass applies. */
  private Map<ObjectName, Pending> pending = new LinkedHashMap<>();

  private final Map<String, ObjectName> catalogues = new LinkedHashMap<>();

  /** Commits that are in the pages, though not all of these are written. */
  private final List<Pending.Item> unwritten = new ArrayList<>();

  private boolean gravesLeft;

  private final ShardLines.Line line;

  /** What its line says stays busy until this is over: an open that fills the maps. */
  private boolean filling;

  /** Fills the shard from nothing, if that is under way. */
  private @Nullable ShardFill fill;

  /**
   * The highest number that came, the lowest that the next pass has, and the one before the lowest
   * of this pass: up to there all is in.
   */
  private long highest;

  private long lowestGathered;
  private long passFloor;

  /**
   * @param line told when the maps are whole
   * @param applied up to there all is in
   */
  Shard(
      int number,
      ShardMaps maps,
      long lastPage,
      ObjectHash hash,
      boolean moves,
      Consumer<List<Pending.Item>> applied,
      Consumer<byte[]> alarmsEntered,
      ShardLines.Line line,
      long highest) {
    this.line = line;
    this.highest = highest;
    this.number = number;
    this.maps = maps;
    this.hash = hash;
    this.moves = moves;
    this.applied = applied;
    pages = new Pages(maps, lastPage);
    reader = new TreeReader(pages);
    graves = new Graves(pages, gravesName(hash, number));
    gravesLeft = !graves.isEmpty();
    alarms = new AlarmTree(pages, alarmsName(), graves, reader, alarmsEntered);
  }

  /** Some alarms, in the order of their places. */
  List<Entry> alarms(KeyRange range, int max) {
    try {
      return alarms.range(range, max);
    } finally {
      pages.forgetRead();
    }
  }

  ObjectName gravesName() {
    return gravesName(hash, number);
  }

  static ObjectName gravesName(ObjectHash hash, int number) {
    return hash.reserved(GRAVES, "", number);
  }

  ObjectName alarmsName() {
    return hash.reserved(ALARMS, "", number);
  }

  /** Changes one of the trees. */
  Tree tree(ObjectName name) {
    return new Tree(pages, name, graves);
  }

  /** The tree with the ids of a type. */
  ObjectName catalogue(String type) {
    return catalogues.computeIfAbsent(type, _ -> hash.reserved(IDS, type, number));
  }

  /**
   * Whether objects of the type are trees of the maps alone, which no commit ever names. Those that
   * describe what is stored are reserved too, and are as all others are.
   */
  static boolean isTree(String type) {
    return type.startsWith("\u0001")
        && (type.equals(IDS) || type.equals(GRAVES) || type.equals(ALARMS));
  }

  static boolean isCatalogue(ObjectName name) {
    return name.type().equals(IDS);
  }

  void add(Pending.Item item) {
    if (gathered.isEmpty()) {
      lowestGathered = item.number();
    }
    highest = Math.max(highest, item.number());
    gathered.computeIfAbsent(item.commit().name(), _ -> new Pending()).items.add(item);
  }

  /** Begins a pass with what has gathered; false if the last one has not ended. */
  boolean beginPass() {
    if (!pending.isEmpty()) {
      return gathered.isEmpty();
    }
    passFloor = lowestGathered - 1;
    pending = inOrderOfIds(gathered);
    gathered.clear();
    return true;
  }

  /**
   * New objects that lie beside each other in the list of their type's ids come one after the
   * other: so its pages are read and written once for many, and not once for each.
   */
  private static Map<ObjectName, Pending> inOrderOfIds(Map<ObjectName, Pending> gathered) {
    List<Map.Entry<ObjectName, Pending>> entries = new ArrayList<>(gathered.entrySet());
    entries.sort(Map.Entry.comparingByKey(BY_ID));
    Map<ObjectName, Pending> ordered = LinkedHashMap.newLinkedHashMap(entries.size());
    entries.forEach(entry -> ordered.put(entry.getKey(), entry.getValue()));
    return ordered;
  }

  /** The maps are filled from files: until that is over the shard is not whole. */
  void fill() {
    filling = true;
    line.touch();
  }

  /**
   * The shard, which is empty, gets all that it is to have from {@link ShardFill}.
   *
   * @param bytes about as many bytes come
   * @param lotBytes how much of the heap what has to be sorted may take
   */
  ShardFill beginFill(long bytes, long lotBytes) {
    if (pages.lastNumber() != 0 || !isIdle() || !gathered.isEmpty() || !maps.list().isEmpty()) {
      throw new IllegalStateException("shard " + number + " is not empty");
    }
    maps.expect(bytes);
    fill = new ShardFill(this, lotBytes);
    return fill;
  }

  /** All up to the number is in. */
  void filled(long number) {
    filling = false;
    highest = Math.max(highest, number);
    line.touch();
    settle();
  }

  /** An operation begins. */
  void touch() {
    line.touch();
  }

  /**
   * Between two operations: says that the maps are whole, if they are. They are not while a page
   * waits to be written, for the trees that it belongs to are torn in the maps; nor in the middle
   * of a commit, whose pieces nobody names yet.
   */
  void settle() {
    if (line.isBusy() && !filling && isWhole()) {
      line.free(new ShardLines.Whole(complete(), pages.lastNumber(), maps.generations()));
    }
  }

  private boolean isWhole() {
    if (pages.waiting() > 0 || !unwritten.isEmpty()) {
      return false;
    }
    if (pending.isEmpty()) {
      return true;
    }
    Pending first = pending.values().iterator().next();
    return first.changesDone == 0 && first.partial == null;
  }

  /** The highest number up to which every commit is completely in. */
  private long complete() {
    if (!pending.isEmpty()) {
      return passFloor;
    }
    return gathered.isEmpty() ? highest : lowestGathered - 1;
  }

  /** Whatever was handed over up to this number is in. */
  void complete(long number) {
    highest = Math.max(highest, number);
    if (!filling) {
      line.raise(number);
    }
  }

  boolean isIdle() {
    return pending.isEmpty()
        && unwritten.isEmpty()
        && pages.waiting() == 0
        && (fill == null || fill.isIdle());
  }

  boolean hasGraves() {
    return gravesLeft;
  }

  boolean isMoving() {
    return moves && maps.isMoving();
  }

  /**
   * Applies about as many pages.
   *
   * @return whether anything was done; nothing is while the next map is awaited
   */
  boolean apply(int pagesMax) {
    if (pages.waiting() == 0) {
      if (fill != null) {
        fill.go(pagesMax, unwritten);
        fill = fill.isOver() ? null : fill;
      }
      while (!pending.isEmpty() && pages.waiting() < pagesMax) {
        applyFirst(pagesMax);
      }
      alarms.tell();
    }
    return write();
  }

  /** Frees some pages of graves. */
  boolean freeGraves(int pagesMax) {
    if (pages.waiting() == 0) {
      graves.free(pagesMax);
      gravesLeft = !graves.isEmpty();
    }
    return write();
  }

  private boolean write() {
    int before = pages.waiting();
    if (!pages.write()) {
      return pages.waiting() < before;
    }
    if (!unwritten.isEmpty()) {
      applied.accept(unwritten);
      unwritten.clear();
    }
    return true;
  }

  private void applyFirst(int pagesMax) {
    var entry = pending.entrySet().iterator().next();
    ObjectName name = entry.getKey();
    Pending waiting = entry.getValue();
    Tree tree = tree(name);
    boolean existed = pages.root(name) != null;

    while (!waiting.items.isEmpty() && pages.waiting() < pagesMax) {
      if (apply(tree, name, waiting, waiting.items.getFirst().commit(), pagesMax)) {
        unwritten.add(waiting.items.removeFirst());
        waiting.changesDone = 0;
      }
    }
    if (waiting.items.isEmpty()) {
      pending.remove(name);
    }

    boolean exists = pages.root(name) != null;
    if (exists != existed) {
      Tree catalogue = tree(catalogue(name.type()));
      long header = headerBytes(name);
      pages.live(exists ? header : -header);
      byte[] id = ChronicleStore.utf8(name.id());
      boolean listed = exists ? catalogue.put(id, new Cell.Inline(NOTHING)) : catalogue.remove(id);
      if (listed == exists) {
        // The map has lost a page that nothing points to: a read of it finds no object.
        throw DamagedPage.of(
            exists ? PageId.of(name, 0) : PageId.of(catalogue(name.type()), 0),
            exists
                ? "it was missing, and " + name + " is in the list of its type"
                : name + " is not in the list of its type");
      }
    }
    gravesLeft |= !graves.isEmpty();
  }

  /** What a base has of an object beside its records. */
  static long headerBytes(ObjectName name) {
    return OBJECT_BYTES + utf8(name.type()) + utf8(name.id());
  }

  private static int utf8(String text) {
    return ChronicleStore.utf8(text).length;
  }

  /** Goes on with a commit; gives whether it is complete. */
  private boolean apply(Tree tree, ObjectName name, Pending waiting, Commit commit, int pagesMax) {
    if (waiting.changesDone == 0 && waiting.partial == null) {
      if (commit.deletesObject()) {
        if (!alarms.clear(name, tree, EVERYTHING, pagesMax)) {
          return false;
        }
        tree.drop();
      }
      for (KeyRange range : commit.cleared()) {
        if (!alarms.clear(name, tree, range, pagesMax)) {
          return false;
        }
        tree.clear(range);
      }
    }
    List<Change> changes = commit.changes();
    while (waiting.changesDone < changes.size()) {
      if (!apply(tree, name, waiting, changes.get(waiting.changesDone), pagesMax)) {
        return false;
      }
      waiting.changesDone++;
      if (pages.waiting() >= pagesMax && waiting.changesDone < changes.size()) {
        return false;
      }
    }
    return true;
  }

  private boolean apply(Tree tree, ObjectName name, Pending waiting, Change change, int pagesMax) {
    byte[] value = change.value();
    alarms.change(name, change.key(), value);
    if (value == null) {
      tree.remove(change.key());
    } else if (value.length <= Cell.INLINE_BYTES_MAX) {
      tree.put(change.key(), new Cell.Inline(value));
    } else {
      Cell.Large cell = PieceWriter.put(pages, name, waiting, value, pagesMax);
      if (cell == null) {
        return false;
      }
      tree.put(change.key(), cell);
    }
    return true;
  }
}
